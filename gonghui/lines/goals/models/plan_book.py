"""The books in which targets are handed down (目标任务书)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Issuer(models.TextChoices):
    """Whose plan it is; the same indicator may have a target of each."""

    NATIONAL = "national", "全总"
    PROVINCE = "province", "省总"
    PARTY = "party", "市委"
    GOVERNMENT = "government", "市政府"
    CITY = "city", "市总"
    COUNTY = "county", "县总"
    OWN = "own", "自定"


class PlanBook(Record):
    """One issuer's targets of a year for one organisation; `org` is the one that bears them.

    The targets hold from the moment the book is issued; from then on they change by revision only.
    """

    year = fields.year("年度", pii=Pii.PUBLIC, at_least=2000)
    issuer = fields.choice("下达单位", Issuer, pii=Pii.PUBLIC)
    batch = fields.count("批次", pii=Pii.PUBLIC, at_least=1, at_most=99, default=1)
    doc_no = fields.text("文号", size=60, pii=Pii.PUBLIC, optional=True)
    issued_on = fields.day("下达日期", pii=Pii.PUBLIC, optional=True)
    issued_at = fields.moment("下达时间", optional=True, editable=False)
    accepted_on = fields.day("签收日期", optional=True)
    remark = fields.note("备注")

    class Meta(Record.Meta):
        verbose_name = "目标任务书"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "org", "year", "batch"],
                condition=Q(voided_at__isnull=True),
                name="goals_planbook_one_a_batch",
                violation_error_message="该组织本年度已有此下达单位的同批次任务书，请在原任务书中添加，或改用下一批次。",
            )
        ]
        indexes = [models.Index(fields=["org", "year"], name="goals_planbook_of_org")]

    def __str__(self) -> str:
        batch = f"（第{self.batch}批）" if self.batch > 1 else ""
        return f"{self.year}年{Issuer(self.issuer).label}目标任务书{batch}"

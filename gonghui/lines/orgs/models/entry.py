"""Taking over unions that exist already, from the lists that offices have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.people.models import EmployerType
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class EntryKind(models.TextChoices):
    """The forms of unions that lists contain; codes are those of `OrgKind`."""

    SINGLE = "single", "单独建会"
    JOINT = "joint", "联合建会"
    ORGANIZER = "organizer", "组织员"
    VILLAGE = "village", "村（社区）工会"


class OrgEntry(Record):
    """One line of a list of existing unions (建档); the union and all that the line says come from it.

    `org` is the superior. The union is entered with the date of its own approval and does not count
    as newly built.
    """

    name = fields.text("工会名称", size=120, pii=Pii.PUBLIC)
    kind = fields.choice("建会形式", EntryKind, pii=Pii.PUBLIC)
    employer_uscc = fields.text("单位统一代码", size=18, pii=Pii.PUBLIC)
    employer_name = fields.text("单位名称", size=120, pii=Pii.PUBLIC)
    employer_type = fields.choice(
        "单位类型", EmployerType, pii=Pii.PUBLIC, default=EmployerType.PRIVATE
    )
    site = fields.text("厂区", size=60, pii=Pii.PUBLIC, optional=True)
    division = fields.link("所在乡镇", "kernel_orgs.Division", pii=Pii.PUBLIC, optional=True)
    area = fields.link("开发区", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    employees = fields.count("职工数", pii=Pii.PUBLIC)
    female = fields.count("女职工", pii=Pii.PUBLIC, optional=True)
    migrant = fields.count("农民工", pii=Pii.PUBLIC, optional=True)
    members = fields.count("会员数", pii=Pii.PUBLIC, optional=True)
    approved_on = fields.day("批准日期", pii=Pii.PUBLIC)
    approval_doc_no = fields.text("批复文号", size=60, pii=Pii.PUBLIC)
    term_no = fields.count("届次", pii=Pii.PUBLIC, optional=True, at_least=1)
    term_years = fields.count("任期", pii=Pii.PUBLIC, optional=True)
    term_due_on = fields.day("届满日期", pii=Pii.PUBLIC, optional=True)
    chair_name = fields.text("主席姓名", size=60, pii=Pii.PERSONAL)
    chair_id_no = fields.secret("主席身份证", optional=True)
    chair_id_no_hash = fields.secret_hash("主席身份证索引")
    phone = fields.text("电话", size=40, pii=Pii.INTERNAL, optional=True)
    legal_uscc = fields.text("法人代码", size=18, pii=Pii.PUBLIC, optional=True)
    cert_to = fields.day("证书到期", pii=Pii.PUBLIC, optional=True)
    made_org = fields.link(
        "建档工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = "工会建档"
        constraints = [
            models.UniqueConstraint(
                fields=["employer_uscc", "site"],
                condition=Q(voided_at=None),
                name="orgentry_once",
                violation_error_message="该单位（厂区）已建档。",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

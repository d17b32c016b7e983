"""The legal-person certificate of a union."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class CertCase(models.TextChoices):
    """What is applied for."""

    FIRST = "first", "首次"
    CHANGE = "change", "变更"
    RENEW = "renew", "换领"
    REISSUE = "reissue", "补领"


class LegalPersonCert(Record):
    """A certificate (工会法人资格证书), from the duty to apply for it to its end; one is live per union.

    While a successor is applied for, the old one stays in force as `replacing`.
    """

    case = fields.choice("事项", CertCase, pii=Pii.PUBLIC, default=CertCase.FIRST)
    uscc = fields.text("统一社会信用代码", size=18, pii=Pii.PUBLIC, optional=True)
    cert_no = fields.text("证号", size=40, pii=Pii.PUBLIC, optional=True)
    legal_rep = fields.link("法定代表人", "orgs.OfficeHolder", pii=Pii.PERSONAL, optional=True)
    address = fields.text("住所", pii=Pii.PUBLIC, optional=True)
    funds = fields.money("资金", optional=True)
    valid_from = fields.day("有效期起", pii=Pii.PUBLIC, optional=True)
    valid_to = fields.day("有效期止", pii=Pii.PUBLIC, optional=True)
    registrar = fields.link("登记机关", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    replaces = fields.link(
        "所换证书", "orgs.LegalPersonCert", pii=Pii.PUBLIC, optional=True, editable=False
    )
    ended_on = fields.day("失效日期", pii=Pii.PUBLIC, optional=True, editable=False)
    live_to = fields.day("止（不含）", optional=True, editable=False)
    rep_differs = fields.flag("法定代表人与现任主席不符", pii=Pii.PUBLIC, editable=False)

    class Meta(Record.Meta):
        verbose_name = "工会法人资格证"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(voided_at=None, state="valid"),
                name="legalpersoncert_one_live",
                violation_error_message="该工会已有有效的法人资格证书，请办理变更或换领。",
            ),
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(voided_at=None) & Q(state__in=("pending", "applied")),
                name="legalpersoncert_one_open",
                violation_error_message="该工会已有法人登记事项正在办理。",
            ),
            models.UniqueConstraint(
                fields=["cert_no"],
                condition=Q(voided_at=None) & ~Q(cert_no=""),
                name="legalpersoncert_number_once",
                violation_error_message="该证号已登记，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="legalpersoncert_ends_after_start",
                violation_error_message="有效期止不能早于有效期起。",
            ),
            models.CheckConstraint(
                condition=Q(uscc="") | Q(uscc__startswith="81") | Q(uscc__startswith="89"),
                name="legalpersoncert_union_code",
                violation_error_message="工会法人的统一社会信用代码应以81或89开头。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org}法人证书{self.cert_no}"

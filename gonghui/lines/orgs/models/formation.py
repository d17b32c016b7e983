"""Forming a union: from the first lead to the superior's approval."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.orgs.models import FocusTag, OrgKind
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class FormationKind(models.TextChoices):
    """The forms a new union can take; codes are those of `OrgKind`."""

    SINGLE = OrgKind.SINGLE.value, "单独建会"
    JOINT = OrgKind.JOINT.value, "联合建会"
    ORGANIZER = OrgKind.ORGANIZER.value, "组织员"
    VILLAGE = OrgKind.VILLAGE.value, "村（社区）工会"
    FED_REGION = OrgKind.FED_REGION.value, "区域性工会联合会"
    FED_TRADE = OrgKind.FED_TRADE.value, "行业性工会联合会"
    FED_NEW = OrgKind.FED_NEW.value, "新业态工会联合会"


FEDERATIONS = (FormationKind.FED_REGION, FormationKind.FED_TRADE, FormationKind.FED_NEW)


class FormationMode(models.TextChoices):
    """How the union came about."""

    KEY = "key", "重点建"
    TRADE = "trade", "行业建"
    FALLBACK = "fallback", "兜底建"
    REQUESTED = "requested", "自主申请"


class Origin(models.TextChoices):
    """What the union was before; only `new` can count as newly built."""

    NEW = "new", "新建"
    SPLIT = "split", "分立"
    MERGE = "merge", "合并新设"
    RENAME = "rename", "更名"
    BACKFILL = "backfill", "补录历史"


class UnionFormation(Record):
    """The forming of one union (建会事项).

    It is created naming the superior-to-be in `org`; from then on `superior` holds that one and
    `org` is the draft organisation that came into being with it. `counts_as_new` is set by rule
    when the founding is approved; a superior may overrule it with a reason.
    """

    superior = fields.link(
        "拟隶属工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True, editable=False
    )
    approver = fields.link("批准工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    proposed_name = fields.text("拟定名称", size=120, pii=Pii.PUBLIC)
    kind = fields.choice("建会形式", FormationKind, pii=Pii.PUBLIC)
    focus_tags = fields.choices("重点领域", FocusTag, pii=Pii.PUBLIC)
    mode = fields.choice("组建方式", FormationMode, pii=Pii.PUBLIC, default=FormationMode.REQUESTED)
    origin = fields.choice("来源", Origin, pii=Pii.PUBLIC, default=Origin.NEW)
    former_org = fields.link("原工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    contact = fields.text("联系人及电话", size=120, pii=Pii.PERSONAL, optional=True)
    has_party_branch = fields.flag("已建党组织")
    party_opinion = fields.note("党组织意见")
    notified_on = fields.day("建会告知书送达日期", optional=True)
    founding_members = fields.count("首批会员", pii=Pii.PUBLIC, optional=True, editable=False)
    female_members = fields.count("其中女会员", pii=Pii.PUBLIC, optional=True)
    prep_requested_on = fields.day("筹建请示日期", pii=Pii.PUBLIC, optional=True)
    prep_approved_on = fields.day("筹备批复日期", pii=Pii.PUBLIC, optional=True)
    prep_doc_no = fields.text("筹备批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    election = fields.link(
        "选举事项", "orgs.ElectionCase", pii=Pii.PUBLIC, optional=True, editable=False
    )
    approved_on = fields.day("成立批复日期", pii=Pii.PUBLIC, optional=True)
    approval_doc_no = fields.text("成立批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    approved_year = fields.year("批复年度", pii=Pii.PUBLIC, optional=True, editable=False)
    backdate_reason = fields.note("追溯批复原因")
    is_backdated = fields.flag("补录", pii=Pii.PUBLIC, editable=False)
    counts_as_new = fields.flag("计入新建", pii=Pii.PUBLIC, editable=False)
    not_new_reason = fields.text("不计入新建原因", pii=Pii.PUBLIC, optional=True, editable=False)
    overruled_as_new = models.BooleanField("上级改判计入新建", null=True, blank=True)
    overrule_reason = fields.note("改判理由", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "建会事项"
        constraints = [
            models.UniqueConstraint(
                fields=["approver", "proposed_name"],
                condition=Q(voided_at=None) & ~Q(state="closed"),
                name="unionformation_name_once",
                violation_error_message="该批准工会下已有同名的建会事项，请核对是否重复。",
            ),
            models.UniqueConstraint(
                fields=["approver", "approved_year", "approval_doc_no"],
                condition=Q(voided_at=None) & ~Q(approval_doc_no=""),
                name="unionformation_doc_no_once",
                violation_error_message="该成立批复文号本年度已使用，请核对文号。",
            ),
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(voided_at=None),
                name="unionformation_one_of_org",
                violation_error_message="一个筹备工会只有一个建会事项。",
            ),
            models.CheckConstraint(
                condition=~Q(state="established")
                | (Q(approved_on__isnull=False) & Q(approved_year__isnull=False)),
                name="unionformation_established_has_day",
                violation_error_message="批复成立须有批复日期。",
            ),
        ]
        indexes = [models.Index(fields=["approver", "state"], name="unionformation_to_approve")]

    def __str__(self) -> str:
        return f"{self.number} {self.proposed_name}".strip()


class FormationEmployer(Record):
    """An employer, or one site of it, that the union-to-be will cover."""

    formation = fields.link(
        "建会事项", "orgs.UnionFormation", pii=Pii.PUBLIC, related_name="employers"
    )
    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC)
    site = fields.text("厂区", size=60, pii=Pii.PUBLIC, optional=True)
    employees = fields.count("职工数", optional=True)

    class Meta(Record.Meta):
        verbose_name = "拟涵盖单位"
        constraints = [
            models.UniqueConstraint(
                fields=["formation", "employer", "site"],
                condition=Q(voided_at=None),
                name="formationemployer_once",
                violation_error_message="该单位已在本建会事项中。",
            )
        ]

    def __str__(self) -> str:
        return str(self.employer)

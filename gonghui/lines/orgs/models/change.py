"""Changes in the life of a union: renaming, moving, merging, splitting, ending."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class ChangeKind(models.TextChoices):
    """What changes."""

    RENAME = "rename", "更名"
    RELOCATE = "relocate", "迁址"
    RESUBORDINATE = "resubordinate", "变更隶属"
    MERGE = "merge", "合并"
    SPLIT = "split", "分立"
    DISSOLVE = "dissolve", "撤销"
    SUSPEND = "suspend", "停止活动"
    RESUME = "resume", "恢复活动"


ENDING = (ChangeKind.MERGE, ChangeKind.DISSOLVE)
AUDITED = (ChangeKind.MERGE, ChangeKind.SPLIT, ChangeKind.DISSOLVE)


class MembersPlan(models.TextChoices):
    """What becomes of the members."""

    TRANSFER = "transfer", "转入"
    RETAIN = "retain", "保留"
    LISTED = "listed", "按名单"


class OrgChange(Record):
    """A change of one union: `org` is the one that changes; in a merger the one that ends in `into`."""

    kind = fields.choice("变更类型", ChangeKind, pii=Pii.PUBLIC)
    into = fields.link("并入（转入）工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    new_superior = fields.link("新上级工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    new_name = fields.text("新名称", size=120, pii=Pii.PUBLIC, optional=True)
    new_address = fields.text("新地址", pii=Pii.PUBLIC, optional=True)
    reason = fields.note("原因", pii=Pii.PUBLIC, optional=False)
    members_plan = fields.choice("会员去向", MembersPlan, pii=Pii.PUBLIC, optional=True)
    property_note = fields.note("财产处置")
    audit_project_no = fields.text("审计项目编号", size=60, optional=True)
    employer_end_proof = fields.text("单位终止证明", optional=True)
    requested_on = fields.day("申请日期", pii=Pii.PUBLIC, optional=True)
    decision_doc_no = fields.text("批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    effective_on = fields.day("生效日期", pii=Pii.PUBLIC, optional=True)
    former_name = fields.text("原名称", size=120, pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "组织变更"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind"],
                condition=Q(voided_at=None) & Q(state__in=("draft", "requested")),
                name="orgchange_one_open",
                violation_error_message="该工会已有同类变更正在办理。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="merge") | Q(into__isnull=False),
                name="orgchange_merge_has_target",
                violation_error_message="合并须填写并入的工会。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.get_kind_display()}"

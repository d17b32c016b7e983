"""Membership (会籍): the stretch of time in which a person belongs to a union."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Standing(models.TextChoices):
    """States of a membership."""

    ACTIVE = "active", "在册"
    FOUNDING = "founding", "随建会生效"
    MOVING = "moving", "转出中"
    RETAINED = "retained", "保留会籍"
    ENDED = "ended", "已结束"


# Plain texts, because migrations write them down and import nothing from here.
OPEN = ("active", "moving", "retained")


class Origin(models.TextChoices):
    """How a membership came about."""

    NEW = "new", "新入会"
    TRANSFER = "transfer", "转入"
    RESTORE = "restore", "恢复"
    OPENING = "opening", "期初"
    RETAINED = "retained", "转为保留"


class LeaveKind(models.TextChoices):
    """Why a membership ended."""

    TRANSFER = "transfer", "转出"
    RETAINED = "retained", "保留"
    RESTORED = "restored", "恢复"
    LEFT = "left", "退会"
    LAPSED = "lapsed", "视为退会"
    EXPELLED = "expelled", "除名"
    DIED = "died", "去世"
    NOT_FOUNDED = "not_founded", "未随建会生效"


# The ways out of the union altogether; the others go on in another row.
DEPARTURES = (LeaveKind.LEFT, LeaveKind.LAPSED, LeaveKind.EXPELLED, LeaveKind.DIED)


class EmployKind(models.TextChoices):
    """Form of employment."""

    CONTRACT = "contract", "合同制"
    DISPATCH = "dispatch", "劳务派遣"
    PART_TIME = "part_time", "非全日制"
    NEWFORM = "newform", "新就业形态"
    FLEXIBLE = "flexible", "灵活就业"
    ESTABLISHED = "established", "机关事业编制"


class NewformGroup(models.TextChoices):
    """Groups of workers in new forms of employment."""

    TRUCKER = "trucker", "货车司机"
    RIDE_HAILING = "ride_hailing", "网约车司机"
    COURIER = "courier", "快递员"
    FOOD_DELIVERY = "food_delivery", "外卖配送员"
    CARER = "carer", "护工护理员"
    DOMESTIC = "domestic", "家政服务员"
    SHOP_PROMOTER = "shop_promoter", "商场信息员"
    ESTATE_AGENT = "estate_agent", "房产中介员"
    GUARD = "guard", "保安员"
    STREAMER = "streamer", "网络主播"
    OTHER = "other", "其他"


class PostClass(models.TextChoices):
    """Kind of post."""

    FRONT_LINE = "front_line", "一线"
    TECHNICAL = "technical", "技术"
    MANAGEMENT = "management", "管理"


class Membership(Record):
    """A person is a member of a union from `joined_on` to the day before `left_on`.

    Being retained (保留会籍) is a row of its own (`is_retained`): retaining ends the active row and
    opens a retained one, restoring does the reverse, so that every figure follows from dates. A
    founding row has no `joined_on` until its union is approved; it counts as founding from
    `founding_from` to the day before `founding_until`. An absorbed row repeats another one of the
    same person after two persons were found to be one, and counts nowhere. `number` is the member's
    for life: later rows carry the first one's. Women, migrants and so on are counted by the row's
    own columns.
    """

    person = fields.person("会员")
    origin = fields.choice("取得方式", Origin, pii=Pii.PUBLIC, optional=True, editable=False)
    first_admission = fields.flag("首次入会", pii=Pii.PUBLIC, editable=False)
    joined_on = fields.day("入会日期", optional=True)
    left_on = fields.day("结束日期", optional=True, editable=False)
    leave_kind = fields.choice("去向", LeaveKind, optional=True, editable=False)
    is_retained = fields.flag("保留会籍", editable=False)
    founding_from = fields.day("随建会登记日期", optional=True, editable=False)
    founding_until = fields.day("随建会登记截止", optional=True, editable=False)
    moving_to = fields.link("转往工会", "kernel_orgs.Org", optional=True, editable=False)
    came_from = fields.text("市外转入单位（凭介绍信）", pii=Pii.PERSONAL, optional=True)
    employ_kind = fields.choice("用工形式", EmployKind)
    employer = fields.link("劳动关系单位", "people.Employer", optional=True)
    user_employer = fields.link("用工单位", "people.Employer", optional=True)
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)
    is_migrant = fields.flag("农民工")
    newform_group = fields.choice("新就业群体", NewformGroup, optional=True)
    group_name = fields.text("所属小组", size=60, optional=True)
    job_title = fields.text("岗位", size=60, optional=True)
    post_class = fields.choice("岗位类别", PostClass, optional=True)
    dues_paid_through = fields.day("会费缴至", optional=True)
    is_backfilled = fields.flag("补录", editable=False)
    is_absorbed = fields.flag("并档重复", editable=False)

    class Meta(Record.Meta):
        verbose_name = "会籍"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=OPEN) & Q(is_absorbed=False) & Q(voided_at=None),
                name="membership_one_open",
                violation_error_message="该职工已在册或保留会籍，不能重复入会，请办理会籍接转或恢复。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="founding") & Q(is_absorbed=False) & Q(voided_at=None),
                name="membership_one_founding",
                violation_error_message="该职工已登记为另一筹备工会的首批会员。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(first_admission=True) & Q(is_absorbed=False) & Q(voided_at=None),
                name="membership_one_first_admission",
                violation_error_message="该职工以前入过会，不能再按首次入会登记。",
            ),
            one_at_a_time(
                "person",
                "membership_one_at_a_time",
                Q(joined_on__isnull=False) & Q(is_absorbed=False) & Q(voided_at=None),
                start="joined_on",
                end="left_on",
                message="该职工这段时间已有会籍，入会日期须晚于上一段会籍的结束日期。",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="membership_ends_after_start",
                violation_error_message="结束日期不能早于入会日期。",
            ),
            models.CheckConstraint(
                condition=Q(state="founding", joined_on=None, founding_from__isnull=False)
                | Q(state="ended", left_on__isnull=False)
                | Q(state="ended", joined_on=None)
                | Q(state__in=OPEN, joined_on__isnull=False, left_on=None),
                name="membership_state_fits_dates",
                violation_error_message="会籍状态与日期不一致。",
            ),
            models.CheckConstraint(
                condition=~Q(employ_kind="dispatch") | Q(user_employer__isnull=False),
                name="membership_dispatch_has_user",
                violation_error_message="劳务派遣职工须填写用工单位。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="membership_roster"),
            models.Index(
                fields=["number"], opclasses=["varchar_pattern_ops"], name="membership_numbered"
            ),
            # What the search box looks at, of a union's rows: searched and counted without the rows.
            models.Index(
                fields=["org"],
                include=["person", "number"],
                condition=Q(voided_at=None),
                name="membership_searched",
            ),
            models.Index(
                fields=["org", "-joined_on"],
                condition=Q(is_backfilled=True),
                name="membership_backfilled",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"会籍{self.pk}"

"""Places where workers in hardship are helped."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.orgs.models import DivisionLevel
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class StationKind(models.TextChoices):
    """Whose place it is; a county and a township have one each."""

    CITY = "city_center", "市帮扶中心"
    COUNTY = "county_center", "县级帮扶中心"
    TOWNSHIP = "township_station", "乡镇（街道）帮扶站"
    EMPLOYER = "employer_station", "企业帮扶站"
    COMMUNITY = "community_point", "社区帮扶点"


# The kinds that stand for a division, with the level it must have.
LEVEL_OF = {
    StationKind.CITY.value: DivisionLevel.CITY,
    StationKind.COUNTY.value: DivisionLevel.COUNTY,
    StationKind.TOWNSHIP.value: DivisionLevel.TOWNSHIP,
}


class StationService(models.TextChoices):
    """What a station does; the first four make it 四合一."""

    HARDSHIP = "hardship", "困难帮扶"
    LEGAL = "legal", "法律援助"
    JOB = "job", "就业服务"
    LIVING = "living", "生活救助"
    LOAN_WINDOW = "loan_window", "小额贷款窗口"
    HOTLINE = "hotline", "服务热线"
    PSYCH = "psych", "心理咨询"


ALL_IN_ONE = [
    StationService.HARDSHIP,
    StationService.LEGAL,
    StationService.JOB,
    StationService.LIVING,
]


class StationStandard(models.TextChoices):
    """What the acceptance of a station looks for (帮扶站规范化验收)."""

    SIGN = "sign", "有牌子"
    PLACE = "place", "有场地"
    STAFF = "staff", "有人员"
    RULES = "rules", "有制度"
    MONEY = "money", "有经费"
    BOOKS = "books", "有台账"


class AidStation(Record):
    """An aid centre or station; `org` is the union that runs it.

    It counts from `opened_on` to the day before `counted_until`, the day on which it was suspended
    or closed. Once it is resumed it counts as if it had not paused; what was known during the pause
    stays in the figures as of those days.
    """

    kind = fields.choice("类别", StationKind, pii=Pii.PUBLIC)
    division = fields.link("行政区划", "kernel_orgs.Division", pii=Pii.PUBLIC, optional=True)
    name = fields.text("名称", size=120, pii=Pii.PUBLIC)
    address = fields.text("地址", pii=Pii.PUBLIC, optional=True)
    phone = fields.text("电话", size=40, pii=Pii.PUBLIC, optional=True)
    hours = fields.text("服务时间", size=60, pii=Pii.PUBLIC, optional=True)
    services = fields.choices("服务功能", StationService, pii=Pii.PUBLIC)
    head = fields.text("负责人", size=60, optional=True)
    full_time_count = fields.count("专职人数", optional=True, at_most=1000)
    part_time_count = fields.count("兼职人数", optional=True, at_most=1000)
    standards = fields.choices("规范化验收", StationStandard)
    planned_on = fields.day("计划建成日期", optional=True)
    opened_on = fields.day("设立日期", pii=Pii.PUBLIC, optional=True)
    suspended_on = fields.day("停用日期", pii=Pii.PUBLIC, optional=True)
    closed_on = fields.day("撤销日期", pii=Pii.PUBLIC, optional=True)
    counted_until = fields.day("计至", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "帮扶中心（站点）"
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind"],
                condition=Q(kind__in=list(LEVEL_OF), voided_at=None) & ~Q(state="closed"),
                name="aidstation_one_per_division",
                violation_error_message="该县（市、区）或乡镇（街道）已有同类帮扶中心（站点），含筹建、停用的，不能重复登记。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=list(LEVEL_OF)) | Q(division__isnull=False),
                name="aidstation_has_division",
                violation_error_message="市、县、乡镇的帮扶中心（站点）须填写行政区划。",
            ),
            models.CheckConstraint(
                condition=Q(suspended_on=None) | Q(suspended_on__gt=F("opened_on")),
                name="aidstation_suspended_after_opened",
                violation_error_message="停用日期须晚于设立日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gt=F("opened_on")),
                name="aidstation_closed_after_opened",
                violation_error_message="撤销日期须晚于设立日期。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="aidstation_of_org")]

    def __str__(self) -> str:
        return str(self.name)

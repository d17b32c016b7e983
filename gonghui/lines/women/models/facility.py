"""Facilities for women workers (女职工关爱设施)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class FacilityKind(models.TextChoices):
    """What it is for."""

    NURSING_ROOM = "nursing_room", "母婴室"
    REST_ROOM = "rest_room", "休息哺乳室"
    HYGIENE_ROOM = "hygiene_room", "女职工卫生室"
    CHILDCARE = "childcare", "爱心托管班"
    CARE_STATION = "care_station", "关爱驿站"


class PlaqueLevel(models.TextChoices):
    """Who put up a plaque."""

    NATION = "nation", "全总"
    PROVINCE = "province", "省总"
    CITY = "city", "市总"
    COUNTY = "county", "县（市、区）总"


class WomenFacility(Record):
    """A facility that is open from a day to the day before another."""

    kind = fields.choice("设施类别", FacilityKind, pii=Pii.PUBLIC)
    name = fields.text("设施名称", size=80, pii=Pii.PUBLIC)
    employer = fields.link("所在单位", "people.Employer", pii=Pii.PUBLIC, optional=True)
    place = fields.text("地点", size=120, pii=Pii.PUBLIC, optional=True)
    area = fields.decimal("面积（平方米）", digits=8, places=1, pii=Pii.PUBLIC, optional=True)
    capacity = fields.count("可容纳人数", pii=Pii.PUBLIC, optional=True)
    served = fields.count("累计服务人次", pii=Pii.PUBLIC, optional=True)
    plaque_level = fields.choice("授牌层级", PlaqueLevel, pii=Pii.PUBLIC, optional=True)
    opened_on = fields.day("启用日期", pii=Pii.PUBLIC)
    closed_on = fields.day("停用日期", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "女职工关爱设施"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "name"],
                condition=Q(voided_at=None, closed_on=None),
                name="women_facility_once",
                violation_error_message="本单位已登记同名的在用设施。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="women_facility_in_order",
                violation_error_message="停用日期不能早于启用日期。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

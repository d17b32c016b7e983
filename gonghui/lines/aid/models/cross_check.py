"""Comparing households with what other offices know, by a list out and an answer back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Agency(models.TextChoices):
    """An office that is asked."""

    CIVIL = "civil_affairs", "民政"
    SOCIAL = "human_resources", "人社"
    REAL_ESTATE = "real_estate", "不动产"
    VEHICLES = "vehicles", "车管"
    MARKET = "market", "市场监管"
    TAX = "tax", "税务"


class CheckItem(models.TextChoices):
    """What is asked about a person."""

    DIBAO = "dibao", "低保"
    DEATH = "death", "死亡"
    PENSION = "pension", "养老金"
    HOUSE = "house", "房产"
    VEHICLE = "vehicle", "车辆"
    COMPANY = "company", "工商登记"
    TAX = "tax", "纳税"


# What each office is asked, and nothing else.
ITEMS_OF = {
    Agency.CIVIL: (CheckItem.DIBAO, CheckItem.DEATH),
    Agency.SOCIAL: (CheckItem.PENSION,),
    Agency.REAL_ESTATE: (CheckItem.HOUSE,),
    Agency.VEHICLES: (CheckItem.VEHICLE,),
    Agency.MARKET: (CheckItem.COMPANY,),
    Agency.TAX: (CheckItem.TAX,),
}


class CheckResult(models.TextChoices):
    """What an office answered to one item."""

    NONE = "none", "未查到"
    HIT = "hit", "查到"


class Handled(models.TextChoices):
    """What became of a hit when somebody looked into it."""

    CLEARED = "cleared", "已核实（不影响）"
    CONFIRMED = "confirmed", "属实"


class CrossCheck(Record):
    """A list of persons that one office is asked about; `org` asks and decides on the files.

    What came back counts once the answer is complete: then, and until the batch is opened again, its
    rows are the result of the comparison.
    """

    agency = fields.choice("比对部门", Agency)
    asked_on = fields.day("送出日期", optional=True)
    returned_on = fields.day("返回日期", optional=True)
    rest_is_clear = fields.flag("名单中没有回复的均为“未查到”")
    list_sha256 = fields.text("名单校验值", size=64, optional=True, editable=False)
    row_count = fields.count("比对项数", default=0, editable=False)
    hit_count = fields.count("查到项数", default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = "信息比对"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("asked_on")),
                name="aid_crosscheck_returned_later",
                violation_error_message="返回日期不能早于送出日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(returned_on__isnull=False),
                name="aid_crosscheck_answered_has_day",
                violation_error_message="已返回的比对须有返回日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}（{self.get_agency_display()}）"


class CrossCheckRow(Record):
    """One item that is asked about one member of a household, and the answer to it."""

    check_batch = fields.link("信息比对", "aid.CrossCheck", related_name="rows")
    file = fields.link("困难档案", "aid.HardshipFile")
    person = fields.person("人员")
    item = fields.choice("项目", CheckItem)
    result = fields.choice("结果", CheckResult, pii=Pii.PERSONAL, optional=True)
    value = fields.secret("查到的内容", optional=True)
    handled = fields.choice("核实情况", Handled, pii=Pii.PERSONAL, optional=True)
    note = fields.text("核实说明", pii=Pii.PERSONAL, optional=True)

    class Meta(Record.Meta):
        verbose_name = "比对明细"
        constraints = [
            models.UniqueConstraint(
                fields=["check_batch", "person", "item"],
                condition=Q(voided_at=None),
                name="aid_crosscheckrow_asked_once",
                violation_error_message="该人员的这个项目已在本次比对名单中。",
            ),
            models.CheckConstraint(
                condition=Q(handled="") | Q(result=CheckResult.HIT),
                name="aid_crosscheckrow_handled_is_hit",
                violation_error_message="只有“查到”的项目须登记核实情况。",
            ),
            models.CheckConstraint(
                condition=Q(handled="") | ~Q(note=""),
                name="aid_crosscheckrow_handled_has_note",
                violation_error_message="请写明核实说明。",
            ),
        ]
        indexes = [models.Index(fields=["file"], name="aid_crosscheckrow_of_file")]

    def __str__(self) -> str:
        return f"{self.person}{self.get_item_display()}"

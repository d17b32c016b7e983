"""Visits (flow, money, distinct) and stations (stock, distinct stock)."""

from django.db import models

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Mood(models.TextChoices):
    GOOD = "good", "好"
    BAD = "bad", "差"


class Visit(Record):
    """A visit paid to somebody."""

    title = fields.text("事由")
    visited_on = fields.day("走访日期", optional=True)
    mood = fields.choice("情况", Mood, optional=True)
    people = fields.count("人数", optional=True)
    amount = fields.money("金额", optional=True)
    subject_no = fields.count("对象", optional=True)
    account = fields.secret("账号", optional=True)
    account_hash = fields.secret_hash("账号索引")
    phone = fields.text("电话", pii=Pii.PERSONAL, optional=True)

    class Meta(Record.Meta):
        verbose_name = "走访"

    def __str__(self):
        return self.title


class Station(Record):
    """A station that is open from a day to the day before another."""

    name = fields.text("名称", pii=Pii.PUBLIC)
    opened_on = fields.day("设立日期", optional=True)
    closed_on = fields.day("撤销日期", optional=True)
    seats = fields.count("座位", optional=True)
    place_no = fields.count("地点", optional=True)

    class Meta(Record.Meta):
        verbose_name = "站点"
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(closed_on=None),
                name="sample_station_one_open",
                violation_error_message="已有同名的站点。",
            )
        ]

    def __str__(self):
        return self.name

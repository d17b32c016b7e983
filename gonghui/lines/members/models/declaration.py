"""Yearly declarations of members (会员数申报)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

PARTS = (
    ("female", "employees"),
    ("migrant", "employees"),
    ("dispatch", "employees"),
    ("female_members", "members"),
    ("migrant_members", "members"),
    ("dispatch_members", "members"),
    ("newform_members", "members"),
)


def _parts_within_wholes() -> Q:
    condition = Q()
    for part, whole in PARTS:
        condition &= Q(**{f"{part}__lte": F(whole)})
    return condition


class MemberDeclaration(Record):
    """What a union declares in the statutory yearly statistics, as of a day.

    A locked one counts from `counts_from` until the next locked one of the same union does.
    """

    year = fields.year("年度", pii=Pii.PUBLIC, at_least=1950, at_most=2200)
    as_of = fields.day("统计日期", pii=Pii.PUBLIC)
    employees = fields.count("职工人数", pii=Pii.PUBLIC)
    female = fields.count("女职工", pii=Pii.PUBLIC, default=0)
    migrant = fields.count("农民工", pii=Pii.PUBLIC, default=0)
    dispatch = fields.count("劳务派遣工", pii=Pii.PUBLIC, default=0)
    members = fields.count("会员人数", pii=Pii.PUBLIC)
    female_members = fields.count("女会员", pii=Pii.PUBLIC, default=0)
    migrant_members = fields.count("农民工会员", pii=Pii.PUBLIC, default=0)
    dispatch_members = fields.count("劳务派遣工会员", pii=Pii.PUBLIC, default=0)
    newform_members = fields.count("新就业形态会员", pii=Pii.PUBLIC, default=0)
    jump_note = fields.note("同比变动较大的说明")
    signed_by = fields.text("填报人", size=60, pii=Pii.PERSONAL, optional=True)
    signed_on = fields.day("填报日期", optional=True)
    counts_from = fields.day("计入日期", optional=True, editable=False)
    counts_to = fields.day("计入截止", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "会员数申报"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year"],
                condition=Q(voided_at=None),
                name="memberdeclaration_one_a_year",
                violation_error_message="该工会本年度的会员数已申报；如有更正请修改原记录。",
            ),
            models.CheckConstraint(
                condition=_parts_within_wholes(),
                name="memberdeclaration_parts_within_whole",
                violation_error_message="其中项不能大于总数，请核对职工人数与会员人数各项。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.members}人"

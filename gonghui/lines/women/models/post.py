"""Posts that women work at (女职工岗位), with what is hazardous there; people are counts, never names."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Hazard(models.TextChoices):
    """Hazards that are there or not."""

    TOXIC = "toxic", "有毒物质超标（铅汞苯镉等）"
    DRUGS = "drugs", "抗癌药物、己烯雌酚生产"
    RADIATION = "radiation", "非密封源放射性物质"
    NURSING_TOXIC = "nursing_toxic", "锰氟溴甲醇有机磷有机氯超标"
    CONFINED = "confined", "密闭空间、高压室、潜水"
    VIBRATION = "vibration", "强烈振动"
    STOOPING = "stooping", "频繁弯腰攀高下蹲"


class Scope(models.TextChoices):
    """When a woman must not work there: never, or in a certain time of her life."""

    ALL = "all", "女职工禁忌"
    MENSES = "menses", "经期禁忌"
    PREGNANCY = "pregnancy", "孕期禁忌"
    NURSING = "nursing", "哺乳期禁忌"


class WomenPost(Record):
    """A post in a workshop of an employer; `org` is the union that looks after it.

    `scopes` follow from the hazards by the appendix of the special provisions (2012). A post that is
    forbidden to all women and has women is suspect from `suspect_from` to the day before `suspect_to`.
    """

    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC)
    workshop = fields.text("车间", size=60, pii=Pii.PUBLIC)
    name = fields.text("岗位", size=60, pii=Pii.PUBLIC)
    women_count = fields.count("女职工人数", pii=Pii.PUBLIC)
    men_count = fields.count("男职工人数", pii=Pii.PUBLIC, optional=True)
    is_underground = fields.flag("矿山井下", pii=Pii.PUBLIC)
    load_kg = fields.decimal("每次负重（公斤）", digits=6, places=1, pii=Pii.PUBLIC, optional=True)
    loads_per_hour = fields.count("每小时负重次数", pii=Pii.PUBLIC, optional=True)
    labour_class = fields.count("体力劳动强度级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    cold_water_class = fields.count("冷水作业级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    low_temp_class = fields.count("低温作业级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    high_temp_class = fields.count("高温作业级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    height_class = fields.count("高处作业级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    noise_class = fields.count("噪声作业级别", pii=Pii.PUBLIC, optional=True, at_most=4)
    hazards = fields.choices("其他危害因素", Hazard, pii=Pii.PUBLIC)
    is_notified = fields.flag("已书面告知", pii=Pii.PUBLIC)
    replacement = fields.text("孕期哺乳期调岗安排", optional=True)
    checked_on = fields.day("核对日期", pii=Pii.PUBLIC)
    scopes = fields.choices("禁忌范围", Scope, pii=Pii.PUBLIC, editable=False)
    is_suspect = fields.flag("疑似违法", pii=Pii.PUBLIC, editable=False)
    suspect_from = fields.day("疑似起", pii=Pii.PUBLIC, optional=True, editable=False)
    suspect_to = fields.day("疑似止（不含）", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "女职工岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "workshop", "name"],
                condition=Q(voided_at=None),
                name="women_post_once",
                violation_error_message="该单位该车间的这个岗位已登记。",
            ),
            models.CheckConstraint(
                condition=Q(suspect_to=None) | Q(suspect_to__gte=F("suspect_from")),
                name="women_post_suspect_in_order",
                violation_error_message="核对日期不能早于上次发现的日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop}{self.name}"

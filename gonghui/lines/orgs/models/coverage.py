"""Which union covers which employer, and the census of employers without a union."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import EmployerType
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class OrgCoverage(Record):
    """The union `org` covers an employer, or one site of it, from a day to the day before another.

    A site is covered by one union at a time. Without a site `employees` is the employer's newest
    headcount; with one it is what was entered for the site.
    """

    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC)
    site = fields.text("厂区", size=60, pii=Pii.PUBLIC, optional=True)
    employees = fields.count("职工数", pii=Pii.INTERNAL, optional=True)
    valid_from = fields.day("涵盖起始日期", pii=Pii.PUBLIC)
    valid_to = fields.day("涵盖终止日期", pii=Pii.PUBLIC, optional=True)
    end_reason = fields.text("终止原因", optional=True)
    is_first = fields.flag("首次涵盖", pii=Pii.PUBLIC, editable=False)
    is_enterprise = fields.flag("企业", pii=Pii.PUBLIC, editable=False)
    is_private = fields.flag("非公", pii=Pii.PUBLIC, editable=False)
    in_area = fields.flag("在开发区", pii=Pii.PUBLIC, editable=False)
    site_key = models.BigIntegerField("厂区序号", editable=False, default=0)

    class Meta(Record.Meta):
        verbose_name = "涵盖单位"
        constraints = [
            one_at_a_time(
                ("employer", "site_key"),
                "orgcoverage_one_union",
                Q(voided_at=None),
                message="该单位刚被其他工会确认建会，请刷新后核对。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="orgcoverage_ends_after_start",
                violation_error_message="终止日期不能早于起始日期。",
            ),
        ]
        indexes = [models.Index(fields=["org", "valid_from"], name="orgcoverage_of_org")]

    def __str__(self) -> str:
        return f"{self.employer}{f'（{self.site}）' if self.site else ''}"


class LeadSource(models.TextChoices):
    """Where we heard of an employer without a union."""

    MARKET = "market", "市场监管新登记"
    INSURANCE = "insurance", "社保参保"
    LEVY = "levy", "税务建会筹备金"
    VISIT = "visit", "走访"
    TOWNSHIP = "township", "乡镇上报"
    WORKER = "worker", "职工反映"
    ESTABLISHED = "established", "建会登记"


class CensusUnit(Record):
    """An employer in a round of the census (建会普查), on the way to a union or not.

    It is in the universe of employers from `listed_on` to the day before `delisted_on`.
    """

    employer = fields.link("单位", "people.Employer", pii=Pii.PUBLIC)
    round = fields.text("普查轮次", size=40, pii=Pii.PUBLIC)
    source = fields.choice("线索来源", LeadSource)
    employees = fields.count("职工数", optional=True)
    willing = fields.count("愿入会数", optional=True)
    listed_on = fields.day("列入日期", optional=True)
    delisted_on = fields.day("移出日期", optional=True)
    due_on = fields.day("应建期限", optional=True)
    owner = fields.person("责任人", optional=True)
    next_action_on = fields.day("下次跟进", optional=True)
    refuse_reason = fields.note("拒绝原因")
    formation = fields.link("建会事项", "orgs.UnionFormation", optional=True)
    in_area = fields.flag("在开发区", editable=False)
    is_enterprise = fields.flag("企业", editable=False)

    class Meta(Record.Meta):
        verbose_name = "建会普查台账"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "round"],
                condition=Q(voided_at=None),
                name="censusunit_once_a_round",
                violation_error_message="该单位本轮普查已登记。",
            ),
            models.CheckConstraint(
                condition=Q(willing=None) | Q(employees=None) | Q(willing__lte=F("employees")),
                name="censusunit_willing_within_whole",
                violation_error_message="愿入会数不能大于职工数。",
            ),
        ]
        indexes = [models.Index(fields=["org", "state", "due_on"], name="censusunit_to_do")]

    def __str__(self) -> str:
        return f"{self.employer}（{self.round}）"


class CensusLine(Record):
    """One line of a register of the market or insurance office; employer and census unit follow it.

    `wrote` has a digest of each value that the line put into the employer: a later list may replace
    a value only as long as nobody has changed it since. `org` is the county (or union) whose list it is.
    """

    uscc = fields.text("统一代码", size=18, pii=Pii.PUBLIC)
    name = fields.text("名称", size=120, pii=Pii.PUBLIC)
    round = fields.text("普查轮次", size=40, pii=Pii.PUBLIC)
    source = fields.choice("线索来源", LeadSource, default=LeadSource.MARKET)
    type = fields.choice("单位类型", EmployerType, pii=Pii.PUBLIC, default=EmployerType.PRIVATE)
    opened_on = fields.day("成立日期", pii=Pii.PUBLIC, optional=True)
    address = fields.text("地址", pii=Pii.PUBLIC, optional=True)
    insured = fields.count("参保人数", optional=True)
    legal_rep = fields.text("法定代表人", size=60, pii=Pii.PERSONAL, optional=True)
    contact = fields.text("电话", size=120, pii=Pii.PERSONAL, optional=True)
    wrote = models.JSONField("写入内容", default=dict, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "普查清单"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "round"],
                condition=Q(voided_at=None),
                name="censusline_once_a_round",
                violation_error_message="该代码本轮清单中已有。",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

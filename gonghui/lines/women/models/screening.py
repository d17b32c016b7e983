"""Screening of women for the two cancers (两癌筛查): sessions at a hospital, who comes, who may know."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

TAKEN = ("registered", "screened")
# Words of one length, so that the stars of a masked value tell nothing.
RESULTS = ("正常", "异常", "可疑", "拒告")
FOLLOWED = ("无需", "告知", "复查", "确诊", "治疗")


class Item(models.TextChoices):
    """What is examined."""

    BREAST = "breast", "乳腺癌检查"
    CERVIX = "cervix", "宫颈癌检查"


class Basis(models.TextChoices):
    """Why a woman may be screened free of charge."""

    FILE = "file", "困难档案"
    MEMBER = "member", "会员"
    NEW_FORM = "new_form", "新就业形态劳动者"


class ScreeningSession(Record):
    """A stretch of days in which one hospital examines women for the union; `org` organises it.

    It is settled for as many heads as were screened; `batch` is the payment to the hospital.
    """

    title = fields.text("批次名称", size=80, pii=Pii.PUBLIC)
    campaign = fields.link("专项活动", "campaigns.Campaign", pii=Pii.PUBLIC, optional=True)
    hospital = fields.link("承检医院", "people.Employer", pii=Pii.PUBLIC)
    items = fields.choices("检查项目", Item, pii=Pii.PUBLIC)
    fee = fields.money("每人费用（元）", pii=Pii.PUBLIC, optional=True)
    date_from = fields.day("检查开始日期", pii=Pii.PUBLIC)
    date_to = fields.day("检查结束日期", pii=Pii.PUBLIC)
    quota = fields.count("名额", pii=Pii.PUBLIC, at_least=1)
    contract_no = fields.text("协议编号", size=60, optional=True)
    billed_count = fields.count("院方结算人数", optional=True)
    fund = fields.link("列支资金", "funds.Fund", optional=True)
    batch = fields.link("结算发放批次", "funds.PayBatch", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "两癌筛查批次"
        constraints = [
            models.CheckConstraint(
                condition=Q(date_to__gte=F("date_from")),
                name="women_screeningsession_in_order",
                violation_error_message="检查结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("settled", "closed"))
                | Q(billed_count__isnull=False, fund__isnull=False),
                name="women_screeningsession_settled_has_count",
                violation_error_message="结算须有院方结算人数和列支资金。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class ScreeningHandler(Record):
    """A cadre whom the leader authorises to handle results within `org`, for a time.

    Whoever is not named here sees of a screening only that it took place.
    """

    username = fields.text("经办人用户名", size=60)
    user_id = models.BigIntegerField("经办人", null=True, editable=False)
    valid_from = fields.day("授权起")
    valid_to = fields.day("授权止（不含）", optional=True)

    class Meta(Record.Meta):
        verbose_name = "筛查结果经办人"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "user_id"],
                condition=Q(voided_at=None),
                name="women_screeninghandler_named_once",
                violation_error_message="该经办人已在本工会授权。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="women_screeninghandler_in_order",
                violation_error_message="授权止须晚于授权起。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.username)


class ScreeningRecord(Record):
    """A woman in a session; `org` is the union that names her.

    From `cycle_from` to the day before `cycle_to` she cannot be screened again anywhere. `result` and
    `followed` are sealed and shown to a `ScreeningHandler` alone; both are noted together, so that the
    presence of the one tells nothing.
    """

    session = fields.link("筛查批次", "women.ScreeningSession", pii=Pii.PUBLIC)
    person = fields.person("女职工")
    basis = fields.choice("享受依据", Basis, default=Basis.MEMBER)
    file = fields.link("困难职工档案", "aid.HardshipFile", pii=Pii.PERSONAL, optional=True)
    screened_on = fields.day("检查日期", pii=Pii.PERSONAL, optional=True)
    fee = fields.money("费用（元）", default=0, editable=False)
    result = fields.secret("检查结果", optional=True)
    followed = fields.secret("随访情况", optional=True)
    cycle_from = fields.day("周期起", optional=True, editable=False)
    cycle_to = fields.day("周期止（不含）", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "两癌筛查记录"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(voided_at=None),
                name="women_screeningrecord_once_a_session",
                violation_error_message="该女职工已在本批次登记。",
            ),
            one_at_a_time(
                "person",
                "women_screeningrecord_once_a_cycle",
                Q(state__in=TAKEN) & Q(voided_at=None),
                start="cycle_from",
                end="cycle_to",
                message="该女职工在一个检查周期内已登记或检查。",
            ),
            models.CheckConstraint(
                condition=~Q(state="screened") | Q(screened_on__isnull=False),
                name="women_screeningrecord_screened_has_day",
                violation_error_message="已检的须有检查日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="women_screeningrecord_of_org"),
            models.Index(fields=["session", "state"], name="women_screeningrecord_of_sess"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id}"

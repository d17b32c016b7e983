"""Terms of office of a union and who holds its posts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class UnionTerm(Record):
    """A union's n-th term of office (届次); terms follow each other without overlap.

    `due_on` is its last day by law; without an approved extension it is overdue from the day after.
    The columns from `valid_to` on are derived: half-open days for the ledger.
    """

    term_no = fields.count("第几届", pii=Pii.PUBLIC, at_least=1, at_most=99)
    years = fields.count("任期（年）", pii=Pii.PUBLIC, at_least=3, at_most=5)
    started_on = fields.day("起始日期", pii=Pii.PUBLIC)
    due_on = fields.day("届满日期", pii=Pii.PUBLIC, optional=True, editable=False)
    extended_to = fields.day("延期至", pii=Pii.PUBLIC, optional=True)
    extension_doc_no = fields.text("延期批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    extension_approved_on = fields.day("延期批复日期", pii=Pii.PUBLIC, optional=True)
    ended_on = fields.day("结束日期", pii=Pii.PUBLIC, optional=True)
    committee_seats = fields.count("委员数", pii=Pii.PUBLIC, optional=True)
    audit_seats = fields.count("经审委员数", pii=Pii.PUBLIC, optional=True)
    women_committee = fields.flag("已建女职工委员会", pii=Pii.PUBLIC)
    election = fields.link("选举事项", "orgs.ElectionCase", pii=Pii.PUBLIC, optional=True)
    valid_to = fields.day("止（不含）", optional=True, editable=False)
    overdue_from = fields.day("超期起", optional=True, editable=False)
    due_soon_from = fields.day("临届起", optional=True, editable=False)
    due_soon_to = fields.day("临届止（不含）", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "工会届次"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "term_no"],
                condition=Q(voided_at=None),
                name="unionterm_number_once",
                violation_error_message="该工会这一届次已登记。",
            ),
            one_at_a_time(
                "org",
                "unionterm_one_at_a_time",
                Q(voided_at=None),
                start="started_on",
                message="该工会同期已有一届，请先结束上一届。",
            ),
            models.CheckConstraint(
                condition=Q(years__in=(3, 5)),
                name="unionterm_years_by_law",
                violation_error_message="任期为三年或者五年（《工会法》第十六条）。",
            ),
            models.CheckConstraint(
                condition=Q(extended_to=None) | Q(extended_to__gt=F("due_on")),
                name="unionterm_extended_beyond_due",
                violation_error_message="延期日期应晚于届满日期。",
            ),
        ]
        indexes = [models.Index(fields=["overdue_from"], name="unionterm_by_end")]

    def __str__(self) -> str:
        return f"{self.org}第{self.term_no}届"


class Post(models.TextChoices):
    """Posts in a union."""

    CHAIR = "chair", "主席"
    EXECUTIVE_VICE = "executive_vice", "常务副主席"
    VICE = "vice", "副主席"
    STANDING = "standing", "常委"
    MEMBER = "member", "委员"
    AUDIT_CHAIR = "audit_chair", "经审会主任"
    AUDIT_MEMBER = "audit_member", "经审委员"
    WOMEN_CHAIR = "women_chair", "女职委主任"
    WOMEN_MEMBER = "women_member", "女职工委员"
    ORGANISATION = "organisation", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    FINANCE = "finance", "财务委员"
    SAFETY = "safety", "劳动保护委员"
    GROUP_LEADER = "group_leader", "小组长"


CHAIRS = (Post.CHAIR, Post.EXECUTIVE_VICE, Post.VICE)
COMMITTEE = (
    *CHAIRS,
    Post.STANDING,
    Post.MEMBER,
    Post.ORGANISATION,
    Post.PUBLICITY,
    Post.FINANCE,
    Post.SAFETY,
)


class Fulltime(models.TextChoices):
    """How a post is held."""

    FULL = "full", "专职"
    PART = "part", "兼职"
    POSTED = "posted", "挂职"
    SOCIAL = "social", "社会化"


class EndReason(models.TextChoices):
    """Why somebody left a post."""

    RENEWAL = "renewal", "换届"
    MOVED = "moved", "调离（已征得同意）"
    RESIGNED = "resigned", "辞职"
    RECALLED = "recalled", "罢免"
    RETIRED = "retired", "退休"
    DIED = "died", "死亡"
    ORG_ENDED = "org_ended", "工会撤销"


class OfficeHolder(Record):
    """A person holds a post in a term from `started_on` to the day before `ended_on`."""

    term = fields.link("届次", "orgs.UnionTerm", pii=Pii.PUBLIC, related_name="holders")
    person = fields.person("人员")
    post = fields.choice("职务", Post, pii=Pii.PUBLIC)
    fulltime = fields.choice("任职方式", Fulltime, pii=Pii.PUBLIC, default=Fulltime.PART)
    seconded = fields.flag("上级选派")
    is_acting = fields.flag("代理", pii=Pii.PUBLIC)
    started_on = fields.day("任职日期", pii=Pii.PUBLIC)
    ended_on = fields.day("离任日期", pii=Pii.PUBLIC, optional=True)
    end_reason = fields.choice("离任原因", EndReason, pii=Pii.PUBLIC, optional=True)
    consent_doc_no = fields.text("同意调动的文号", size=60, optional=True)
    contract_to = fields.day("劳动合同到期", optional=True)
    hire_protect_to = fields.day("劳动合同延长至", optional=True, editable=False)
    vacancy_due_on = fields.day("补选期限", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "任职"
        constraints = [
            one_at_a_time(
                "term",
                "officeholder_one_chair",
                Q(post="chair", voided_at=None),
                start="started_on",
                end="ended_on",
                message="本届同期已有主席，请先办理离任。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="officeholder_ends_after_start",
                violation_error_message="离任日期不能早于任职日期。",
            ),
            models.UniqueConstraint(
                fields=["term", "person", "post"],
                condition=Q(ended_on=None, voided_at=None),
                name="officeholder_once_a_post",
                violation_error_message="该人员本届已任此职。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.person}"

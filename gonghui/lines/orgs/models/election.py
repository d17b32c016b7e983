"""Elections: founding, renewal, by-election and recall."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.orgs.models.term import Fulltime, Post


class ElectionKind(models.TextChoices):
    """What the meeting decides."""

    FIRST = "first", "首届"
    RENEWAL = "renewal", "换届"
    BY = "by", "补选"
    RECALL = "recall", "罢免"


class MeetingForm(models.TextChoices):
    """Who meets."""

    MEMBERS = "members", "会员大会"
    DELEGATES = "delegates", "会员代表大会"


class ElectionCase(Record):
    """One election of a union (选举事项), from the request to the superior's reply.

    A union has one open case of a kind. `replier` is the union's superior, whose roles alone reply.
    """

    kind = fields.choice("类型", ElectionKind, pii=Pii.PUBLIC)
    form = fields.choice("会议形式", MeetingForm, pii=Pii.PUBLIC, default=MeetingForm.MEMBERS)
    replier = fields.link(
        "批复工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True, editable=False
    )
    term_years = fields.count("任期（年）", pii=Pii.PUBLIC, at_least=3, at_most=5, default=3)
    members = fields.count("会员人数", pii=Pii.PUBLIC, optional=True)
    female_members = fields.count("其中女会员", pii=Pii.PUBLIC, optional=True)
    committee_seats = fields.count("应选委员数", pii=Pii.PUBLIC, optional=True)
    audit_seats = fields.count("应选经审委员数", pii=Pii.PUBLIC, optional=True)
    requested_on = fields.day("请示日期", pii=Pii.PUBLIC, optional=True)
    agreed_on = fields.day("同意召开日期", pii=Pii.PUBLIC, optional=True)
    agreed_doc_no = fields.text("同意召开文号", size=60, pii=Pii.PUBLIC, optional=True)
    publicity_from = fields.day("公示起", pii=Pii.PUBLIC, optional=True)
    publicity_to = fields.day("公示止", pii=Pii.PUBLIC, optional=True)
    meeting_on = fields.day("大会日期", pii=Pii.PUBLIC, optional=True)
    due_attend = fields.count("应到人数", pii=Pii.PUBLIC, optional=True)
    attended = fields.count("实到人数", pii=Pii.PUBLIC, optional=True)
    ballots_out = fields.count("发出选票", pii=Pii.PUBLIC, optional=True)
    ballots_back = fields.count("收回选票", pii=Pii.PUBLIC, optional=True)
    ballots_valid = fields.count("有效选票", pii=Pii.PUBLIC, optional=True)
    recalled = fields.link("罢免对象", "orgs.OfficeHolder", pii=Pii.PERSONAL, optional=True)
    recall_votes = fields.count("同意罢免票数", pii=Pii.PUBLIC, optional=True)
    reported_on = fields.day("报告日期", pii=Pii.PUBLIC, optional=True)
    replied_on = fields.day("批复日期", pii=Pii.PUBLIC, optional=True)
    reply_doc_no = fields.text("批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    reply = fields.note("批复意见", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "选举事项"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind"],
                condition=Q(voided_at=None) & ~Q(state__in=("confirmed", "closed")),
                name="electioncase_one_open",
                violation_error_message="该工会已有同类选举正在办理，不能重复发起。",
            ),
            models.CheckConstraint(
                condition=Q(term_years__in=(3, 5)),
                name="electioncase_years_by_law",
                violation_error_message="任期为三年或者五年（《工会法》第十六条）。",
            ),
            models.CheckConstraint(
                condition=Q(attended=None) | Q(attended__lte=F("due_attend")),
                name="electioncase_attended_within_due",
                violation_error_message="实到人数不能大于应到人数。",
            ),
            models.CheckConstraint(
                condition=Q(publicity_to=None) | Q(publicity_to__gte=F("publicity_from")),
                name="electioncase_publicity_in_order",
                violation_error_message="公示截止日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.get_kind_display()}选举"


class Candidate(Record):
    """Somebody stands for a post; `elected` is set by rule when the meeting has been held."""

    case = fields.link("选举事项", "orgs.ElectionCase", pii=Pii.PUBLIC, related_name="candidates")
    person = fields.person("候选人")
    post = fields.choice("职务", Post, pii=Pii.PUBLIC)
    fulltime = fields.choice("任职方式", Fulltime, pii=Pii.PUBLIC, default=Fulltime.PART)
    is_admin_head = fields.flag("行政负责人（含副职）或合伙人")
    is_relative = fields.flag("主要负责人近亲属")
    is_hr_or_labour_head = fields.flag("人力资源（劳资）部门负责人")
    is_foreign = fields.flag("外国籍")
    votes = fields.count("得票", pii=Pii.PUBLIC, optional=True)
    elected = fields.flag("当选", pii=Pii.PUBLIC, editable=False)

    class Meta(Record.Meta):
        verbose_name = "候选人"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "post"],
                condition=Q(voided_at=None),
                name="candidate_once_a_post",
                violation_error_message="该人员已是这一职务的候选人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()}候选人{self.person}"

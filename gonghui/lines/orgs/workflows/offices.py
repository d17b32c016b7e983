"""Terms, posts and elections."""

from __future__ import annotations

from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.orgs.services import (
    certificates,
    elections,
    officers,
)
from gonghui.lines.orgs.workflows.roles import LOCAL, OFFICES, SUPERIORS

UNION_TERM = Workflow(
    states=(
        State("current", "在任", is_final=True),
        State("overdue", "超期"),
        State("ended", "已结束", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "extend",
            "批复延期",
            move=("current", "current"),
            by=SUPERIORS,
            only=officers.require_superior_of_term,
            asks=("extended_to", "extension_doc_no", "extension_approved_on"),
            guard=officers.check_may_extend,
            stamps="extension_approved_on",
        ),
        Transition("mark_overdue", "转为超期", move=("current", "overdue"), by=()),
        Transition("close", "结束", move=(("current", "overdue"), "ended"), by=()),
    ),
)


OFFICE_HOLDER = Workflow(
    states=(
        State("serving", "在任", is_final=True),
        State("left", "已离任", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "end",
            "登记离任",
            move=("serving", "left"),
            by=OFFICES,
            asks=("ended_on", "end_reason", "consent_doc_no"),
            guard=officers.check_may_leave,
            effect_many=certificates.follow_chairs,
        ),
    ),
)


ELECTION_CASE = Workflow(
    states=(
        State("preparing", "准备中"),
        State("requested", "已请示", due="orgs.consent_days"),
        State("agreed", "同意召开"),
        State("held", "已选举", is_locked=True),
        State("reported", "已报告", due="orgs.reply_days", is_locked=True),
        State("confirmed", "已批复", is_final=True, is_locked=True),
        State("closed", "终止", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "request",
            "请示召开大会",
            move=("preparing", "requested"),
            by=LOCAL,
            guard=elections.check_may_request,
            stamps="requested_on",
        ),
        Transition(
            "agree",
            "批复同意召开",
            move=("requested", "agreed"),
            by=SUPERIORS,
            unlike=("request",),
            only=elections.require_replier,
            asks=("agreed_on", "agreed_doc_no"),
            stamps="agreed_on",
        ),
        Transition(
            "hold",
            "登记大会结果",
            move=(("preparing", "agreed"), "held"),
            by=LOCAL,
            asks=(
                "meeting_on",
                "due_attend",
                "attended",
                "ballots_out",
                "ballots_back",
                "ballots_valid",
                "recall_votes",
            ),
            guard_many=elections.wrong_meetings,
            effect_many=elections.declare_elected,
        ),
        Transition("hold_again", "重新选举", move=("held", "agreed"), by=LOCAL, needs_reason=True),
        Transition(
            "report",
            "报告选举结果",
            move=("held", "reported"),
            by=LOCAL,
            guard_many=elections.wrong_results,
            stamps="reported_on",
        ),
        Transition(
            "confirm",
            "批复选举结果",
            move=("reported", "confirmed"),
            by=SUPERIORS,
            unlike=("report",),
            only=elections.require_replier,
            asks=("replied_on", "reply_doc_no", "reply"),
            guard=elections.check_reply,
            stamps="replied_on",
            effect_many=elections.confirm,
        ),
        Transition(
            "return",
            "退回重选",
            move=("reported", "agreed"),
            by=SUPERIORS,
            only=elections.require_replier,
            needs_reason=True,
        ),
        Transition(
            "close",
            "终止",
            move=(("preparing", "requested", "agreed", "held", "reported"), "closed"),
            by=SUPERIORS,
            needs_reason=True,
        ),
    ),
)

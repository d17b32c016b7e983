"""Registers of training sessions and of those who learn in them."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import distinct, flow
from gonghui.kernel.registers.declare import Numbering, Reaction, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.employment import prints
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.registers.access import KEEPERS, OFFICES, OWNER, VIEWERS
from gonghui.lines.employment.services import roster, settling, training
from gonghui.lines.employment.workflows.training import TRAINING_SESSION
from gonghui.shared.campaigns.services import campaign_choices

SESSIONS = register(
    Register(
        key="employment.training_session",
        model=TrainingSession,
        prints=prints.TRAINING_SESSION,
        date="end_on",
        columns=("number", "title", "org", "kind", "occupation", "start_on", "end_on", "state"),
        filters=("state", "kind", "level", "mode", "start_on"),
        search=("number", "title", "occupation"),
        sections=(
            section("期次", "title", "campaign_code", "kind", "occupation", "level"),
            section("承办", "provider", "licence_no", "licence_to", "teachers"),
            section("时间地点", "mode", "start_on", "end_on", "hours", "place"),
            section("规模与费用", "plan_count", "is_examined", "fee_per_head", "contract_no"),
            section("结算", "fund", "settled_amount", "settled_on"),
        ),
        read_only=("fund", "settled_amount", "settled_on"),
        reads=("fund__org", "provider"),
        workflow=TRAINING_SESSION,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS),
            allow("void import export", *OFFICES),
        ),
        indicators=(
            flow(
                "employment.sessions",
                "培训期次",
                "次",
                on="end_on",
                where=Q(state__in=training.CLOSED),
                definition="期内结束并已结班的培训期次，按结束日期计；计划、取消和未结班的不计。",
                aliases=("各类技能培训次数",),
                owner=OWNER,
            ),
        ),
        numbering=Numbering(
            series="就业培训", pattern="就培-{year}-{number:03d}", date="start_on", by_org=False
        ),
        choose_from={"campaign_code": campaign_choices},
        checks=(training.check_days,),
        after_many=training.follow_change,
        reacts=(
            Reaction("funds.pay_line", "pay", settling.follow_paid),
            Reaction("funds.pay_line", "reverse", settling.follow_reversed),
        ),
        panels=("gonghui.lines.employment.panels.attended",),
        order=10,
        api="read write",
        help="一期培训从立项、报名、开班、考核到结班；结班时按出勤和成绩确定谁结业。",
    )
)

ENROLMENTS = register(
    Register(
        key="employment.enrolment",
        model=Enrolment,
        prints=prints.ENROLMENT,
        parent="session",
        reads=("session",),
        date="completed_on",
        columns=(
            "session",
            "class_label",
            "person",
            "category",
            "hours_present",
            "exam_score",
            "result",
            "completed_on",
        ),
        filters=("result", "category", "class_label", "completed_on"),
        search=("person__name", "session__title", "cert_no"),
        sections=(
            section("学员", "session", "class_label", "person", "category", "employer"),
            section("出勤", "enrolled_on", "attend_method", "checkins", "hours_present"),
            section("结果", "exam_score", "cert_no", "is_dropped", "attend_rate", "result"),
        ),
        read_only=("attend_rate", "result"),
        import_sheet=roster.LEARNERS,
        indicators=(
            distinct(
                "employment.trainees",
                "培训人数",
                "人",
                subject="person",
                on="completed_on",
                where=Q(result="completed"),
                definition="期内结业的学员人数，一人参加几期只计一人；出勤率或成绩不达标的不计。",
                aliases=("培训下岗失业人员、进城务工人员人数",),
                owner=OWNER,
            ),
            flow(
                "employment.train_visits",
                "培训人次",
                "人次",
                on="completed_on",
                where=Q(result="completed"),
                definition="期内结业的人次，一人参加两期计两次。",
                owner=OWNER,
            ),
        ),
        before_many=training.take_seats,
        derive_many=training.derive,
        checks_many=training.wrong_enrolments,
        may_be_voided=training.check_session_is_open,
        order=11,
        api="read write",
        help="学员由主办工会登记；结业与否由出勤和成绩算出，不能手填。",
    )
)

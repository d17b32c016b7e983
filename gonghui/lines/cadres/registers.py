"""The registers of the line."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import distinct, flow
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.cadres import prints, services, workflows
from gonghui.lines.cadres.models import TrainingClass, TrainingSeat

_OWNER = "组织部"
_VIEWERS = (
    Role.BASIC,
    Role.STATION,
    Role.COUNTY,
    Role.INDUSTRY,
    Role.DEPT,
    Role.LEADER,
    Role.FINANCE,
    Role.AUDIT,
)
_FINISHED = Q(state="finished")
# The heads whom one class of a year brings together, named in the work report.
_LEADING = ["county_chair", "direct_chair", "department", "industry_head"]

TRAINING_CLASSES = register(
    Register(
        key="cadres.training_class",
        model=TrainingClass,
        prints=prints.TRAINING_CLASS,
        date="end_on",
        columns=("number", "title", "org", "kind", "groups", "start_on", "end_on", "state"),
        filters=("state", "kind", "level", "start_on"),
        search=("number", "title", "theme"),
        sections=(
            section("培训班", "title", "theme", "level", "kind", "groups"),
            section("时间地点", "start_on", "end_on", "hours", "venue", "capacity", "materials"),
            section("经费", "budget", "spent"),
        ),
        workflow=workflows.TRAINING_CLASS,
        access=(
            allow("view", *_VIEWERS),
            allow("add change", *workflows.HOSTS),
            allow("void import export", Role.COUNTY, Role.DEPT),
        ),
        indicators=(
            flow(
                "cadres.classes",
                "工会干部培训班",
                "期",
                on="end_on",
                where=_FINISHED & ~Q(kind="meeting"),
                definition="期内结业的工会干部培训班期数，按结束日期计；以会代训另计。",
                aliases=("工会干部培训班期数",),
                owner=_OWNER,
            ),
            flow(
                "cadres.full_classes",
                "四类负责人集中培训",
                "期",
                on="end_on",
                where=_FINISHED & Q(kind="central", groups__contains=_LEADING),
                definition=(
                    "期内结业、培训对象含县（市、区）总工会主席、直属企业工会主席、市总各部室、"
                    "产业工会负责人四类的集中培训期数；缺任何一类的不计。"
                ),
                owner=_OWNER,
            ),
            flow(
                "cadres.meeting_classes",
                "以会代训",
                "期",
                on="end_on",
                where=_FINISHED & Q(kind="meeting"),
                definition="期内结业的以会代训期数。",
                owner=_OWNER,
            ),
        ),
        numbering=Numbering(series="干训", pattern="干训-{year}-{number:03d}", date="start_on"),
        after_many=services.follow_change,
        after_void_many=services.void_seats,
        order=10,
        api="read write",
        help="培训班从计划、报名、开班到结业；结业须有签到记录，结业后计数。",
    )
)

TRAINING_SEATS = register(
    Register(
        key="cadres.training_seat",
        model=TrainingSeat,
        prints=prints.TRAINING_SEAT,
        date="counted_on",
        columns=("training_class", "person", "org", "post", "hours_earned", "passed", "cert_no"),
        filters=("passed", "is_confirmed", "is_withdrawn", "counted_on"),
        search=("person__name", "training_class__title", "cert_no"),
        sections=(
            section("学员", "training_class", "person", "post", "invited_by", "is_confirmed"),
            section("学习", "checkins", "hours_earned", "score", "passed", "cert_no"),
            section("其他", "is_withdrawn", "feedback"),
        ),
        read_only=("hours_earned",),
        choose_from={"training_class": services.classes_for},
        access=(
            allow("view", *_VIEWERS),
            allow("add change", *workflows.HOSTS),
            allow("void import export", Role.COUNTY, Role.DEPT),
        ),
        indicators=(
            flow(
                "cadres.trained",
                "培训干部人次",
                "人次",
                on="counted_on",
                definition="期内结业培训班中到课学员的人次，按培训班结束日期计。",
                owner=_OWNER,
            ),
            distinct(
                "cadres.trained_persons",
                "培训干部人数",
                "人",
                subject="person",
                on="counted_on",
                definition="期内结业培训班中到课的学员人数，一人多次只计一人。",
                owner=_OWNER,
            ),
        ),
        derive_many=services.derive_seats,
        checks_many=services.wrong_seats,
        order=20,
        api="read write",
        help="由派出单位报名；学时按签到半天折算，结业后计入人次。",
    )
)

"""The registers of screening: sessions, who may know results, the women."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import distinct
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Numbering,
    Reaction,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import indicators_on, register
from gonghui.lines.women import prints
from gonghui.lines.women.models import ScreeningHandler, ScreeningRecord, ScreeningSession
from gonghui.lines.women.models.screening import FOLLOWED, RESULTS, Basis
from gonghui.lines.women.registers.roles import LOCAL, OFFICES, OWNER
from gonghui.lines.women.services import screening, screening_sheet
from gonghui.lines.women.workflows.screening import RECORD, SESSION
from gonghui.shared.funds.indicators import paid

SESSIONS = register(
    Register(
        key=screening.REGISTER,
        model=ScreeningSession,
        prints=prints.SCREENING_SESSION,
        date="date_from",
        columns=("number", "title", "org", "hospital", "date_from", "date_to", "quota", "state"),
        filters=("state", "campaign", "date_from", "date_to"),
        search=("number", "title"),
        sections=(
            section("批次", "title", "campaign", "items", "quota", "contract_no"),
            section("检查", "hospital", "date_from", "date_to", "fee"),
            section("结算", "billed_count", "fund", "batch"),
        ),
        read_only=("billed_count", "fund", "batch"),
        workflow=SESSION,
        access=(
            allow("view", *LOCAL, Role.LEADER, Role.FINANCE, Role.AUDIT),
            allow("add change void export", *OFFICES),
        ),
        numbering=Numbering(
            series="筛查", pattern="筛查-{year}-{number:03d}", date="date_from", by_org=False
        ),
        derive=screening.derive_session,
        checks=(screening.check_what_began,),
        after_many=screening.follow_session,
        may_be_voided=screening.check_session_is_empty,
        reacts=(
            Reaction("funds.pay_line", "withdraw", screening.follow_dropped),
            Reaction("funds.pay_line", "void", screening.follow_dropped),
        ),
        panels=("gonghui.lines.women.panels.progress_of",),
        order=30,
        help="一家医院一批；名单登记、检查、按已检人数结算，付款由专项资金办理。",
    )
)

HANDLERS = register(
    Register(
        key="women.screening_handler",
        model=ScreeningHandler,
        columns=("org", "username", "valid_from", "valid_to"),
        filters=("valid_from",),
        search=("username",),
        sections=(section("授权", "org", "username", "valid_from", "valid_to"),),
        access=(
            allow("view", Role.COUNTY, Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.LEADER),
        ),
        derive=screening.derive_handler,
        order=32,
        help="只有市总领导授权的经办人可以登记、查看筛查结果；每次查看都留痕。",
    )
)


def _words(words: tuple[str, ...]) -> Any:
    return lambda record: [(word, word) for word in words]


RECORDS = register(
    Register(
        key="women.screening_record",
        model=ScreeningRecord,
        prints=prints.SCREENING_RECORD,
        date="screened_on",
        columns=("session", "person", "org", "basis", "screened_on", "state"),
        filters=("state", "session", "basis", "screened_on"),
        search=("person__name", "person__initials", "session__title", "session__number"),
        sections=(
            section("名单", "session", "person", "basis", "file"),
            section("检查", "screened_on", "fee"),
            section("结果（仅授权经办人）", "result", "followed"),
        ),
        read_only=("screened_on", "fee", "result", "followed"),
        workflow=RECORD,
        reads=("session",),
        reveals_to=screening.is_handled_by,
        # No leader and no finance: they have the counts. Nobody exports or prints a result.
        access=(
            allow("view", *LOCAL, Role.AUDIT),
            allow("add change import", *LOCAL),
            allow("void export", *OFFICES),
            allow("reveal", Role.COUNTY, Role.DEPT),
        ),
        import_sheet=ImportSheet(
            title="两癌筛查名单",
            note="登记名单不填检查日期；院方结算清单填身份证号、检查日期、费用。不得含检查结果。",
            cells=(
                Cell(
                    "批次编号",
                    "session",
                    required=True,
                    through=screening_sheet.sessions_of,
                    missing="没有这个编号的筛查批次",
                ),
                Cell("姓名", "person__name"),
                Cell("身份证号", "person__id_no", ("身份证号码", "证件号码"), required=True),
                Cell("手机", "person__phone", ("联系电话",)),
                Cell("享受依据", "basis", example=str(Basis.MEMBER.label)),
                Cell(
                    "困难档案号",
                    "file",
                    through=screening_sheet.files_of,
                    missing="没有这个编号的困难职工档案",
                ),
                Cell("检查日期", "screened_on"),
                Cell("费用", "fee", ("费用（元）",)),
            ),
            write=screening_sheet.write_sheet,
            refuses=("结果", "结论", "诊断", "阳性", "异常", "报告"),
        ),
        indicators=(
            distinct(
                "women.screened",
                "两癌检查人数",
                "人",
                subject="person",
                on="screened_on",
                where=Q(state="screened"),
                owner=OWNER,
                aliases=("两癌免费检查人数",),
                definition="计：期内免费进行两癌检查的女职工，一人只计一次，以检查日期为准。不计：登记未检的。",
            ),
        ),
        choose_from={"result": _words(RESULTS), "followed": _words(FOLLOWED)},
        before_many=screening.take_places,
        derive_many=screening.derive_records,
        checks_many=screening.wrong_records,
        order=31,
        help="名单和已检情况；检查结果加密保存，只有授权经办人可以登记和查看。",
    )
)

indicators_on(
    "funds.pay_line",
    (
        paid(
            "women.screen_paid",
            "两癌检查投入",
            Q(programme_code=screening.PROGRAMME),
            "计：付给承检医院的两癌筛查费，按发放日期计；退回的自退回日冲减。",
            owner=OWNER,
            aliases=("两癌检查资金",),
        ),
    ),
)

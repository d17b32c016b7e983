"""Vouching (认数): each department confirms its figures in a document, or objects with a reason.

The figures of the newest version go round on one sheet per department. Filling again makes new
figures; those that print and mean the same as before keep who vouched for them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.actors import departments_with
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.kernel.workflow.services import remind
from gonghui.lines.reports.filling import meaning_of, newest_version
from gonghui.lines.reports.models import ReportDoc, ReportFigure, VouchSheet
from gonghui.lines.reports.publishing import figures_in_force

PENDING, VOUCHED, OBJECTED = "pending", "vouched", "objected"
_STANDING = ("open", "vouched", "objected")
_LISTED = 5

# Sending round and taking back


def check_can_be_circulated(document: ReportDoc) -> None:
    """There are figures to send, and each department has somebody to answer."""
    newest_version(document)
    owners = {figure.owner for figure in _pending([document])}
    missing = sorted(owners - departments_with(Role.DEPT, document.org))
    if missing:
        raise DomainError(
            f"{'、'.join(missing)}没有可以认数的账号。请安全管理员在账号管理中给该部室的账号填写“部室”。"
        )


def circulate(document: ReportDoc, by: Actor) -> None:
    """A sheet for each department whose figures nobody has vouched for yet."""
    standing = VouchSheet.objects.filter(document=document, state__in=_STANDING, voided_at=None)
    there = set(standing.values_list("figures_of_id", "owner"))
    counts = Counter((f.version_of, f.owner) for f in figures_in_force([document]))
    pending = Counter((f.version_of, f.owner) for f in _pending([document]))
    rows = [
        {
            "org": document.org,
            "document": document,
            "figures_of": version,
            "owner": owner,
            "figure_count": counts[version, owner],
            "pending_count": number,
        }
        for (version, owner), number in pending.items()
        if (version.pk, owner) not in there
    ]
    must(create_many(VouchSheet, rows, by=by))


def withdraw(documents: Sequence[ReportDoc], by: Actor) -> None:
    """Sheets that are not settled are of no use any more: the figures will be others."""
    open_ones = VouchSheet.objects.filter(
        document__in=documents, state__in=("open", "objected"), voided_at=None
    )
    must(perform_many(list(open_ones), "withdraw", by=by))


def check_all_vouched(document: ReportDoc) -> None:
    """Every figure of the newest version has somebody who stands up for it."""
    found = wanting(document)
    if found:
        told = "；".join(_told(figure) for figure in found[:_LISTED])
        more = "等" if len(found) > _LISTED else ""
        raise DomainError(
            f"还有{len(found)}个数没有认可：{told}{more}。"
            "请送部室认数；有异议的，更正台账后重新取数，或由归口部室改为认可。"
        )


def wanting(document: ReportDoc) -> list[ReportFigure]:
    """The figures of the newest version for which nobody stands up yet."""
    return [figure for figure in figures_in_force([document]) if figure.state != VOUCHED]


def _told(figure: ReportFigure) -> str:
    said = f"异议：{figure.objection}" if figure.state == OBJECTED else "待认"
    return f"{figure.place}“{figure.name}”{figure.printed}（{figure.owner}，{said}）"


def _pending(documents: Sequence[ReportDoc]) -> list[ReportFigure]:
    return [figure for figure in figures_in_force(documents) if figure.state == PENDING]


# The vote of a department


def check_is_own_figure(figure: ReportFigure, actor: Actor) -> None:
    """A department vouches for its own figures alone."""
    _check_is_of(figure.owner, actor)


def check_is_own_sheet(sheet: VouchSheet, actor: Actor) -> None:
    """A department answers its own sheet alone."""
    _check_is_of(sheet.owner, actor)


def _check_is_of(owner: str, actor: Actor) -> None:
    if actor.department != owner:
        mine = f"您的部室是{actor.department}" if actor.department else "您的账号没有填写部室"
        raise NotAllowed(f"该数由{owner}认数，{mine}。")


def check_is_going_round(figure: ReportFigure) -> None:
    """The document is with the departments, and the figure is of the version that they have."""
    document = figure.version_of.document
    if document.state != "vouching":
        raise Conflict("报告不在“部室认数”环节，不能认数。")
    if not VouchSheet.objects.filter(
        figures_of=figure.version_of_id, owner=figure.owner, state__in=_STANDING, voided_at=None
    ).exists():
        raise Conflict("报告已重新取数，这一稿的数不再认数，请打开最新的认数单。")


def check_objects_with_reason(figure: ReportFigure) -> None:
    """What is wrong with the figure is said in words."""
    check_is_going_round(figure)
    if not figure.objection.strip():
        raise DomainError("请填写异议的理由，例如“甲县漏报两户”。", field="objection")


def check_sheet_is_going_round(sheet: VouchSheet) -> None:
    """The document is with the departments."""
    if sheet.document.state != "vouching":
        raise Conflict("报告不在“部室认数”环节，不能认数。")


def vouch_for_rest(sheets: list[VouchSheet], by: Actor) -> None:
    """Whoever confirms a sheet vouches for every figure of it that is still open."""
    found = ReportFigure.objects.filter(_of(sheets), state=PENDING)
    must(perform_many(list(found.order_by("id")), "vouch", by=by))


def note_voucher(figures: list[ReportFigure], by: Actor) -> None:
    """Who said so and when; then the sheets follow."""
    now = clock.now()
    said = [
        (
            figure,
            {
                "voucher": by.name,
                "vouched_at": now,
                "objection": figure.objection if figure.state == OBJECTED else "",
            },
        )
        for figure in figures
    ]
    must(change_many(said, by=by))
    _follow(figures, by)


def _follow(figures: Iterable[ReportFigure], by: Actor) -> None:
    """Counts and states of the sheets whose figures were answered."""
    keys = {(figure.version_of_id, figure.owner) for figure in figures}
    wanted = Q(pk__in=[])
    for version_id, owner in keys:
        wanted |= Q(figures_of=version_id, owner=owner)
    standing = VouchSheet.objects.filter(wanted, state__in=_STANDING, voided_at=None)
    sheets = list(standing.select_related("document").order_by("id"))
    counts = _counts(sheets)
    changes = [(sheet, counts[sheet.figures_of_id, sheet.owner]) for sheet in sheets]
    moves: dict[str, list[VouchSheet]] = defaultdict(list)
    for sheet in must(change_many(changes, by=by)):
        action = _due_move(sheet)
        if action:
            moves[action].append(sheet)
    for action, moving in moves.items():
        must(perform_many(moving, action, by=by))


def _due_move(sheet: VouchSheet) -> str:
    """What a sheet does by itself after an answer."""
    if sheet.pending_count:
        return ""
    if sheet.objected_count:
        return "" if sheet.state == OBJECTED else "dispute"
    return "" if sheet.state == VOUCHED else "finish"


def _counts(sheets: Sequence[VouchSheet]) -> dict[tuple[int, str], dict[str, int]]:
    rows = (
        ReportFigure.objects.filter(_of(sheets))
        .order_by()
        .values("version_of", "owner")
        .annotate(
            pending=Count("pk", filter=Q(state=PENDING)),
            objected=Count("pk", filter=Q(state=OBJECTED)),
        )
    )
    return {
        (row["version_of"], row["owner"]): {
            "pending_count": row["pending"],
            "objected_count": row["objected"],
        }
        for row in rows
    }


def _of(sheets: Sequence[VouchSheet]) -> Q:
    wanted = Q(pk__in=[])
    for sheet in sheets:
        wanted |= Q(version_of=sheet.figures_of_id, owner=sheet.owner)
    return wanted


def warn_of_objections(sheets: list[VouchSheet], by: Actor) -> None:
    """The office learns which figures a department does not stand up for."""
    for sheet in sheets:
        objected = ReportFigure.objects.filter(_of([sheet]), state=OBJECTED).order_by("id")
        told = "；".join(f"{each.name}{each.printed}：{each.objection}" for each in objected[:3])
        remind(
            "reports.vouch_sheet",
            sheet.pk,
            f"objected-{sheet.version}",
            sheet.org_id,
            [Role.DEPT],
            f"{sheet.owner}对《{sheet.document}》的{sheet.objected_count}个数有异议：{told}",
        )


# What is kept when a document is filled again


def carried_over(document: ReportDoc) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Who vouched for the figures of the version before, by what they print and mean."""
    return {
        meaning_of(figure): {
            "state": VOUCHED,
            "voucher": figure.voucher,
            "vouched_at": figure.vouched_at,
        }
        for figure in figures_in_force([document])
        if figure.state == VOUCHED
    }

"""Uploading a sheet, looking at what it would do, writing it, and taking it back.

Each step goes through the sheet in chunks. A chunk and the note of how far the step has come are one
transaction, so a step that was killed goes on exactly there: nothing twice, nothing half.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.excel.sheets import SheetRead, read_sheet
from gonghui.kernel.imports import steps
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.models import (
    MOVING,
    ImportFile,
    ImportRow,
    ImportRun,
    RowOutcome,
    RunState,
)
from gonghui.kernel.jobs.declare import job, stopping
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.records import sealing
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import require

_SHOWN_FAULTS = 20
_BROKEN = "程序出错，没有继续。已处理的行保留不变，可以继续或撤销；如再次出错请联系系统管理员。"

logger = logging.getLogger(__name__)


def template_of(register: Register) -> bytes:
    """The empty workbook for a register's sheet."""
    return Layout(register).template()


def upload(
    register: Register,
    name: str,
    data: bytes,
    *,
    by: Actor,
    org: Org,
    parent: RecordBase | None = None,
) -> ImportRun:
    """Take in a sheet for a union, or for the parent record of a child register's rows.

    Raises DomainError where it cannot be one of this register.
    """
    require(by, "import", register, org.pk)
    layout = Layout(register)
    if parent is None and layout.needs_parent:
        raise DomainError("请打开这份表所属的记录，从那里导入。")
    read = read_sheet(data, headings=layout.headings)
    _refuse_columns(layout, read)
    now = clock.now()
    digest = hashlib.sha256(data).hexdigest()
    parent_id = parent.pk if parent is not None else None
    if layout.sheet.is_whole:
        _refuse_written(register.key, org.pk, parent_id, digest)
    with transaction.atomic():
        run = ImportRun._unscoped.create(
            org=org,
            register=register.key,
            parent_id=parent_id,
            name=PurePath(name.replace("\\", "/")).name[-200:] or "表格",
            digest=digest,
            notices=list(read.notices),
            total=max(read.row_count - read.header_row, 0),
            uploaded_at=now,
            uploaded_by=by.user_id,
            acting_user=by.user_id,
            progress_at=now,
        )
        sealed = sealing.seal(ImportFile, "content", run.pk, base64.b85encode(data).decode())
        ImportFile.objects.create(run=run, content=sealed)
    return run


def _refuse_columns(layout: Layout, read: SheetRead) -> None:
    """A file with a column that must not be kept is not taken."""
    refused = [name for name in read.unknown if any(w in name for w in layout.sheet.refuses)]
    if refused:
        raise DomainError(
            f"表中有“{'、'.join(refused)}”列，按规定不能导入。请删除该列后再导入，整份文件没有保存。",
            code="refused_column",
        )


def _refuse_written(register_key: str, org_id: int, parent_id: int | None, digest: str) -> None:
    """A document is written once for its parent, until that was taken back."""
    written = ImportRun._unscoped.filter(
        register=register_key,
        org_id=org_id,
        parent_id=parent_id,
        digest=digest,
        state=RunState.DONE,
    ).first()
    if written is not None and written.written_at is not None:
        raise Conflict(
            f"该文件已于{written.written_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}导入，不能重复导入。"
        )


def data_of(run: ImportRun) -> bytes:
    """The bytes as uploaded; they are kept for a time only."""
    kept = ImportFile.objects.filter(run=run).first()
    if kept is None:
        raise DomainError("原表已超过保存期限，按规定删除，请重新上传。", code="forgotten")
    text = sealing.unseal(ImportFile, "content", run.pk, bytes(kept.content))
    return base64.b85decode(text)


def sheet_of(run: ImportRun) -> SheetRead:
    """The uploaded sheet, ready to be read."""
    return read_sheet(data_of(run), headings=layout_of(run).headings)


def layout_of(run: ImportRun) -> Layout:
    """How the run's sheet is read."""
    return Layout(registry.register_of(run.register))


def check(run: ImportRun, *, by: Actor, in_background: bool | None = None) -> ImportRun:
    """Find out, row by row, what writing would do; nothing is written."""
    _require(run, by, "import")
    run = _begin(run, by, RunState.CHECKING, frozenset({RunState.CHECKING, RunState.CHECKED}))
    return _go(run, by, in_background)


def write_run(run: ImportRun, *, by: Actor, in_background: bool | None = None) -> ImportRun:
    """Write the rows that checking found good; goes on with a run that had stopped."""
    _require(run, by, "import")
    if run.checked_at is None:
        raise Conflict("请先检查，再写入。")
    if layout_of(run).sheet.is_whole:
        if run.refused_count:
            raise Conflict(
                f"本表须整份写入，现有{run.refused_count}行有错误，请全部改正后重新上传。"
            )
        _refuse_written(run.register, run.org_id, run.parent_id, run.digest)
    may_go_on = run.state == RunState.FAILED and run.step_before_failure == RunState.WRITING
    allowed = {RunState.CHECKED, *([RunState.FAILED] if may_go_on else [])}
    run = _begin(run, by, RunState.WRITING, frozenset(allowed), keep_position=may_go_on)
    return _go(run, by, in_background)


def undo(run: ImportRun, *, by: Actor, in_background: bool | None = None) -> ImportRun:
    """Void what the run created and restore what it changed; what was changed since is left and listed."""
    _require(run, by, "import")
    _require(run, by, "void")
    if run.checked_at is None:
        raise Conflict("这次导入没有写入过，不用撤销。")
    allowed = frozenset({RunState.DONE, RunState.FAILED})
    run = _begin(run, by, RunState.UNDOING, allowed)
    return _go(run, by, in_background)


def go_on(run_id: int) -> ImportRun:
    """Do what is left of the step a run is in, as whoever started the step."""
    run = ImportRun._unscoped.select_related("org").get(pk=run_id)
    if run.state not in MOVING:
        return run
    by = SYSTEM if run.acting_user is None else actor_of(User.objects.get(pk=run.acting_user))
    with acting(by):
        return _finish(run, by)


def _require(run: ImportRun, by: Actor, verb: str) -> None:
    require(by, verb, registry.register_of(run.register), run.org_id)


def _begin(
    run: ImportRun,
    by: Actor,
    state: RunState,
    allowed: frozenset[RunState],
    *,
    keep_position: bool = False,
) -> ImportRun:
    """Put a run into a step; two callers at once: one begins, the other is told."""
    try:
        with transaction.atomic():
            run = (
                ImportRun._unscoped.select_for_update(of=("self",))
                .select_related("org")
                .get(pk=run.pk)
            )
            if run.state not in allowed:
                raise Conflict(f"这次导入现在是“{run.get_state_display()}”，请刷新后再看。")
            run.state, run.acting_user, run.failure = state, by.user_id, ""
            run.progress_at = clock.now()
            if not keep_position:
                run.position = run.progress = 0
            if state == RunState.WRITING:
                run.written_by = by.user_id
            if state == RunState.UNDOING:
                run.undone_by = by.user_id
            run.save()
    except IntegrityError:
        raise Conflict("同一份文件正在写入或撤销，请等它完成。") from None
    return run


def _go(run: ImportRun, by: Actor, in_background: bool | None) -> ImportRun:
    if in_background is None:
        in_background = run.total > number_of("imports.background_rows")
    if in_background:
        put_on_queue(run, by)
        return run
    with acting(by):
        return _finish(run, by)


def _finish(run: ImportRun, by: Actor) -> ImportRun:
    """Go through the step to its end, or until the worker has to stop."""
    take: dict[str, Callable[[ImportRun, Actor], steps.Step]] = {
        RunState.CHECKING: lambda run, by: steps.Checking(run, sheet_of(run), layout_of(run), by),
        RunState.WRITING: lambda run, by: steps.Writing(run, sheet_of(run), layout_of(run), by),
        RunState.UNDOING: lambda run, by: steps.Undoing(run, layout_of(run), by),
    }
    step = run.state
    try:
        for progress in take[step](run, by).chunks():
            logger.info("import %s: %s, %s of %s rows", run.pk, step, progress, run.total)
            if stopping():
                put_on_queue(run, by)
                break
    except steps.Elsewhere:
        logger.info("import %s is done elsewhere", run.pk)
    except DomainError as error:
        _fail(run, step, error.message)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the step is picked up again
    except Exception:
        _fail(run, step, _BROKEN)
        logger.exception("import %s failed", run.pk)
    return ImportRun._unscoped.select_related("org").get(pk=run.pk)


def put_on_queue(run: ImportRun, by: Actor) -> None:
    """Let a worker go on with the step a run is in."""
    _GO_ON.later(by=by, once=f"import-{run.pk}", run_id=run.pk)


_GO_ON = job("imports.go_on")(go_on)


def _fail(run: ImportRun, step: str, why: str) -> None:
    ImportRun._unscoped.filter(pk=run.pk, state=step).update(
        state=RunState.FAILED,
        step_before_failure=step,
        failure=why[:500],
        progress_at=clock.now(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of an import from the command line, in words, and how many rows were refused."""

    run: ImportRun
    text: str
    refused: int


def import_file(
    register_key: str, path: Path, *, username: str, org_code: str | None, dry_run: bool
) -> Summary:
    """Check a file and, unless `dry_run`, write it, as an account; goes on with one that was killed."""
    register = registry.find(register_key)
    if register is None or register.import_sheet is None:
        raise DomainError(f"没有可以导入表格的台账“{register_key}”。")
    user = User.objects.filter(username=username).first()
    if user is None:
        raise DomainError(f"没有账号“{username}”。")
    org = unscoped(Org).filter(code=org_code).first() if org_code else user.org
    if org is None:
        raise DomainError(
            f"没有代码为“{org_code}”的工会。" if org_code else "请用 --org 指明工会。"
        )
    if not path.is_file():
        raise DomainError(f"找不到文件{path}。")
    by, data = actor_of(user), path.read_bytes()
    with acting(by):
        run = _unfinished(register, org, data)
        if run is not None and not dry_run:
            run = go_on(run.pk)
        else:
            run = check(
                upload(register, path.name, data, by=by, org=org), by=by, in_background=False
            )
        if not dry_run and run.state == RunState.CHECKED:
            run = write_run(run, by=by, in_background=False)
    return Summary(run=run, text=_told(run, dry_run), refused=_refused(run))


def _unfinished(register: Register, org: Org, data: bytes) -> ImportRun | None:
    digest = hashlib.sha256(data).hexdigest()
    runs = ImportRun._unscoped.filter(register=register.key, org=org, digest=digest)
    return runs.filter(state=RunState.WRITING).first()


def _refused(run: ImportRun) -> int:
    return run.total if run.state == RunState.FAILED else run.refused_count


def _told(run: ImportRun, dry_run: bool) -> str:
    """The counts and the first faults."""
    if run.state == RunState.FAILED:
        return f"{run.name}：{run.failure}"
    lines = [
        f"{run.name}：共{run.total}行，新增{run.new_count}，修改{run.changed_count}，"
        f"未变{run.unchanged_count}，拒绝{run.refused_count}。",
        *run.notices,
    ]
    refused = ImportRow.objects.filter(run=run, outcome=RowOutcome.REFUSED).order_by("number")
    for row in refused[:_SHOWN_FAULTS]:
        said = "；".join(f"{label}：{text}" if label else text for label, _, text in row.faults)
        lines.append(f"第{row.number}行　{said}")
    if run.refused_count > _SHOWN_FAULTS:
        lines.append(f"……另有{run.refused_count - _SHOWN_FAULTS}行被拒绝。")
    if dry_run:
        lines.append("只作检查，未写入。")
    return "\n".join(lines)

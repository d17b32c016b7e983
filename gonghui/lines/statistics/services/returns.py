"""Returns of statutory forms: opened with their period, filled from the seal or the ledger, signed and sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.files.kinds import JPEG, PDF, PNG
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.ledger import catalogue, seals
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.lines.statistics.language import Days, Ref
from gonghui.lines.statistics.models import FormReturn, ReturnValue, Severity, StatForm, StatPeriod
from gonghui.lines.statistics.models.forms import Source
from gonghui.lines.statistics.services import forms
from gonghui.lines.statistics.services.periods import FILLERS, days_of
from gonghui.lines.statistics.services.sealing import latest
from gonghui.lines.statistics.services.values import kept

_SCANS = frozenset({PDF, JPEG, PNG})


# Opening


def open_returns(periods: list[StatPeriod], by: Actor) -> None:
    """With a period that takes reports come the returns of the forms in force for its kind."""
    for period in periods:
        in_force = StatForm.objects.filter(
            org=period.org_id, period_kind=period.kind, state="active", voided_at=None
        )
        for form in in_force.order_by("code"):
            _open(form, period, by)


def open_for_reporting(found: list[StatForm], by: Actor) -> None:
    """A form that comes into force is returned for the periods that are being reported."""
    for form in found:
        periods = StatPeriod.objects.filter(
            org=form.org_id,
            kind=form.period_kind,
            state__in=["reporting", "closing"],
            voided_at=None,
        )
        for period in periods.order_by("pk"):
            _open(form, period, by)


def _open(form: StatForm, period: StatPeriod, by: Actor) -> None:
    """One return for every living union of the levels; a union has one return of a code."""
    there = FormReturn.objects.filter(period=period, form__code=form.code, voided_at=None)
    orgs = (
        Org.objects.filter(
            path__startswith=form.org.path, level__in=form.levels, state=OrgState.LIVE
        )
        .exclude(established_on__gt=period.end_on)
        .exclude(pk__in=there.values("org_id"))
    )
    rows = [{"org": org, "form": form, "period": period} for org in orgs.order_by("code")]
    must(create_many(FormReturn, rows, by=by))


def set_terms(rows: list[FormReturn]) -> None:
    """The day by which a return is sent."""
    for row in rows:
        row.period_end = row.period.end_on
        row.due_on = due_on("statistics.form_days", row.period_end, row.org)


def check_fits_period(row: FormReturn) -> None:
    """A half-year's form is returned for a half-year, by the unions that it asks."""
    if row.form.period_kind != row.period.kind:
        kind = row.form.get_period_kind_display()
        raise DomainError(f"“{row.form}”按{kind}填报，请选择相应的统计期。", field="period")
    if row.org.level not in row.form.levels:
        raise DomainError(f"“{row.org}”不在“{row.form}”的填报层级中。", field="org")
    if row.form.state == "draft":
        raise DomainError(f"“{row.form}”尚未启用。", field="form")


# Filling


def fill_new(rows: list[FormReturn], created: bool, by: Actor) -> None:
    """A new return has its values at once."""
    if created:
        refresh(rows, by)


def refresh(rows: list[FormReturn], by: Actor) -> None:
    """Read the derived values anew; what was typed stays."""
    groups: dict[tuple[int, int], list[FormReturn]] = defaultdict(list)
    for row in rows:
        groups[row.form_id, row.period_id].append(row)
    for group in groups.values():
        _refresh(group, by)


def _refresh(group: list[FormReturn], by: Actor) -> None:
    cells = forms.cells_of(group[0].form)
    layout = forms.layout_of(cells)
    checks = forms.checks_of(group[0].form)
    read = _Read(cells, group)
    known: dict[int, dict[int, ReturnValue]] = defaultdict(dict)
    for value in ReturnValue.objects.filter(form_return__in=group, voided_at=None):
        known[value.form_return_id][value.cell_id] = value
    fresh, changed, heads = [], [], []
    for row in group:
        derived, notes = read.of(row.org_id)
        typed = {
            forms.name_of(cell): known[row.pk][cell.pk].value
            for cell in cells
            if cell.source == Source.MANUAL and cell.pk in known[row.pk]
        }
        derived |= forms.computed(layout, {**derived, **typed})
        for cell in cells:
            there = known[row.pk].get(cell.pk)
            name = forms.name_of(cell)
            now = {"value": derived.get(name), "note": notes.get(name, "")}
            if there is None:
                fresh.append({"form_return": row, "cell": cell, "org": row.org, **now})
            elif cell.source != Source.MANUAL:
                changed.append((there, now))
        failing = forms.failures(layout, checks, {**derived, **typed})
        heads.append((row, {**read.head, "checks_open": _count_open(failing)}))
    must(create_many(ReturnValue, fresh, by=by))
    must(change_many(changed, by=by))
    must(change_many(heads, by=by))


def _recompute(found: FormReturn, by: Actor) -> None:
    """Formulas over the numbers that stand there; no indicator is read anew."""
    stored = {forms.name_of(value.cell): value for value in _values_of(found)}
    layout = forms.layout_of(value.cell for value in stored.values())
    given = {n: v.value for n, v in stored.items() if v.cell.source != Source.FORMULA}
    computed = forms.computed(layout, given)
    must(change_many([(stored[n], {"value": value}) for n, value in computed.items()], by=by))
    failing = forms.failures(layout, forms.checks_of(found.form), given | computed)
    must(change_many([(found, {"checks_open": _count_open(failing)})], by=by))


def _values_of(found: FormReturn) -> QuerySet[ReturnValue]:
    return ReturnValue.objects.filter(form_return=found, voided_at=None).select_related("cell")


def _count_open(failing: list[forms.Failure]) -> int:
    return sum(1 for each in failing if each.check.severity != Severity.HINT)


class _Read:
    """The indicators of a form for some unions: from the sealed set of the period, if it has one."""

    def __init__(self, cells: Iterable[Any], group: list[FormReturn]) -> None:
        period = group[0].period
        self.refs = {
            forms.name_of(cell): forms.ref_of(cell)
            for cell in cells
            if cell.source == Source.INDICATOR
        }
        orgs = [row.org_id for row in group]
        holds = latest(period)
        as_of = holds.seal.as_of if holds is not None else None
        self.head = {"as_of": as_of or clock.now(), "sealed_set": holds}
        self.found: dict[tuple[Ref, int], tuple[Decimal | None, str]] = {}
        for days in {ref.days for ref in self.refs.values()}:
            codes = sorted({ref.code for ref in self.refs.values() if ref.days is days})
            there = days_of(period.period, days)
            found = figures(codes, orgs, there, as_of, beside=period.period)
            for (code, org), each in found.items():
                self.found[Ref(code, days), org] = (each.value, each.note or "；".join(each.marks))
        if holds is not None:
            self._take_sealed(holds.seal, orgs)

    def _take_sealed(self, seal: Any, orgs: list[int]) -> None:
        """What was sealed is taken from the seal itself, not computed again."""
        codes = sorted({r.code for r in self.refs.values() if r.days is Days.NOW} & {*seal.codes})
        sealed = seals.sealed_values(seal, codes, orgs)
        for code in codes:
            for org in orgs:
                self.found[Ref(code), org] = (sealed.get((code, org), Decimal(0)), "")

    def of(self, org: int) -> tuple[dict[str, Decimal | None], dict[str, str]]:
        """The values of the indicator cells by name, and why some have none."""
        values: dict[str, Decimal | None] = {}
        notes: dict[str, str] = {}
        for name, ref in self.refs.items():
            value, notes[name] = self.found[ref, org]
            values[name] = kept(value, catalogue.indicator(ref.code))
        return values, notes


# Values


def derive_values(rows: list[ReturnValue]) -> None:
    """Only cells that say so are filled by hand."""
    for row in rows:
        row.state = "manual" if row.cell.source == Source.MANUAL else "derived"


def check_value(row: ReturnValue) -> None:
    """Somebody types while the return is open, and says what the number rests on."""
    if is_by_rule():
        return
    if row.form_return.state != "open":
        raise Conflict("报表已核对完毕，数不能再改；如有差错，请“重新核对”或由部室退回。")
    if row.value is None:
        raise DomainError("请填写数值。", field="value")
    if not row.basis.strip():
        raise DomainError("请写明填报依据，例如资料名称、页码。", field="basis")


def follow_typed(rows: list[ReturnValue], created: bool, by: Actor) -> None:
    """What is computed from a typed cell follows it."""
    typed = {row.form_return_id for row in rows if row.state == "manual"}
    if created:
        return
    for found in FormReturn.objects.filter(pk__in=typed).select_related("form").order_by("pk"):
        _recompute(found, by)


# Signing and sending


def check_is_theirs(row: FormReturn, by: Actor) -> None:
    """A union's return is its own matter; the city's is that of its departments."""
    if row.org.level != OrgLevel.CITY and not by.has_role(*FILLERS, over=row.org_id):
        raise NotAllowed(f"“{row.org}”的报表由该单位自己核对、签认。")


def check_is_filled(row: FormReturn) -> None:
    """Every cell that is filled by hand has its number."""
    empty = ReturnValue.objects.filter(
        form_return=row, state="manual", value=None, voided_at=None
    ).select_related("cell")
    listed = [str(value) for value in empty.order_by("pk")]
    if listed:
        more = f"等{len(listed)}格" if len(listed) > 5 else ""
        raise DomainError(f"手工填报的单元格还没有数：{'、'.join(listed[:5])}{more}。")


def read_again(rows: list[FormReturn], by: Actor) -> None:
    """Whoever has checked a return has checked these values."""
    refresh(rows, by)


def failing(row: FormReturn) -> list[forms.Failure]:
    """The checks that the values of a return do not keep; the scope must be the whole city."""
    cells = forms.cells_of(row.form)
    values = {forms.name_of(value.cell): value.value for value in _values_of(row)}
    return forms.failures(forms.layout_of(cells), forms.checks_of(row.form), values)


def failures_shown(row: FormReturn) -> list[forms.Failure]:
    """As `failing`, for whoever sees the return: the form itself is the city's."""
    with acting(SYSTEM):
        return failing(row)


def check_can_be_certified(row: FormReturn) -> None:
    """Errors are put right, queries explained, and somebody answers by name."""
    found = failing(row)
    errors = [each.says for each in found if each.check.severity == Severity.ERROR]
    queries = [each.says for each in found if each.check.severity == Severity.QUERY]
    if errors:
        raise DomainError(
            f"有{len(errors)}项强制校验未通过：{'；'.join(errors[:3])}。请更正台账记录后重新核对。",
            code="checks",
        )
    if queries and not row.explanation.strip():
        raise DomainError(
            f"有{len(queries)}项核实校验未通过：{'；'.join(queries[:3])}。请在校验说明中写明原因。",
            field="explanation",
            code="checks",
        )
    if not row.signer.strip():
        raise DomainError("请填写签认负责人姓名。", field="signer")


def check_can_be_sent(row: FormReturn) -> None:
    """The signed cover lies with it, and the day makes sense."""
    if row.sent_on is None or not row.channel:
        raise DomainError("请填写报出日期和报送渠道。", field="sent_on")
    signed = row.signed_at.astimezone(clock.ZONE).date()
    if not signed <= row.sent_on <= clock.today():
        raise DomainError(f"报出日期须在签认日期{signed}至今天之间。", field="sent_on")
    if not any(each.media_type in _SCANS for each in attachments_of(row)):
        raise DomainError("请先打印封面，签字盖章后扫描，作为附件上传（PDF或图片）。")


def may_be_voided(row: FormReturn) -> None:
    """What the authority has stays as it was sent."""
    if row.state == "sent":
        raise Conflict("报表已经报出，不能作废；数有差错的，另行更正并向制定机关说明。")


def note_moments(row: FormReturn) -> None:
    """A signature is of the moment of certifying; whoever opens a return again takes it back."""
    if row.state in {"open", "prepared"}:
        row.signed_at, row.signer = None, ""
    elif row.state == "certified" and row.signed_at is None:
        row.signed_at = clock.now()

"""The values of submissions: read from the ledger, set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.numerals import rounded
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue, versions
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.drill import record_counts
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.statistics.models import DataSubmission, SubmissionValue
from gonghui.lines.statistics.services.checking import check_sheets
from gonghui.lines.statistics.services.periods import reported


def fill_sheets(sheets: list[DataSubmission], created: bool, by: Actor) -> None:
    """New sheets get their values at once, so that whoever opens one sees what there is."""
    if created:
        refresh(sheets, by)
        check_sheets(sheets, by)


def refresh(sheets: list[DataSubmission], by: Actor) -> None:
    """Read the values of sheets anew; explanations stay."""
    known: dict[int, dict[str, SubmissionValue]] = defaultdict(dict)
    for value in SubmissionValue.objects.filter(submission__in=sheets, voided_at=None):
        known[value.submission_id][value.indicator] = value
    codes = [each.code for each in reported()]
    fresh, changed = [], []
    for period, group in _by_period(sheets):
        read = _Read(codes, {sheet.org_id for sheet in group}, period)
        for sheet in group:
            for code in codes:
                there = known[sheet.pk].get(code)
                if there is not None:
                    changed.append((there, read.values(code, sheet.org_id)))
                elif read.is_worth_showing(code, sheet.org_id):
                    # The values themselves are read by `derive`, as for any other new row.
                    fresh.append({"submission": sheet, "org": sheet.org, "indicator": code})
    must(change_many(changed, by=by))
    must(create_many(SubmissionValue, fresh, by=by))


def derive_values(rows: list[SubmissionValue]) -> None:
    """A new row gets name, unit and figures of its indicator; nobody gives them."""
    fresh = [row for row in rows if row.as_of is None and row.submission_id and row.indicator]
    by_sheet = {row.submission_id: row.submission for row in fresh}
    for period, group in _by_period(by_sheet.values()):
        sheets = {sheet.pk for sheet in group}
        here = [row for row in fresh if row.submission_id in sheets]
        codes = sorted({catalogue.indicator(row.indicator).code for row in here})
        read = _Read(codes, {sheet.org_id for sheet in group}, period)
        for row in here:
            row.org_id = row.submission.org_id
            declared = catalogue.indicator(row.indicator)
            row.name, row.unit = declared.name, declared.unit
            for name, value in read.values(row.indicator, row.org_id).items():
                setattr(row, name, value)


def check_sheet_is_open(value: SubmissionValue) -> None:
    """What has been certified is no longer explained or added to."""
    if not is_by_rule() and value.submission.state not in {"open", "prepared"}:
        raise Conflict("上报单已签认，不能再改动；如有差错，请退回后重新核对。")


def may_be_taken_off(value: SubmissionValue) -> None:
    """A figure does not disappear from what somebody has prepared or signed."""
    if value.submission.state != "open":
        raise Conflict("上报单已提交签认，不能去掉其中的数。")


class _Read:
    """Figures of some organisations in a period and the one before it, with numbers of records."""

    def __init__(self, codes: list[str], orgs: Iterable[int], period: Period) -> None:
        orgs = sorted(orgs)
        self.now = figures(codes, orgs, period)
        self.before = figures(codes, orgs, period.preceding(), beside=period)
        posted = [code for code in codes if catalogue.indicator(code).is_posted]
        self.counts = record_counts(posted, orgs, period)
        self.moment = clock.now()

    def is_worth_showing(self, code: str, org: int) -> bool:
        """A figure that is and was nothing is left out."""
        return bool(self.now[code, org].value or self.before[code, org].value)

    def values(self, code: str, org: int) -> dict[str, object]:
        """The columns of one row."""
        declared = catalogue.indicator(code)
        now, before = (kept(read[code, org].value, declared) for read in (self.now, self.before))
        change = now - before if now is not None and before is not None else None
        # That two figures cannot be compared is said of both.
        marks = [
            *self.now[code, org].marks,
            *(
                m if m == versions.INCOMPARABLE else f"上期{m}"
                for m in self.before[code, org].marks
            ),
        ]
        return {
            "value": now,
            "previous_value": before,
            "change": change,
            "records_count": self.counts.get((code, org)),
            "as_of": self.moment,
            "note": "；".join(marks)[:80],
        }


def kept(value: Decimal | None, declared: Indicator) -> Decimal | None:
    """The figure as screens print it and somebody signs it: 95.3 for a rate, not 0.9532."""
    if value is None:
        return None
    if declared.unit == "%":
        return rounded(value * 100, Decimal(1).scaleb(-declared.decimals))
    return rounded(value, Decimal(1).scaleb(-max(declared.decimals, 2)))


def _by_period(sheets: Iterable[DataSubmission]) -> list[tuple[Period, list[DataSubmission]]]:
    found: dict[Period, list[DataSubmission]] = defaultdict(list)
    for sheet in sheets:
        found[sheet.period.period].append(sheet)
    return sorted(found.items(), key=lambda each: each[0])


def check_is_signed(sheet: DataSubmission) -> None:
    """Somebody answers for the figures by name."""
    if not sheet.signer.strip():
        raise DomainError("请填写签认负责人姓名。", field="signer")


def note_moments(sheet: DataSubmission) -> None:
    """The moment of the figures is that of preparing; of the signature, that of certifying."""
    now = clock.now()
    if sheet.state == "open":
        sheet.as_of, sheet.signed_at, sheet.certified_on, sheet.signer = None, None, None, ""
    elif sheet.state == "prepared" and sheet.as_of is None:
        sheet.as_of = now
    elif sheet.state == "certified" and sheet.signed_at is None:
        sheet.signed_at, sheet.certified_on = now, now.date()

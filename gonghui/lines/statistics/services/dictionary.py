"""The dictionary of indicators: versions of definitions, and figures of the time before the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period, parse_period
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.reading import AsOf, Window
from gonghui.kernel.ledger.versions import Version
from gonghui.kernel.parameters.values import once, value_of
from gonghui.lines.statistics.models import HistoricalFigure, HistoricalSource, IndicatorVersion

_NO_START = "请先由系统管理员设置参数“系统启用日期”（写成2012-01-01的形式，此日以前没有台账记录），再登记历史数据。"
_PERCENT = "%"


def name_indicator(row: IndicatorVersion | HistoricalFigure) -> None:
    """A record keeps the code and the name of its indicator, whichever of them was given."""
    declared = catalogue.by_name(row.indicator)
    row.indicator, row.name = declared.code, declared.name


# Versions


def derive_version(row: IndicatorVersion) -> None:
    """A version has the next number of its indicator once it is published."""
    name_indicator(row)
    if row.state == "published" and row.version_no is None:
        of_same = IndicatorVersion.objects.filter(indicator=row.indicator, voided_at=None)
        row.version_no = (of_same.aggregate(last=Max("version_no"))["last"] or 0) + 1


def check_comes_after(row: IndicatorVersion) -> None:
    """Versions follow one another in time, so that what held on a past day does not change."""
    published = IndicatorVersion.objects.filter(
        indicator=row.indicator, state="published", voided_at=None
    )
    last = published.order_by("-valid_from").first()
    if last is not None and last.valid_from >= row.valid_from:
        raise DomainError(
            f"“{row.name}”已有{last.valid_from}起用的版本，新版本须在这以后起用。",
            field="valid_from",
        )


def may_be_voided(row: IndicatorVersion) -> None:
    """What was published was shown, and stays."""
    if row.state == "published":
        raise Conflict("已公布的版本不能作废；口径再有调整的，请登记新的版本。")


def published_versions() -> Mapping[str, Sequence[Version]]:
    """The ledger's question: all published versions by code, the oldest first."""
    return once("statistics.versions", _published)


def _published() -> Mapping[str, Sequence[Version]]:
    found: dict[str, list[Version]] = defaultdict(list)
    with acting(SYSTEM):
        rows = IndicatorVersion.objects.filter(state="published", voided_at=None)
        for row in rows.order_by("valid_from"):
            found[row.indicator].append(
                Version(
                    number=row.version_no,
                    valid_from=row.valid_from,
                    counted=row.counted,
                    not_counted=row.not_counted,
                    boundary=row.boundary,
                    change_note=row.change_note,
                    is_comparable=row.is_comparable,
                )
            )
    return found


# Figures of before the records


def starts_on() -> date | None:
    """The first day that has records; None until somebody says so as a date."""
    try:
        return date.fromisoformat(str(value_of("reports.system_start")))
    except ValueError:
        return None


def derive_figure(row: HistoricalFigure) -> None:
    """The period as it is called, its days, and when it was checked."""
    name_indicator(row)
    row.unit = catalogue.indicator(row.indicator).unit
    period = parse_period(row.days)
    row.days, row.start_on, row.end_on = _called(period), period.start, period.end
    if row.state == "checked" and row.checked_at is None:
        row.checked_at = clock.now()


def _called(period: Period) -> str:
    """A name of a period that can be read again."""
    try:
        if parse_period(period.label()) == period:
            return period.label()
    except DomainError:
        pass
    return f"{period.start}至{period.end}"


def check_is_before_records(row: HistoricalFigure) -> None:
    """What the records say is never replaced."""
    start = starts_on()
    if start is None:
        raise DomainError(_NO_START, field="days")
    if row.end_on >= start:
        raise DomainError(
            f"{row.days}不在系统启用日期{start}以前，该期间的数由台账产生，不能登记历史数据。",
            field="days",
        )


def check_has_document(row: HistoricalFigure) -> None:
    """The document itself lies with its source."""
    if not attachments_of(row.source).exists():
        raise DomainError(f"“{row.source}”还没有上传文件，请先在来源文件上添加附件，再核对。")


def check_was_entered_by_another(row: HistoricalFigure, by: Actor) -> None:
    """Also whoever changed a number last does not check it."""
    if by.user_id is not None and row.changed_by == by.user_id:
        raise NotAllowed("登记、修改的人不能自己核对，请由他人办理。")


def past_figures(
    codes: Sequence[str], org_ids: Sequence[int], period: Period, as_of: AsOf
) -> dict[tuple[str, int], Decimal]:
    """The ledger's question: checked figures of exactly these days, as known at a moment."""
    known = Q(voided_at=None)
    if as_of is not None:
        before = Window(period=period, as_of=as_of).before
        known = Q(checked_at__lt=before) & (known | Q(voided_at__gte=before))
    with acting(SYSTEM):
        rows = HistoricalFigure.objects.filter(
            known,
            state="checked",
            indicator__in=list(codes),
            org__in=list(org_ids),
            start_on=period.start,
            end_on=period.end,
        )
        return {
            (row.indicator, row.org_id): _trimmed(
                row.value / 100 if row.unit == _PERCENT else row.value
            )
            for row in rows
        }


def _trimmed(value: Decimal) -> Decimal:
    """Without zeros at its end, as the ledger gives its numbers."""
    return Decimal(f"{value.normalize():f}")


# Sheets


def indicators_named(texts: set[str]) -> dict[str, object]:
    """The codes of indicators by code, name or alias."""
    found: dict[str, object] = {}
    for text in texts:
        try:
            found[text] = catalogue.by_name(text).code
        except DomainError as error:
            found[text] = error
    return found


def periods_named(texts: set[str]) -> dict[str, object]:
    """Periods as they are called, however they are written."""
    found: dict[str, object] = {}
    for text in texts:
        try:
            found[text] = _called(parse_period(text))
        except DomainError as error:
            found[text] = error
    return found


def sources_named(texts: set[str]) -> dict[str, object]:
    """Documents by title or number."""
    rows = HistoricalSource.objects.filter(
        Q(title__in=texts) | Q(document_no__in=texts - {""}), voided_at=None
    )
    return {name: row for row in rows for name in (row.title, row.document_no) if name in texts}

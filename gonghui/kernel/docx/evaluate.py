"""From a tag to its printed text: asks the source, does the arithmetic, insists on true words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period, parse_period
from gonghui.base.wording import Word, percent

from .charts import Chart
from .kinds import (
    CHOSEN,
    ChartTag,
    CiteTag,
    Compare,
    CompareTag,
    Condition,
    DayTag,
    FactTag,
    FigureTag,
    Given,
    ListTag,
    PendingTag,
    Query,
    RateTag,
    RestTag,
    Style,
    TableTag,
    Tag,
    TextTag,
)
from .saying import (
    PERCENT,
    POINTS,
    Said,
    day_in_words,
    exact,
    is_ratio,
    say,
    with_direction,
)
from .sources import (
    Basis,
    FactValue,
    FigureKind,
    FigureSource,
    FigureValue,
    IndicatorInfo,
    NotYet,
    Unknown,
    When,
)
from .tags import plain

_SIGNS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "≥": lambda a, b: a >= b,
    "≤": lambda a, b: a <= b,
    "≠": lambda a, b: a != b,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAnswer:
    """The figure behind a printed text."""

    kind: str
    info: IndicatorInfo
    got: FigureValue
    value: Decimal | None
    exact: str
    org: str = ""
    basis: str = ""
    against: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tag prints, and the figure or the fact behind it if there is one.

    A table is one head and rows of cells, each an answer of its own; it and a chart stand in a
    paragraph of their own.
    """

    said: Said
    figure: FigureAnswer | None = None
    fact: FactValue | None = None
    table: tuple[tuple[Answer, ...], ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A figure that has been asked for, with what it was asked by."""

    info: IndicatorInfo
    when: When
    period: Period
    org: str | None
    part: str | None
    got: FigureValue
    value: Decimal


class Evaluator:
    """Answers tags from one source with one cut-off day.

    `answer` and `holds` raise NotYet for what is missing and another DomainError for what the
    author must mend; an `Unknown` carries the names to suggest from.
    """

    def __init__(self, source: FigureSource, as_of: date) -> None:
        self._source = source
        self._as_of = as_of
        self._known = {plain(name): name for name in source.names()}

    def answer(self, tag: Tag) -> Answer:
        """What a tag prints."""
        match tag:
            case FigureTag():
                return self._figure(tag)
            case RateTag():
                return self._rate(tag)
            case RestTag():
                return self._rest(tag)
            case CompareTag():
                return self._compare(tag)
            case CiteTag():
                return self._cite(tag)
            case FactTag():
                return self._fact(tag)
            case ListTag() | TableTag() | ChartTag():
                return self._several(tag)
            case TextTag() | DayTag():
                return _text(self._words(tag))
            case PendingTag():
                raise NotYet(tag.what)
            case _:
                raise DomainError("“如”“否则”“完”没有配对", code="bad_tag")

    def _several(self, tag: ListTag | TableTag | ChartTag) -> Answer:
        match tag:
            case ListTag():
                return self._list(tag)
            case TableTag():
                return self._table(tag)
            case ChartTag():
                return self._chart(tag)

    def _words(self, tag: TextTag | DayTag) -> str:
        if isinstance(tag, TextTag):
            return self._source.text(tag.name)
        return day_in_words(self._source.day(tag.name), in_characters=tag.capital)

    def holds(self, condition: Condition | Given) -> bool:
        """Whether a condition is true."""
        if isinstance(condition, Given):
            return self._is_given(condition.name)
        return self._weigh(condition)[0]

    def _is_given(self, name: str) -> bool:
        try:
            return bool(self._source.text(name))
        except NotYet:
            return False

    def _weigh(self, condition: Condition) -> tuple[bool, str, IndicatorInfo]:
        left = self._read(condition.left)
        evidence = f"{left.info.name}{exact(left.value, left.info)}（{left.got.period}）"
        if isinstance(condition.right, Decimal):
            right, shown = condition.right, exact(condition.right, left.info)
        else:
            other = self._read(condition.right)
            right, shown = other.value, f"{other.info.name}{exact(other.value, other.info)}"
        fits = _SIGNS[condition.sign](left.value, right)
        return fits, f"{evidence} {condition.sign} {shown}", left.info

    # Reading the source

    def _read(self, query: Query) -> _Read:
        info, org = self._names(query.names)
        period = self._period(query, info)
        when = _when(info, period)
        got = self._source.figure(info.code, when, org, query.part)
        if got.value is None:
            raise NotYet(f"{info.name}（{got.period}）还没有数据")
        return _Read(
            info=info, when=when, period=period, org=org, part=query.part, got=got, value=got.value
        )

    def _names(self, names: tuple[str, ...]) -> tuple[IndicatorInfo, str | None]:
        """The indicator among the words of a tag, and the organisation if there is one."""
        first_error: Unknown | None = None
        for name in names:
            try:
                info = self._source.indicator(self._known.get(name, name))
            except Unknown as unknown:
                first_error = first_error or unknown
                continue
            others = [other for other in names if other != name]
            return info, self._source.org(others[0]) if others else None
        raise Unknown("指标", names[0], self._known.values()) from first_error

    def _period(self, query: Query, info: IndicatorInfo) -> Period:
        if query.campaign:
            return self._source.campaign(query.campaign)
        if query.period:
            return parse_period(query.period, self._as_of)
        if info.default_basis is Basis.FIRST_HALF:
            return Period.half(self._as_of.year, 1)
        if info.default_basis is Basis.CAMPAIGN:
            raise DomainError(f"“{info.name}”按活动期统计，请写明“活动期 代码”", code="bad_tag")
        return Period.year_to_date(self._as_of)

    def _target(self, read: _Read, issuer: str) -> tuple[Decimal, str]:
        target = self._source.target(read.info.code, issuer, read.period.end, read.org)
        if target.value is None:
            raise NotYet(f"{issuer}没有下达“{read.info.name}”{read.period.end.year}年目标")
        return target.value, target.label

    # The kinds of tags

    def _figure(self, tag: FigureTag) -> Answer:
        read = self._read(tag.query)
        previous = None
        if tag.style.wording.word is Word.BEYOND:
            previous = self._source.previous(read.info.code, read.when, read.org)
        said = say(read.value, tag.style, _unit(read.info), previous)
        return _answer("数", read, read.value, said, exact(read.value, read.info))

    def _rate(self, tag: RateTag) -> Answer:
        read = self._read(tag.query)
        target, label = self._target(read, tag.issuer)
        if target == 0:
            raise DomainError(f"{label}为0，无法计算完成率", code="no_base")
        ratio = read.value / target
        shown = f"{exact(read.value, read.info)} ÷ {exact(target, read.info)} = {percent(ratio, 2)}"
        said = say(ratio, tag.style, PERCENT)
        return _answer("率", read, ratio, said, shown, label, tag.issuer)

    def _rest(self, tag: RestTag) -> Answer:
        read = self._read(tag.query)
        target, label = self._target(read, tag.issuer)
        rest = max(target - read.value, Decimal(0))
        shown = f"{exact(target, read.info)} − {exact(read.value, read.info)}"
        said = say(rest, tag.style, _unit(read.info))
        return _answer("差", read, rest, said, shown, label, tag.issuer)

    def _compare(self, tag: CompareTag) -> Answer:
        read = self._read(tag.query)
        yearly = tag.against is Compare.YEAR
        before = read.period.a_year_earlier() if yearly else read.period.preceding()
        when = _when(read.info, before)
        got = self._source.figure(read.info.code, when, read.org, read.part, beside=read.when)
        if got.value is None:
            raise NotYet(f"{read.info.name}没有{got.period}的数据，无法作{tag.against}")
        change, unit = read.value - got.value, POINTS
        if not is_ratio(read.info):
            if got.value == 0:
                past = "上年同期" if yearly else "上期"
                raise DomainError(f"{past}为零，无法计算{tag.against}", code="no_base")
            change, unit = change / got.value, PERCENT
        said = say(abs(change), tag.style, unit)
        if not tag.style.bare:
            said = with_direction(said, change)
        basis = f"{got.period} {exact(got.value, read.info)}"
        told = _answer("比", read, change, said, percent(change, 2), basis, got.period)
        return _marked(told, got.marks, before="上年同期" if yearly else "上期")

    def _cite(self, tag: CiteTag) -> Answer:
        cited = self._source.cite(tag.register, tag.record, tag.fields)
        words = (tag.register, tag.record, *tag.fields)
        info = IndicatorInfo(
            code=f"cite:{'/'.join(words)}",
            name=cited.label,
            unit=cited.unit,
            owner=cited.owner,
            definition=f"引自{' '.join(words)}",
        )
        number = cited.value if isinstance(cited.value, Decimal) else None
        said = Said(printed=str(cited.value))
        shown = said.printed
        if number is not None:
            said, shown = say(number, tag.style, _unit(info)), exact(number, info)
        got = FigureValue(
            value=number,
            records_count=1,
            register=tag.register,
            period="",
            as_of=cited.as_of,
            url=cited.url,
        )
        figure = FigureAnswer(kind="引", info=info, got=got, value=number, exact=shown)
        return Answer(said=said, figure=figure)

    def _list(self, tag: ListTag) -> Answer:
        info, org = self._names(tag.query.names)
        period = self._period(tag.query, info)
        found = self._source.listing(info.code, _when(info, period), org, tag.fields)
        if not found.rows:
            raise NotYet(f"{info.name}（{found.period}）没有记录")
        printed = "、".join(_entry(row) for row in found.rows)
        evidence = f"名单：{info.name}（{found.period}）共{len(found.rows)}条记录"
        fact = FactValue(code=info.code, true=True, evidence=evidence, owner=info.owner)
        return Answer(said=Said(printed=printed), fact=fact)

    def _table(self, tag: TableTag) -> Answer:
        known = [(query, *self._names(query.names)) for query in self._spelled_out(tag.queries)]
        head = [_text("单位")]
        for _, info, _ in known:
            head.append(_text(f"{info.name}（{_unit(info)}）"))
            head += [_text(f"{tag.issuer}计划"), _text("完成率")] if tag.issuer else []
        rows = [tuple(head)]
        for label, unit in self._source.units(tag.group, known[0][2]):
            cells = [_text(label)]
            for query, info, org in known:
                cells += self._cells(_only(query, info, unit or org), tag.issuer)
            rows.append(tuple(cells))
        return Answer(
            said=Said(printed=""), table=_ranked(rows, tag) if tag.ranked else tuple(rows)
        )

    def _spelled_out(self, queries: tuple[Query, ...]) -> Iterator[Query]:
        """The queries of a table, those of the document's own choice named one by one."""
        for query in queries:
            name, *org = query.names
            names = self._source.chosen() if name == CHOSEN else (name,)
            yield from (replace(query, names=(each, *org)) for each in names)

    def _cells(self, query: Query, issuer: str | None) -> list[Answer]:
        """A figure of one organisation, and its plan and rate; a dash where there is no plan."""
        cells = [self._figure(FigureTag(query=query, style=Style()))]
        if issuer is None:
            return cells
        read = self._read(query)
        try:
            target, _ = self._target(read, issuer)
            rate = self._rate(RateTag(query=query, issuer=issuer, style=Style()))
        except NotYet:
            return [*cells, _text("—"), _text("—")]
        return [*cells, _text(_bare(target)), rate]

    def _chart(self, tag: ChartTag) -> Answer:
        info, org = self._names(tag.query.names)
        parts = [(label, unit) for label, unit in self._source.units(tag.group, org) if unit]
        if not parts:
            raise NotYet(f"{tag.group}（没有这样的组织）")
        reads = [(label, self._read(_only(tag.query, info, unit))) for label, unit in parts]
        times = 100 if is_ratio(info) else 1
        chart = Chart(
            title=f"{info.name}（{_unit(info)}，{reads[0][1].got.period}）",
            bars=tuple((label, read.value * times) for label, read in reads),
        )
        told = "、".join(f"{label}{exact(read.value, info)}" for label, read in reads)
        fact = FactValue(code=info.code, true=True, evidence=f"图：{told}", owner=info.owner)
        return Answer(said=Said(printed=""), fact=fact, chart=chart)

    def _fact(self, tag: FactTag) -> Answer:
        if isinstance(tag.fact, Condition):
            true, evidence, info = self._weigh(tag.fact)
            fact = FactValue(code=info.code, true=true, evidence=evidence, owner=info.owner)
        else:
            fact = self._source.fact(tag.fact)
        if not fact.true:
            wanting = f"，尚缺{fact.missing}" if fact.missing else ""
            raise DomainError(f"这句话不成立：{fact.evidence}{wanting}", code="not_true")
        return Answer(said=Said(printed=""), fact=fact)


def _ranked(rows: list[tuple[Answer, ...]], tag: TableTag) -> tuple[tuple[Answer, ...], ...]:
    """The rows below the whole in order, the best first, with their places; equals share one.

    What counts is the rate of the first figure where there is a plan, else the figure; a row without
    it comes last and has no place.
    """
    head, whole, *parts = rows
    column = 3 if tag.issuer else 1
    values = [each.value if (each := row[column].figure) else None for row in parts]
    order = sorted(range(len(parts)), key=lambda i: (values[i] is None, -(values[i] or 0)))
    placed = [(*parts[i], _text(_place_of(values[i], values))) for i in order]
    return ((*head, _text("名次")), (*whole, _text("—")), *placed)


def _place_of(value: Decimal | None, values: list[Decimal | None]) -> str:
    if value is None:
        return "—"
    return str(1 + sum(other is not None and other > value for other in values))


def _only(query: Query, info: IndicatorInfo, org: str | None) -> Query:
    """The same question for one organisation."""
    return replace(query, names=(info.code, org) if org else (info.code,))


def _bare(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(words: str) -> Answer:
    return Answer(said=Said(printed=words))


def _entry(row: tuple[str, ...]) -> str:
    """A record in a list: its first field, the others in brackets."""
    first, *others = row
    return f"{first}（{'，'.join(others)}）" if others else first


def _when(info: IndicatorInfo, period: Period) -> When:
    return period.end if info.kind is FigureKind.STOCK else period


def _unit(info: IndicatorInfo) -> str:
    return PERCENT if is_ratio(info) else info.unit


def _answer(
    kind: str,
    read: _Read,
    value: Decimal,
    said: Said,
    shown: str,
    basis: str = "",
    against: str = "",
) -> Answer:
    part = f"其中{read.part}" if read.part else ""
    figure = FigureAnswer(
        kind=kind,
        info=read.info,
        got=read.got,
        value=value,
        exact=shown,
        org=read.org or "",
        basis=basis or part,
        against=f"{against}{part}",
        marks=read.got.marks,
    )
    return Answer(said=said, figure=figure)


def _marked(told: Answer, marks: tuple[str, ...], before: str) -> Answer:
    """A change, with what has to be said of the figure that it is measured from."""
    assert told.figure is not None  # noqa: S101 - whoever calls has just made it
    both = (*told.figure.marks, *(f"{before}：{mark}" for mark in marks))
    return replace(told, figure=replace(told.figure, marks=both))

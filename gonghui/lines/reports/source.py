"""Where reports get their figures, targets and facts: the ledger, as known at one moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period, parse_period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.kinds import CHOSEN
from gonghui.kernel.docx.sources import (
    Basis,
    CitedValue,
    FactValue,
    FigureKind,
    FigureValue,
    IndicatorInfo,
    Listing,
    NotYet,
    TargetValue,
    Unknown,
    When,
)
from gonghui.kernel.ledger import catalogue, figures, past, seals, targets
from gonghui.kernel.ledger.declare import Figure, Indicator, Kind
from gonghui.kernel.ledger.drill import records_of
from gonghui.kernel.ledger.models import Seal
from gonghui.kernel.orgs.models import NODE_LEVELS, Org, OrgLevel
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.reports.facts import FACTS, NAMES, Fact
from gonghui.lines.reports.models import DataBasis
from gonghui.lines.reports.quoting import MOST_LISTED, Quoting
from gonghui.shared.campaigns.models import Campaign

_KINDS = {
    Kind.FLOW: FigureKind.FLOW,
    Kind.STOCK: FigureKind.STOCK,
    Kind.DISTINCT: FigureKind.DISTINCT,
    Kind.RATIO: FigureKind.RATIO,
    Kind.PLAN: FigureKind.RATIO,
    Kind.YOY: FigureKind.YOY,
    Kind.DIFFERENCE: FigureKind.FLOW,
    Kind.AVERAGE: FigureKind.FLOW,
    Kind.COVERAGE: FigureKind.RATIO,
}
_GROUPS = {
    "各县区": OrgLevel.COUNTY,
    "各县(市)区": OrgLevel.COUNTY,
    "各产业": OrgLevel.INDUSTRY,
    "各乡镇": OrgLevel.TOWNSHIP,
}
_SIGNS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda left, right: left > right,
    "≥": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose figure was asked for, and of which days."""

    org_id: int
    period: Period


@dataclass(kw_only=True)
class LedgerSource:
    """Answers for an organisation and those below it; nothing beyond them can be asked.

    `texts` and `days` are the variables that the document itself gives (报告人, 会议日). The `url`
    of a figure is a key of `asked`, from which screens make their own links. `basis` tells whether
    sealed figures go before the ledger's.
    """

    root: Org
    as_of: date | datetime
    basis: str = DataBasis.LIVE
    texts: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date | None] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    _orgs: dict[str, Org] = field(default_factory=dict)

    # Indicators

    def indicator(self, name: str) -> IndicatorInfo:
        """The indicator with this code, name or alias, or one that the shipped templates name."""
        return _info(self._declared(name))

    def names(self) -> list[str]:
        """All names, aliases, and the names of shipped templates."""
        found = [n for each in catalogue.all_indicators() for n in (each.name, *each.aliases)]
        return list(dict.fromkeys([*found, *NAMES]))

    def _declared(self, name: str) -> Indicator:
        try:
            return catalogue.by_name(name)
        except DomainError:
            planned = NAMES.get(name)
        if planned is None:
            raise Unknown("指标", name, self.names())
        try:
            return catalogue.indicator(planned)
        except DomainError:
            raise NotYet(f"{name}（业务线尚未启用）") from None

    # Figures

    def figure(
        self,
        code: str,
        when: When,
        org: str | None,
        part: str | None = None,
        *,
        beside: When | None = None,
    ) -> FigureValue:
        """A figure at and below the report's organisation, or one below it."""
        declared = catalogue.indicator(code)
        if part is not None:
            raise NotYet(f"{declared.name}按“{part}”的分类（尚未启用）")
        whose, period = self._whose(org), _period(when)
        found, moment, known = self._told(declared, whose, period, beside)
        if found.value is None and found.note:
            raise NotYet(f"{declared.name}{found.note}")
        posted = _posted_behind(declared)
        register, model = catalogue.source_of(posted.code)
        is_past = past.HISTORICAL in found.marks
        if not found.value and not is_past and not _has_rows(model):
            raise NotYet(f"{declared.name}还没有登记记录")
        return FigureValue(
            value=found.value,
            records_count=0 if is_past else records_of(posted.code, whose, period, moment).count(),
            register=register,
            period=period.label(),
            as_of=known,
            url=self._note(whose, period),
            marks=found.marks,
        )

    def _told(
        self, declared: Indicator, whose: Org, period: Period, beside: When | None
    ) -> tuple[Figure, date | datetime, str]:
        """A figure, the moment as of which it is told, and that moment in words."""
        moment, known, sealed = self.as_of, self._moment(), None
        if self.basis != DataBasis.LIVE:
            sealed = self._seal(declared, whose, period)
            if sealed is not None:
                moment = sealed.as_of.astimezone(clock.ZONE)
            elif self.basis == DataBasis.SEALED_ONLY:
                raise NotYet(f"{declared.name}{period.label()}的封存数（尚未封存）")
            known = f"{moment:%Y-%m-%d}{'（封存集）' if sealed else '（未封存，现时数）'}"
        later = None if beside is None else _period(beside)
        asked = figures.figures([declared.code], [whose], period, moment, beside=later)
        found = asked[declared.code, whose.pk]
        code = catalogue.behind_alias(declared.code).code
        if sealed is not None and code in sealed.codes and past.HISTORICAL not in found.marks:
            kept = seals.sealed_values(sealed, [code], [whose])
            found = replace(found, value=kept.get((code, whose.pk), Decimal(0)))
        return found, moment, known

    def _seal(self, declared: Indicator, whose: Org, period: Period) -> Seal | None:
        behind = catalogue.posted_behind(declared.code)
        is_stock = all(catalogue.indicator(code).is_stock for code in behind)
        return seals.in_force(whose.chain, period, behind, self.as_of, at_end=is_stock)

    def target(self, code: str, issuer: str, day: date, org: str | None) -> TargetValue:
        """The target for the year of a day."""
        whose = self._whose(org)
        found = targets.targets_of(code, [whose.pk], day, self.as_of, issuer).get(whose.pk)
        unit = catalogue.indicator(code).unit
        shown = "目标值未录入" if found is None else f"目标{_plain(found)}{unit}"
        return TargetValue(value=found, label=f"{issuer}{day.year}年{shown}")

    def previous(self, code: str, when: When, org: str | None) -> Decimal | None:
        """The value of the period before; of a stock, a year earlier."""
        before = when.preceding() if isinstance(when, Period) else _period(when).a_year_earlier()
        return figures.figure(code, self._whose(org), before, self.as_of).value

    def campaign(self, code: str) -> Period:
        """The window of the campaign with this code or name."""
        with acting(SYSTEM):
            campaigns = Campaign.objects.filter(voided_at=None)
            found = campaigns.filter(Q(code=code) | Q(name=code)).order_by("-window_from").first()
            if found is None and not campaigns.exists():
                raise NotYet(f"活动{code}（还没有登记专项活动）")
            if found is None:
                raise Unknown("活动", code, campaigns.values_list("code", flat=True))
        return Period(found.window_from, found.window_to)

    def cite(self, register: str, record: str, fields: tuple[str, ...]) -> CitedValue:
        """A field of one record at or below the report's organisation, as it stood at the cut-off."""
        return Quoting(root=self.root, as_of=self.as_of).cite(register, record, fields)

    def listing(self, code: str, when: When, org: str | None, fields: tuple[str, ...]) -> Listing:
        """Fields of the records behind a figure, as they stood at the cut-off."""
        period = _period(when)
        posted = _posted_behind(catalogue.indicator(code))
        found = records_of(posted.code, self._whose(org), period, self.as_of)
        register = register_of(found.register_key)
        with acting(SYSTEM):
            rows = Quoting(root=self.root, as_of=self.as_of).listing(
                register, found.visible(), fields
            )
        return Listing(rows=rows, register=register.key, period=period.label())

    def chosen(self) -> tuple[str, ...]:
        """The indicators that the document names."""
        return tuple(split_names(self.text(CHOSEN)))

    def units(self, group: str, org: str | None) -> list[tuple[str, str | None]]:
        """The organisation and those of a group at or below it, in the order of their codes."""
        whose = self._whose(org)
        level, day = _GROUPS.get(group), self._day()
        with acting(SYSTEM):
            there = Org.objects.filter(
                Q(dissolved_on=None) | Q(dissolved_on__gt=day),
                Q(established_on=None) | Q(established_on__lte=day),
                path__startswith=whose.path,
                voided_at=None,
            ).exclude(pk=whose.pk)
            parts = there.filter(level=level) if level else there.filter(superior=whose)
            in_order = parts.select_related("division").order_by("division__code", "code")
            found = list(in_order[: MOST_LISTED + 1])
        if len(found) > MOST_LISTED:
            raise DomainError(f"{group}超过{MOST_LISTED}个，不宜写进正文。", code="too_many")
        return [(_short(whose), org), *((_short(each), each.name) for each in found)]

    # Facts

    def fact(self, code: str) -> FactValue:
        """A fact of `facts.FACTS`."""
        fact = FACTS.get(code)
        if fact is None:
            raise Unknown("事实", code, FACTS)
        known = {each.code for each in catalogue.all_indicators()}
        sides = [side for side in (fact.left, fact.right) if isinstance(side, str)]
        if not known.issuperset(sides):
            raise NotYet(f"“{fact.says}”的依据（业务线尚未启用）")
        return self._weighed(fact)

    def _weighed(self, fact: Fact) -> FactValue:
        declared = catalogue.indicator(fact.left)
        left = self._side(fact.left, fact.period)
        right = (
            fact.right if isinstance(fact.right, Decimal) else self._side(fact.right, fact.period)
        )
        shown = f"{declared.name}{_plain(left)}{declared.unit}"
        if isinstance(fact.right, str):
            other = catalogue.indicator(fact.right)
            shown += f"，{other.name}{_plain(right)}{other.unit}"
        wanting = f"{_plain(right - left)}{declared.unit}" if left < right else ""
        return FactValue(
            code=fact.code,
            true=left > 0 and _SIGNS[fact.sign](left, right),
            evidence=f"{fact.says}：{shown}",
            missing=wanting,
            owner=declared.owner,
        )

    def _side(self, code: str, period: str) -> Decimal:
        text = period.format(year=self.as_of.year) or "年初至今"
        found = self.figure(code, parse_period(text, self._day()), None)
        return found.value or Decimal(0)

    # Words

    def org_of(self, key: int) -> Org:
        """An organisation whose figure was asked for."""
        known = {self.root.pk: self.root, **{org.pk: org for org in self._orgs.values()}}
        return known[key]

    def text(self, name: str) -> str:
        """A text of the document."""
        if name not in self.texts:
            raise Unknown("文字", name, self.texts)
        if not self.texts[name]:
            raise NotYet(f"{name}（未填写）")
        return self.texts[name]

    def day(self, name: str) -> date:
        """A date of the document."""
        if name not in self.days:
            raise Unknown("日期", name, self.days)
        found = self.days[name]
        if found is None:
            raise NotYet(f"{name}（未填写）")
        return found

    def org(self, name: str) -> str:
        """The full name of an organisation at or below the report's."""
        return str(self._found(name).name)

    def _found(self, name: str) -> Org:
        if name not in self._orgs:
            with acting(SYSTEM):
                self._orgs[name] = self._search(name)
        return self._orgs[name]

    def _search(self, name: str) -> Org:
        below = Org.objects.filter(path__startswith=self.root.path)
        for condition in (
            Q(name=name),
            Q(short_name=name),
            Q(name=f"{name}总工会") | Q(name=f"{name}工会"),
            Q(division__name=name, level__in=NODE_LEVELS),
        ):
            found: list[Org] = list(below.filter(condition).order_by("level", "code")[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise DomainError(f"有几个工会都叫“{name}”，请写全称。", code="ambiguous")
        nodes = below.filter(level__in=NODE_LEVELS)
        raise Unknown("组织", name, nodes.values_list("name", flat=True)[:500])

    def _whose(self, org: str | None) -> Org:
        return self.root if org is None else self._found(org)

    def _note(self, whose: Org, period: Period) -> str:
        key = f"{whose.pk}:{period.start}:{period.end}"
        self.asked[key] = Asked(org_id=whose.pk, period=period)
        return key

    def _day(self) -> date:
        return self.as_of.date() if isinstance(self.as_of, datetime) else self.as_of

    def _moment(self) -> str:
        shown = "%Y-%m-%d %H:%M" if isinstance(self.as_of, datetime) else "%Y-%m-%d"
        return self.as_of.strftime(shown)


def name_of_indicator(name: str) -> str:
    """What the dictionary calls an indicator; an unknown one is refused with those that look like it."""
    planned = NAMES.get(name)
    return name if planned is not None else catalogue.by_name(name).name


def split_names(text: str) -> list[str]:
    """The names in a list that somebody typed."""
    return list(dict.fromkeys(name for name in re.split(r"[、，,；;\s]+", text) if name))


def _short(org: Org) -> str:
    """What a table calls an organisation: its division's name, or its own short one."""
    if org.level in (OrgLevel.COUNTY, OrgLevel.TOWNSHIP) and org.division is not None:
        return str(org.division.name)
    return str(org.short_name or org.name)


def _info(declared: Indicator) -> IndicatorInfo:
    behind = catalogue.behind_alias(declared.code)
    kind = FigureKind.STOCK if behind.is_stock else _KINDS[behind.kind]
    return IndicatorInfo(
        code=declared.code,
        name=declared.name,
        unit=declared.unit,
        owner=declared.owner or behind.owner,
        definition=declared.definition or behind.definition,
        kind=kind,
        default_basis=Basis.POINT if kind is FigureKind.STOCK else Basis.YEAR_TO_DATE,
    )


def _posted_behind(declared: Indicator) -> Indicator:
    """The posted indicator whose records stand for one that is computed: its first source."""
    found = declared
    while not found.is_posted:
        found = catalogue.indicator(found.over[0])
    return found


def _has_rows(model: object) -> bool:
    with acting(SYSTEM):
        return bool(model.objects.exists())  # type: ignore[attr-defined]  # every model of a register


def _period(when: When) -> Period:
    return when if isinstance(when, Period) else Period(when, when)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

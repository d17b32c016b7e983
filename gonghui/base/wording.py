"""Truthful words: printing a figure with 近, 余, 多, 突破 ..., and judging what somebody printed.

A printed phrase must be true of the exact value. `phrase` prints one, `judge` reads one back;
whatever `phrase` prints, `judge` finds true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from gonghui.base.errors import DomainError
from gonghui.base.money import in_words
from gonghui.base.numerals import RoundMode, capital, rounded
from gonghui.base.printed import OVER, PERCENT_UNITS, SCALES, Printed, Word, read

__all__ = [
    "STANDARD",
    "NotTrue",
    "RoundMode",
    "Tolerances",
    "Verdict",
    "Word",
    "Wording",
    "judge",
    "percent",
    "phrase",
    "round_half_up",
]

_COVERAGE = frozenset({"全覆盖", "均", "都"})
_MOST_DECIMALS = 4
_PREFIXES = frozenset({Word.NEAR, Word.ABOUT, Word.BEYOND, Word.EXCEED, Word.REACH})
_LOWER_BOUNDS = OVER | {Word.ABOVE, Word.BEYOND, Word.EXCEED}


class NotTrue(DomainError):
    """The asked wording cannot be printed truthfully."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """How far words may stray from the exact value, as shares of it (parameters `round.*`)."""

    flat_tol: Decimal = Decimal("0.005")
    near_tol: Decimal = Decimal("0.05")
    near_hint: Decimal = Decimal("0.03")
    over_max: Decimal = Decimal("0.20")
    loss_max: Decimal = Decimal("0.05")
    mode: RoundMode = "half_up"


STANDARD = Tolerances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a tag wants its figure printed.

    `step` (取整N) counts in units of the scale: 10 with 万 rounds to 100,000. Without it the
    coarsest step is taken that loses no more than `loss_max`. Without `decimals` a plain
    figure gets as few as are truthful.
    """

    word: Word = Word.EXACT
    step: int | None = None
    scale: str = ""
    decimals: int | None = None
    capital: bool = False

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise DomainError(f"不认识的数量级“{self.scale}”，可用千、万、百万、亿", code="wording")
        if self.step is not None and self.step < 1:
            raise DomainError("“取整”后面应为正整数，例如“取整10”", code="wording")
        if self.decimals is not None and not 0 <= self.decimals <= 6:
            raise DomainError("小数位数应为0至6", code="wording")
        if self.decimals and self.word in OVER:
            raise DomainError("“余”“多”不能与小数连用", code="wording")
        plain = self.word in {Word.EXACT, Word.REACH}
        if self.capital and (not plain or self.scale or self.step or self.decimals):
            raise DomainError(
                "“大写”只用于准确值，不能再加概数词、数量级、取整或小数", code="wording"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a printed phrase is true; `reason` says why not, `hint` how to write better."""

    true: bool
    reason: str = ""
    hint: str = ""


def round_half_up(x: Decimal | int, decimals: int = 0) -> Decimal:
    """The value with so many decimals, halves away from zero (四舍五入)."""
    return Decimal(x).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def percent(ratio: Decimal | int, decimals: int = 0, mode: RoundMode = "half_up") -> str:
    """A ratio as a percentage, rounded once: 547/480 is 114%."""
    value = rounded(Decimal(ratio) * 100, Decimal(1).scaleb(-decimals), mode)
    return f"{value:.{decimals}f}%"


def phrase(
    x: Decimal | int,
    wording: Wording = Wording(),
    *,
    unit: str = "",
    previous: Decimal | int | None = None,
    tolerances: Tolerances = STANDARD,
) -> str:
    """The printed figure with its unit (近百万元); NotTrue if the word would not be true of x.

    With the unit % or 个百分点 x is a ratio. 突破 needs `previous`, the value published before.
    """
    exact = _finite(x)
    text = _best(exact, wording, unit, previous, tolerances)
    if text is None:
        other = _suggest(exact, wording.scale, unit, tolerances)
        raise NotTrue(
            f"准确值{_show(exact, unit in PERCENT_UNITS)}{'' if unit in PERCENT_UNITS else unit}"
            f"不能按“{_describe(wording)}”如实表述{other and '，' + other}"
        )
    return text


def judge(
    text: str,
    x: Decimal | int,
    *,
    previous: Decimal | int | None = None,
    unit: str = "",
    tolerances: Tolerances = STANDARD,
) -> Verdict:
    """Whether a printed phrase is true of the exact value (a ratio, for percentages).

    全覆盖, 均 and 都 are true of the ratio 1 only. 突破 without `previous` is taken as true and
    hinted at.
    """
    exact = _finite(x)
    bare = text.strip()
    if bare.removeprefix("实现").removeprefix("了") in _COVERAGE:
        whole = exact == 1
        return Verdict(
            true=whole, reason="" if whole else f"准确值为{_show(exact, True)}，不是100%"
        )
    if bare.startswith("人民币"):
        return _judge_words_of_money(bare, exact)
    try:
        printed = read(bare, unit)
    except DomainError as error:
        return Verdict(
            true=False,
            reason=error.message,
            hint=_suggest(exact, _scale_in(bare), unit, tolerances),
        )
    reason = _why_not(printed, exact, previous, tolerances)
    if reason:
        own_unit = "%" if printed.percent else unit
        hint = _suggest(exact, printed.scale, own_unit, tolerances)
        return Verdict(true=False, reason=reason, hint=hint)
    return Verdict(true=True, hint=_hint(printed, exact, previous, unit, tolerances))


def _finite(x: Decimal | int) -> Decimal:
    value = Decimal(x)
    if not value.is_finite():
        raise NotTrue("无法计算，不能写成数字")
    return value


def _judge_words_of_money(text: str, x: Decimal) -> Verdict:
    try:
        right = in_words(rounded(x, Decimal("0.01")))
    except DomainError as error:
        return Verdict(true=False, reason=error.message)
    true = text == right and x == rounded(x, Decimal("0.01"))
    return Verdict(true=true, reason="" if true else f"准确值的大写为“{right}”")


# What each word claims. A rule gives the reason why the phrase is not true, or nothing.


def _why_exact_is_not(p: Printed, x: Decimal, tol: Tolerances) -> str:
    value = _show(x, p.percent)
    if rounded(x, p.place, tol.mode) != p.number:
        return f"准确值为{value}，不是{_show(p.number, p.percent)}"
    # A percentage has its own rule: rounded once to whole percent, whatever is lost.
    if not p.percent and abs(x - p.number) > tol.flat_tol * abs(x):
        return f"准确值为{value}，写成{_show(p.number, False)}舍去太多"
    return ""


def _why_near_is_not(p: Printed, x: Decimal, tol: Tolerances) -> str:
    if x >= p.number:
        return f"准确值{_show(x, p.percent)}已达到{_show(p.number, p.percent)}，不能用“近”"
    if x < p.number * (1 - tol.near_tol):
        return f"准确值{_show(x, p.percent)}离{_show(p.number, p.percent)}太远，不能用“近”"
    return ""


def _why_over_is_not(p: Printed, x: Decimal, _tol: Tolerances) -> str:
    if p.number < x < p.number + p.room:
        return ""
    low, high = _show(p.number, p.percent), _show(p.number + p.room, p.percent)
    return f"准确值{_show(x, p.percent)}不在{low}与{high}之间（不含两端）"


def _why_about_is_not(p: Printed, x: Decimal, tol: Tolerances) -> str:
    if abs(x - p.number) <= tol.near_tol * p.number:
        return ""
    return f"准确值{_show(x, p.percent)}与{_show(p.number, p.percent)}相差太大，不能用“{p.word}”"


def _why_above_is_not(p: Printed, x: Decimal, _tol: Tolerances) -> str:
    if x >= p.number:
        return ""
    return f"准确值{_show(x, p.percent)}不到{_show(p.number, p.percent)}"


def _why_more_is_not(p: Printed, x: Decimal, _tol: Tolerances) -> str:
    if x > p.number:
        return ""
    return f"准确值{_show(x, p.percent)}没有超过{_show(p.number, p.percent)}"


_RULES: dict[Word, Callable[[Printed, Decimal, Tolerances], str]] = {
    Word.EXACT: _why_exact_is_not,
    Word.REACH: _why_exact_is_not,
    Word.NEAR: _why_near_is_not,
    Word.OVER_YU: _why_over_is_not,
    Word.OVER_DUO: _why_over_is_not,
    Word.ABOUT: _why_about_is_not,
    Word.AROUND: _why_about_is_not,
    Word.ABOVE: _why_above_is_not,
    Word.BEYOND: _why_more_is_not,
    Word.EXCEED: _why_more_is_not,
}


def _why_not(p: Printed, x: Decimal, previous: Decimal | int | None, tol: Tolerances) -> str:
    reason = _RULES[p.word](p, x, tol)
    if reason or p.word is not Word.BEYOND or previous is None or previous <= p.number:
        return reason
    before = _show(Decimal(previous), p.percent)
    return f"上次公布的{before}已超过{_show(p.number, p.percent)}，不能再说“突破”"


def _hint(
    p: Printed, x: Decimal, previous: Decimal | int | None, unit: str, tol: Tolerances
) -> str:
    value, number = _show(x, p.percent), _show(p.number, p.percent)
    if p.word is Word.NEAR and p.number - x > tol.near_hint * p.number:
        return f"准确值{value}比{number}低{percent((p.number - x) / p.number, 1)}，请斟酌“近”字"
    if p.word in _LOWER_BOUNDS and x - p.number > tol.over_max * p.number:
        other = _suggest(x, p.scale, "%" if p.percent else unit, tol)
        return f"准确值{value}比{number}多出{percent((x - p.number) / p.number)}{other and '，' + other}"
    if p.word is Word.BEYOND and previous is None:
        return f"没有上次公布的数可比，请核实此前未超过{number}"
    if p.percent and p.word in {Word.EXACT, Word.REACH} and (p.number in {0, 1}) and x != p.number:
        return f"准确值为{value}，写成{number}容易误解，请加小数"
    return ""


def _scale_in(text: str) -> str:
    """The scale of a phrase that could not be read, for a suggestion in the same style."""
    return next((scale for scale in ("亿", "万") if scale in text), "")


def _suggest(x: Decimal, scale: str, unit: str, tol: Tolerances) -> str:
    """Truthful ways to print x, as half a sentence, or nothing if there is none."""
    fits = scale if x >= SCALES[scale] else ""
    found = []
    for word in (Word.EXACT, Word.OVER_YU, Word.NEAR):
        text = _best(x, Wording(word=word, scale=fits), unit, None, tol, strict=True)
        if text is not None:
            found.append(f"“{text}”")
    return f"可写{'或'.join(found)}" if found else ""


def _best(
    x: Decimal,
    wording: Wording,
    unit: str,
    previous: Decimal | int | None,
    tol: Tolerances,
    *,
    strict: bool = False,
) -> str | None:
    """The first true phrase that loses little, else the one that loses least (unless strict)."""
    if x < 0 or (x == 0 and wording.word not in {Word.EXACT, Word.REACH}):
        return None
    if wording.capital:
        return _in_capitals(x, wording, unit)
    finest: str | None = None  # loses least of all
    for number, step in _candidates(x, wording, unit, tol):
        text = _print(number, step, wording, unit)
        try:
            printed = read(text, unit)
        except DomainError:
            continue
        if _why_not(printed, x, previous, tol):
            continue
        # Like every share of this module, the loss is a share of the printed number.
        plain = wording.step is not None or printed.word in {Word.EXACT, Word.REACH}
        loss = Decimal(0) if plain else abs(x - printed.number) / printed.number
        if loss <= tol.loss_max:
            return text
        finest = text
    return None if strict else finest


def _in_capitals(x: Decimal, wording: Wording, unit: str) -> str | None:
    prefix = wording.word.value if wording.word is Word.REACH else ""
    if unit == "元" and not prefix:
        return in_words(x) if x == rounded(x, Decimal("0.01")) else None
    if unit in PERCENT_UNITS or x != int(x):
        return None
    return f"{prefix}{capital(int(x))}{unit}"


def _candidates(
    x: Decimal, wording: Wording, unit: str, tol: Tolerances
) -> Iterator[tuple[Decimal, Decimal]]:
    """Numbers as they would be printed (before the scale) with their steps, coarsest first."""
    shown = x * 100 if unit in PERCENT_UNITS else x / SCALES[wording.scale]
    for step in _steps(shown, wording, unit):
        if wording.word is Word.NEAR:
            yield (shown / step).to_integral_value(rounding=ROUND_CEILING) * step, step
        elif wording.word in _LOWER_BOUNDS:
            yield (shown / step).to_integral_value(rounding=ROUND_FLOOR) * step, step
        else:
            yield rounded(shown, step, tol.mode), step


def _steps(shown: Decimal, wording: Wording, unit: str) -> Iterator[Decimal]:
    if wording.step is not None:
        yield Decimal(wording.step)
        return
    if wording.word in {Word.EXACT, Word.REACH}:
        least = 0 if unit in PERCENT_UNITS else _MOST_DECIMALS
        fixed = wording.decimals
        places = range(least + 1) if fixed is None else (fixed,)
        yield from (Decimal(1).scaleb(-place) for place in places)
        return
    finest = 1 if wording.word in OVER and not wording.scale else -(wording.decimals or 0)
    for exponent in range(shown.adjusted() + 1, finest - 1, -1):
        yield Decimal(1).scaleb(exponent)


def _print(number: Decimal, step: Decimal, wording: Wording, unit: str) -> str:
    word, scale = wording.word, wording.scale
    decimals = max(0, -int(step.adjusted()))
    digits = f"{number:.{decimals}f}"
    if scale == "百万" and number == 1 and word is not Word.EXACT:
        digits = ""  # 近百万, as people say
    if word in OVER:
        inside = scale and step >= 10
        return f"{digits}{word}{scale}{unit}" if inside else f"{digits}{scale}{word}{unit}"
    before = word.value if word in _PREFIXES else ""
    after = word.value if word in {Word.AROUND, Word.ABOVE} else ""
    return f"{before}{digits}{scale}{unit}{after}"


def _describe(wording: Wording) -> str:
    parts = [wording.word.value, wording.scale]
    parts.append(f"取整{wording.step}" if wording.step is not None else "")
    parts.append(f"小数{wording.decimals}" if wording.decimals is not None else "")
    parts.append("大写" if wording.capital else "")
    return " ".join(part for part in parts if part)


def _show(x: Decimal, as_percent: bool) -> str:
    """The value in plain digits, without useless zeros."""
    value = x
    if as_percent:
        short = rounded(x * 100, Decimal("0.01"))
        # 99.999% must not be shown as 100% in the message that refuses it.
        value = x * 100 if short == rounded(short, Decimal(1)) else short
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("%" if as_percent else "")

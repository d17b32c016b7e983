"""The language of the tags that ordinary users type into a Word template.

A tag is `{{词 词 词}}`; full-width braces, spaces and signs mean the same. It can name figures
and choose how they are printed; it cannot run code or reach attributes of anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from gonghui.base.errors import DomainError
from gonghui.base.periods import parse_period
from gonghui.base.wording import Word, Wording

from .kinds import (
    BadTag,
    ChartTag,
    CiteTag,
    Compare,
    CompareTag,
    Condition,
    DayTag,
    ElseTag,
    EndTag,
    FactTag,
    FigureTag,
    Given,
    IfTag,
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

WORDS: Final = tuple(word.value for word in Word)
SCALES: Final = ("百", "千", "万", "百万", "千万", "亿")
_AFTER_REACH: Final = frozenset({"余", "多", "以上"})
_ISSUERS: Final = frozenset({"全总", "省总", "市委", "市政府", "市总", "县总", "自定"})
_RELATIVE: Final = frozenset(
    [
        "年初至今",
        "今年以来",
        "上半年",
        "下半年",
        "今年",
        "本年",
        "全年",
        "去年",
        "上年",
        "本季度",
        "上季度",
        "本月",
        "上月",
        "今天",
    ]
)
_DATED: Final = re.compile(r"截[至止].*|\d{4}-.*|\d{4}[QqHh]\d|\d{4}年.*")
GROUPS: Final = ("各县区", "各县(市)区", "各产业", "各乡镇", "各单位")
_SIGN: Final = re.compile(r"(>=|<=|!=|<>|==|[><=≥≤≠])")
_SIGNS: Final = {
    ">": ">", "<": "<", "=": "=", "==": "=", ">=": "≥", "≥": "≥", "<=": "≤", "≤": "≤",
    "!=": "≠", "<>": "≠", "≠": "≠",
}  # fmt: skip
_FULL: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ", 0xA0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x09: " ", 0x0A: " ",
    0x200B: None, 0x200C: None, 0x200D: None, 0xFEFF: None, 0xAD: None,
    0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0x2212: "-",
}  # fmt: skip

MAX_TAG: Final = 200


def plain(text: str) -> str:
    """The text with full-width letters, signs and blanks made half-width, ends stripped."""
    return " ".join(text.translate(_FULL).split())


class _Words:
    """The words after the first one, taken away as they are understood."""

    def __init__(self, words: list[str]) -> None:
        self.rest = words

    def after(self, word: str, missing: str) -> str | None:
        """The word that follows a given one, both taken away; None if it is not there."""
        if word not in self.rest:
            return None
        index = self.rest.index(word)
        if index + 1 == len(self.rest):
            raise BadTag(missing)
        value = self.rest[index + 1]
        del self.rest[index : index + 2]
        return value

    def flag(self, word: str) -> bool:
        """Whether a word is there; it is taken away."""
        found = word in self.rest
        self.rest = [other for other in self.rest if other != word]
        return found

    def matching(self, fits: Callable[[str], object]) -> list[str]:
        """All words that fit, taken away."""
        found = [word for word in self.rest if fits(word)]
        self.rest = [word for word in self.rest if not fits(word)]
        return found

    def one(self, fits: Callable[[str], object], what: str) -> str | None:
        """The only word that fits, taken away; two are an error."""
        found = self.matching(fits)
        if len(found) > 1:
            raise BadTag(f"写了两个{what}（“{found[0]}”和“{found[1]}”），请只留一个")
        return found[0] if found else None


def _period(words: _Words) -> tuple[str | None, str | None]:
    campaign = words.after("活动期", "“活动期”后面缺少活动代码")
    for start in ("截至", "截止"):
        day = words.after(start, f"“{start}”后面缺少日期，例如“截至2012-06-30”")
        if day is not None:
            words.rest.append(f"截至{day}")
    period = words.one(_is_period, "期间")
    if period is not None and period.startswith("截止"):
        period = f"截至{period.removeprefix('截止')}"
    if period and campaign:
        raise BadTag(f"写了两个期间（“{period}”和“活动期 {campaign}”），请只留一个")
    return period, campaign


def _is_period(word: str) -> bool:
    if word in _RELATIVE:
        return True
    if not _DATED.fullmatch(word):
        return False
    try:
        parse_period(word)
    except DomainError as wrong:
        if re.match(r"\d{4}年\D", word):
            return False  # such as the name of a game: 2012年运动会参赛队
        raise BadTag(wrong.message) from wrong
    return True


def _query(words: _Words, least: int = 1, most: int = 2) -> Query:
    period, campaign = _period(words)
    part = words.after("其中", "“其中”后面缺少分类，例如“其中 女性”")
    names = tuple(words.rest)
    if len(names) < least:
        raise BadTag("缺少指标名称，例如“{{数 新建工会数}}”")
    if len(names) > most:
        raise BadTag(f"多余的词“{names[most]}”：一个标签只能有一个指标和一个组织")
    return Query(names=names, period=period, campaign=campaign, part=part)


def _style(words: _Words) -> Style:
    word, reach = _claim(words)
    step = words.one(re.compile(r"取整.*").fullmatch, "取整")
    decimals = words.one(re.compile(r"小数.*").fullmatch, "小数")
    scale = words.one(lambda word: word in SCALES, "数量级")
    try:
        wording = Wording(
            word=Word(word),
            step=_natural(step) if step else None,
            scale=scale or "",
            decimals=_places(decimals) if decimals else None,
            capital=words.flag("大写"),
        )
    except BadTag:
        raise
    except DomainError as wrong:
        raise BadTag(wrong.message) from wrong
    return Style(
        wording=wording, reach=reach, with_unit=words.flag("带单位"), bare=words.flag("仅数")
    )


def _claim(words: _Words) -> tuple[str, bool]:
    """The word that makes a claim, and whether 达 stands before it."""
    used = list(dict.fromkeys(words.matching(lambda word: word in WORDS)))
    reach = "达" in used
    others = [word for word in used if word != "达"]
    if len(others) > 1 or (reach and others and others[0] not in _AFTER_REACH):
        raise BadTag(f"“{used[0]}”和“{used[1]}”不能同时使用，请只留一个")
    return (others or used or ["精确"])[0], reach


def _natural(word: str) -> int:
    digits = word.removeprefix("取整")
    if not re.fullmatch(r"[1-9][0-9]{0,9}", digits):
        raise BadTag(f"“{word}”不完整，应为“取整10”这样的形式")
    return int(digits)


def _places(word: str) -> int:
    digits = word.removeprefix("小数")
    if not re.fullmatch(r"[0-4]", digits):
        raise BadTag(f"“{word}”不完整，应为“小数1”这样的形式（0至4位）")
    return int(digits)


def _is_issuer(word: str) -> bool:
    return word in _ISSUERS or (len(word) > 2 and word.endswith(("计划", "目标")))


def _issuer(words: _Words) -> str:
    found = words.one(_is_issuer, "下达单位")
    if found is None:
        raise BadTag("缺少下达单位，例如“省总计划”或“市总”")
    return found.removesuffix("计划").removesuffix("目标").removesuffix("年度")


def _figure(words: _Words) -> FigureTag:
    style = _style(words)
    return FigureTag(query=_query(words), style=style)


def _rate(words: _Words) -> RateTag:
    style, issuer = _style(words), _issuer(words)
    return RateTag(query=_query(words), issuer=issuer, style=style)


def _rest(words: _Words) -> RestTag:
    style, issuer = _style(words), _issuer(words)
    return RestTag(query=_query(words), issuer=issuer, style=style)


def _compare(words: _Words) -> CompareTag:
    style = _style(words)
    against = words.one(lambda word: word in ("同比", "环比"), "比较方式")
    if against is None:
        raise BadTag("缺少“同比”或“环比”")
    return CompareTag(query=_query(words), against=Compare(against), style=style)


def _cite(words: _Words) -> CiteTag:
    style = _style(words)
    if len(words.rest) < 3:
        raise BadTag("应写明台账、记录和字段，例如“{{引 协议 平棉2012 岗位系数工资 增加额}}”")
    register, record, *fields = words.rest
    return CiteTag(register=register, record=record, fields=tuple(fields), style=style)


def _list(words: _Words) -> ListTag:
    if len(words.rest) < 2:
        raise BadTag("应写明指标和栏目，例如“{{名单 新建工会数 名称,所属工会 上半年}}”")
    period, campaign = _period(words)
    *names, columns = words.rest
    query = _query(_Words(names))
    fields = tuple(field for field in re.split("[,、]", columns) if field)
    return ListTag(query=replace(query, period=period, campaign=campaign), fields=fields)


def _table(words: _Words) -> TableTag:
    issuer = _issuer(words) if any(map(_is_issuer, words.rest)) else None
    ranked = words.flag("名次")
    group, period, campaign = _group(words), *_period(words)
    if not words.rest:
        raise BadTag("缺少指标名称，例如“{{表 新建工会数,发展会员数 各县区 上半年}}”")
    indicators, *org = words.rest
    queries = tuple(
        replace(_query(_Words([name, *org])), period=period, campaign=campaign)
        for name in re.split("[,、]", indicators)
        if name
    )
    return TableTag(queries=queries, group=group, issuer=issuer, ranked=ranked)


def _chart(words: _Words) -> ChartTag:
    return ChartTag(group=_group(words), query=_query(words))


def _group(words: _Words) -> str:
    group = words.one(lambda word: word in GROUPS, "分组")
    if group is None:
        raise BadTag(f"缺少分组，应写{'、'.join(GROUPS)}之一")
    return group


def _fact(words: _Words) -> FactTag:
    if any(_SIGN.fullmatch(word) for word in words.rest):
        return FactTag(fact=_condition(words))
    if len(words.rest) != 1:
        raise BadTag("应写一个事实代码或一个条件，例如“{{证 orgs.x_sign}}”")
    return FactTag(fact=words.rest[0])


def _condition(words: _Words) -> Condition:
    places = [i for i, word in enumerate(words.rest) if _SIGN.fullmatch(word)]
    if len(places) != 1:
        raise BadTag("条件应为“指标 > 数”的形式，例如“{{如 新建工会数 > 0}}”")
    left, right = _Words(words.rest[: places[0]]), _Words(words.rest[places[0] + 1 :])
    sign = _SIGNS[words.rest[places[0]]]
    if right.rest and (number := _number(right.rest[0])) is not None:
        # Whatever follows the number, such as a period, belongs to the indicator before it.
        query = _query(_Words(left.rest + right.rest[1:]))
        return Condition(left=query, sign=sign, right=number)
    first, second = _query(left), _query(right)
    if first.period is None and first.campaign is None:
        first = replace(first, period=second.period, campaign=second.campaign)
    return Condition(left=first, sign=sign, right=second)


def _number(word: str) -> Decimal | None:
    share = word.endswith("%")
    try:
        number = Decimal(word.rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return number / 100 if share else number


def _text(words: _Words) -> TextTag:
    return TextTag(name=_only(words, "文", "报告人"))


def _day(words: _Words) -> DayTag:
    capital = words.flag("大写")
    return DayTag(name=_only(words, "日期", "会议日"), capital=capital)


def _only(words: _Words, kind: str, example: str) -> str:
    if len(words.rest) != 1:
        raise BadTag(f"“{kind}”后面应写一个名称，例如“{{{{{kind} {example}}}}}”")
    return words.rest[0]


def _pending(words: _Words) -> PendingTag:
    if not words.rest:
        raise BadTag("“待补”后面应写明缺什么")
    return PendingTag(what=" ".join(words.rest))


def _if(words: _Words) -> IfTag:
    return IfTag(condition=_condition(words))


def _if_given(words: _Words) -> IfTag:
    return IfTag(condition=Given(name=_only(words, "如有", "编者按")))


def _alone(make: Callable[[], Tag]) -> Callable[[_Words], Tag]:
    def parse_alone(words: _Words) -> Tag:
        if words.rest:
            raise BadTag(f"多余的词“{words.rest[0]}”")
        return make()

    return parse_alone


_KINDS: Final[dict[str, Callable[[_Words], Tag]]] = {
    "数": _figure,
    "率": _rate,
    "比": _compare,
    "差": _rest,
    "引": _cite,
    "名单": _list,
    "表": _table,
    "图": _chart,
    "证": _fact,
    "文": _text,
    "日期": _day,
    "待补": _pending,
    "如有": _if_given,
    "如": _if,
    "否则": _alone(ElseTag),
    "完": _alone(EndTag),
}
KINDS: Final = tuple(_KINDS)


def parse(text: str) -> Tag:
    """The tag that a text means, with or without its braces; BadTag says what is wrong."""
    inner = plain(text)
    if inner.startswith("{{") and inner.endswith("}}"):
        inner = inner[2:-2].strip()
    if not inner:
        raise BadTag(f"标签是空的，应以{'、'.join(KINDS[:8])}之一开头")
    if len(inner) > MAX_TAG or "{" in inner or "}" in inner:
        raise BadTag("标签太长或大括号不成对，请检查是否漏写了“}}”")
    kind, *rest = inner.split()
    if kind not in _KINDS:
        raise BadTag(f"不认识“{kind}”，标签应以{'、'.join(KINDS)}之一开头{_glued(kind)}")
    words = rest if kind not in ("如", "证") else _SIGN.sub(r" \1 ", " ".join(rest)).split()
    return _KINDS[kind](_Words(words))


def _glued(word: str) -> str:
    for kind in KINDS:
        if word.startswith(kind) and len(word) > len(kind):
            return f"；“{kind}”后面要有空格，应为“{{{{{kind} {word[len(kind) :]}}}}}”"
    return ""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a tag stands in a paragraph's text; `error` is set where braces do not match."""

    start: int
    end: int
    raw: str
    error: str | None = None


_OPEN: Final = re.compile(r"[{｛]{2}")
_CLOSE: Final = re.compile(r"[}｝]{2}")


def spans(text: str) -> Iterator[Span]:
    """The tags in a paragraph's text in order, and braces that do not match."""
    position = 0
    while (opening := _OPEN.search(text, position)) is not None:
        closing = _CLOSE.search(text, opening.end())
        following = _OPEN.search(text, opening.end())
        if closing is None or (following is not None and following.start() < closing.start()):
            end = following.start() if following is not None else len(text)
            raw = text[opening.start() : end]
            yield Span(opening.start(), end, raw, "标签没有写完，缺少“}}”")
            position = end
        else:
            yield Span(opening.start(), closing.end(), text[opening.start() : closing.end()])
            position = closing.end()

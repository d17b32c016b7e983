"""The small language of check rules: arithmetic over indicators, compared; read here, never run as code.

    rights.petitions_migrant ≤ rights.petitions
    members.total = 上期(members.total) + members.gained − members.left
    上期(@) < 50 且 @ < 50 或 绝对值(@ − 上期(@)) ≤ 上期(@) × 50%

An indicator is named by its code, or by its Chinese name in 【】; `@` is each indicator in turn.
上期, 上年同期, 年初至今 and 末十日 choose the days, 下级合计 and 本级 whose figures; they may be nested.
且 binds closer than 或. A text is short and its brackets are few, so that working one out takes no time.

Statutory forms say the same of their cells, named by row and column: `[01,1] = [02,1] + [03,1]`; without
a column, `[02] ≤ [01]` means every column in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from gonghui.base.errors import DomainError

LONGEST: Final = 500
_DEEPEST: Final = 20
_LARGEST: Final = Decimal(10) ** 17
EACH: Final = "@"


class Days(StrEnum):
    """Of which days a figure is meant."""

    NOW = "本期"
    PREVIOUS = "上期"
    LAST_YEAR = "上年同期"
    TO_DATE = "年初至今"
    LAST_TEN = "末十日"


class Whose(StrEnum):
    """Whose figure is meant, seen from the union that is checked."""

    WHOLE = "全部"
    BELOW = "下级合计"
    OWN = "本级"


@dataclass(frozen=True, slots=True)
class Ref:
    """An indicator, of which days and whose; or a cell of a form, as `cell_name` writes it."""

    code: str
    days: Days = Days.NOW
    whose: Whose = Whose.WHOLE


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; 50% is 0.5."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """Two values joined by one of + - * /."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Absolute:
    """The value without its sign."""

    of: Value


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and how they must stand to each other."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all (且) or one (或) must hold."""

    word: str
    parts: tuple[Condition, ...]


Value: TypeAlias = Ref | Number | Sum | Absolute
Condition: TypeAlias = Comparison | Joined
Reader: TypeAlias = Callable[[Ref], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a text is called to users, what may stand in it, and how that is said."""

    called: str
    leaves: frozenset[str]
    hint: str


RULE: Final = Dialect(
    called="校验式",
    leaves=frozenset({"code", "name", EACH}),
    hint="可用指标编码或【指标名】、+ − × ÷、< ≤ = ≥ > ≠、且、或、"
    "上期( )、上年同期( )、年初至今( )、末十日( )、下级合计( )、本级( )、绝对值( )。",
)
FIGURE: Final = Dialect(
    called="取数式",
    leaves=frozenset({"code", "name"}),
    hint="请写一个指标的编码或【指标名】，可加上期( )、上年同期( )、年初至今( )。",
)
FORMULA: Final = Dialect(
    called="算式",
    leaves=frozenset({"cell"}),
    hint="可用[行代码,列代码]、数字、+ − × ÷、括号、绝对值( )。",
)
CELLS: Final = Dialect(
    called="校验式",
    leaves=frozenset({"cell"}),
    hint="可用[行代码,列代码]或[行代码]、+ − × ÷、< ≤ = ≥ > ≠、且、或、绝对值( )。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a condition holds, by the comparison that decided; None where a figure is missing."""

    holds: bool | None
    left: Decimal | None = None
    right: Decimal | None = None


_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">", "＝": "=", "==": "=", "<>": "!="}
_SIGNS |= {"−": "-", "－": "-", "＋": "+", "×": "*", "＊": "*", "÷": "/", "／": "/"}
_SIGNS |= {"（": "(", "）": ")", "％": "%"}
_DAYS = {each.value: each for each in Days if each is not Days.NOW}
_WHOSE = {each.value: each for each in Whose if each is not Whose.WHOLE}
_COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_BLANK = re.compile(r"\s+")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?)|(?P<code>[a-z][a-z0-9_]*\.[a-z0-9_]+)"
    r"|【(?P<name>[^】]{1,60})】|(?P<word>上期|上年同期|年初至今|末十日|下级合计|本级|绝对值|且|或)"
    r"|[\[［]\s*(?P<cell>[0-9A-Za-z]{1,10}(?:\s*[,，]\s*[0-9A-Za-z]{1,10})?)\s*[\]］]"
    r"|(?P<sign><=|>=|==|<>|!=|[@<>=≤≥≠＜＞＝+\-*/−－＋×＊÷／()（）%％]))"
)


def parse(
    text: str, code_of: Callable[[str], str] = lambda name: name, dialect: Dialect = RULE
) -> Condition:
    """The condition that a text says; `code_of` finds the code of a Chinese name."""
    parser = _Parser(text, code_of, dialect)
    return parser.whole(lambda: parser.joined("或", lambda: parser.joined("且", parser.comparison)))


def parse_value(
    text: str, code_of: Callable[[str], str] = lambda name: name, dialect: Dialect = FORMULA
) -> Value:
    """The value that a text says."""
    parser = _Parser(text, code_of, dialect)
    return parser.whole(parser.sum)


def cell_name(row: str, column: str) -> str:
    """How texts name a cell of a form."""
    return f"[{row},{column}]"


def in_column(part: Ref, column: str) -> Ref:
    """The cell that is meant where a text names its row alone."""
    return part if "," in part.code else replace(part, code=f"{part.code[:-1]},{column}]")


def refs(part: Condition | Value) -> Iterator[Ref]:
    """Every figure that a condition needs."""
    if isinstance(part, Ref):
        yield part
    elif isinstance(part, Joined):
        for each in part.parts:
            yield from refs(each)
    elif isinstance(part, Absolute):
        yield from refs(part.of)
    elif isinstance(part, Sum | Comparison):
        yield from refs(part.left)
        yield from refs(part.right)


def judge(condition: Condition, read: Reader) -> Verdict:
    """Whether a condition holds of the figures that `read` gives."""
    if isinstance(condition, Comparison):
        left, right = value(condition.left, read), value(condition.right, read)
        if left is None or right is None:
            return Verdict(holds=None, left=left, right=right)
        return Verdict(holds=_COMPARED[condition.sign](left, right), left=left, right=right)
    deciding = condition.word == "或"
    verdicts = [judge(part, read) for part in condition.parts]
    for verdict in verdicts:
        if verdict.holds is deciding:
            return verdict
    unknown = (verdict for verdict in verdicts if verdict.holds is None)
    return next(unknown, verdicts[-1])


def value(part: Value, read: Reader) -> Decimal | None:
    """What a value comes to; None where a figure is missing, a divisor is zero or it is beyond all bounds."""
    if isinstance(part, Number):
        return part.value
    if isinstance(part, Ref):
        return read(part)
    if isinstance(part, Absolute):
        of = value(part.of, read)
        return None if of is None else abs(of)
    left, right = value(part.left, read), value(part.right, read)
    if left is None or right is None or (part.sign == "/" and right == 0):
        return None
    if part.sign == "/":
        return _bounded(left / right)
    return _bounded({"+": left + right, "-": left - right, "*": left * right}[part.sign])


def _bounded(number: Decimal) -> Decimal | None:
    """The number, unless no figure is that large: then a rule cannot tell."""
    return number if abs(number) < _LARGEST else None


Read = TypeVar("Read")


class _Parser:
    """Reads tokens from the left, one level of binding per method."""

    def __init__(self, text: str, code_of: Callable[[str], str], dialect: Dialect) -> None:
        self.code_of = code_of
        self.dialect = dialect
        if len(text) > LONGEST:
            raise DomainError(f"{dialect.called}最长{LONGEST}个字。", field="expression")
        self.tokens = list(self.split(text))
        self.place = 0
        self.depth = 0

    def wrong(self, what: str) -> DomainError:
        """What cannot be read, and what can."""
        return DomainError(f"{self.dialect.called}{what}。{self.dialect.hint}", field="expression")

    def split(self, text: str) -> Iterator[tuple[str, str]]:
        """The tokens of a text, each with its kind."""
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise self.wrong(f"“{text[place:].strip()[:10]}”看不懂")
            kind = str(found.lastgroup)
            raw = found[kind]
            yield kind, _SIGNS.get(raw, raw) if kind == "sign" else raw
            place = found.end()

    def whole(self, read: Callable[[], Read]) -> Read:
        """The whole text is one thing."""
        found = read()
        if self.place < len(self.tokens):
            raise self.wrong(f"在“{self.tokens[self.place][1]}”处多出内容")
        return found

    def joined(self, word: str, part: Callable[[], Condition]) -> Condition:
        """Conditions joined by one word."""
        parts = [part()]
        while self.takes(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def comparison(self) -> Comparison:
        """Two values with a sign between them."""
        left = self.sum()
        sign = self.next()
        if sign not in _COMPARED:
            raise self.wrong("缺少比较符号")
        return Comparison(sign, left, self.sum())

    def sum(self) -> Value:
        """Products, added and taken away."""
        found = self.product()
        while self.peek() in {"+", "-"}:
            found = Sum(self.next(), found, self.product())
        return found

    def product(self) -> Value:
        """Single values, multiplied and divided."""
        found = self.single()
        while self.peek() in {"*", "/"}:
            found = Sum(self.next(), found, self.single())
        return found

    def single(self) -> Value:
        """A number, an indicator, or something in brackets."""
        kind, read = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        self.place += 1
        if kind == "number":
            number = Decimal(read)
            return Number(number / 100 if self.takes("%") else number)
        if kind in self.dialect.leaves or read in self.dialect.leaves:
            return self.leaf(kind, read)
        if read == "(":
            return self.bracketed()
        if kind == "word" and read not in {"且", "或"}:
            return self.applied(read)
        raise self.wrong(f"在“{read}”处缺少指标或数字" if read else "没有写完")

    def leaf(self, kind: str, read: str) -> Ref:
        """An indicator or a cell."""
        if kind == "cell":
            return Ref(f"[{','.join(re.split('[,，]', re.sub(_BLANK, '', read)))}]")
        return Ref(self.code_of(read) if kind == "name" else read)

    def bracketed(self) -> Value:
        """What stands between brackets; the opening one has been read."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.wrong("括号太多")
        found = self.sum()
        if not self.takes(")"):
            raise self.wrong("括号没有配对")
        self.depth -= 1
        return found

    def applied(self, word: str) -> Value:
        """A word and what it is applied to."""
        if not self.takes("("):
            raise self.wrong(f"“{word}”后面缺少括号")
        inner = self.bracketed()
        if word == "绝对值":
            return Absolute(inner)
        if not isinstance(inner, Ref) or "cell" in self.dialect.leaves:
            raise self.wrong(f"“{word}( )”里只能写一个指标")
        if word in _DAYS:
            return replace(inner, days=_DAYS[word])
        return replace(inner, whose=_WHOSE[word])

    def peek(self) -> str:
        """The next token, empty at the end."""
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        """The next token, read."""
        found = self.peek()
        self.place += 1
        return found

    def takes(self, token: str) -> bool:
        """Read the token if it comes next."""
        if self.peek() != token:
            return False
        self.place += 1
        return True

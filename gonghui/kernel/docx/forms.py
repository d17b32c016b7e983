"""Official forms and letters as registers declare them; `form_writer` makes the docx.

A block names fields by the paths that columns use (`"employer__name"`), or `(path, label)` where
the form calls it otherwise; `("", label)` is a cell to be filled by hand. A text holds fields in
braces: `"关于成立{proposed_name}的请示"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

Field: TypeAlias = str | tuple[str, str]
_NAMED: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TODAY: Final = "today"


def path_of(field: Field) -> str:
    """The path to a field; empty for a cell to be filled by hand."""
    return field if isinstance(field, str) else field[0]


def names_in(text: str) -> list[str]:
    """The fields that a text names in braces."""
    return _NAMED.findall(text)


def put(text: str, value: Callable[[str], str]) -> str:
    """A text with its fields filled in."""
    return _NAMED.sub(lambda found: value(found[1]), text)


@dataclass(frozen=True, slots=True, init=False)
class Facts:
    """Labels and values in a grid, so many pairs side by side; long texts take a row of their own."""

    fields: tuple[Field, ...]
    columns: int
    heading: str

    def __init__(self, *fields: Field, columns: int = 2, heading: str = "") -> None:
        _set(self, fields=fields, columns=columns, heading=heading)


@dataclass(frozen=True, slots=True, init=False)
class Rows:
    """A table of records that belong to the printed one, with empty lines up to `least`.

    They are those of a child register, or those whose field `by` points to the printed record, or to
    the record that its field `of` names, as the members of a file's household are the household's;
    `where` narrows them, `blanks` are columns to be filled by hand.
    """

    register: str
    fields: tuple[Field, ...]
    heading: str
    least: int
    blanks: tuple[str, ...]
    by: str
    of: str
    where: Mapping[str, Any]

    def __init__(
        self,
        register: str,
        *fields: Field,
        heading: str = "",
        least: int = 4,
        blanks: tuple[str, ...] = (),
        by: str = "",
        of: str = "",
        where: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        _set(
            self,
            register=register,
            fields=fields,
            heading=heading,
            least=least,
            blanks=blanks,
            by=by,
            of=of,
            where=where,
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; its first line is indented unless it is flush (an addressee) or centred."""

    text: str
    flush: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True, init=False)
class Opinions:
    """Boxes for opinions, each with place for signature, seal and date.

    `(label, text)` prints the opinion that is already recorded.
    """

    boxes: tuple[Field, ...]

    def __init__(self, *boxes: Field) -> None:
        _set(self, boxes=boxes)


@dataclass(frozen=True, slots=True, init=False)
class Signatures:
    """A line of names to be signed by hand."""

    labels: tuple[str, ...]

    def __init__(self, *labels: str) -> None:
        _set(self, labels=labels)


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who issues a letter and on which day, at the right below its text."""

    name: str = "{org}"
    day: str = "{today}"


Block: TypeAlias = Facts | Rows | Text | Opinions | Signatures | SignOff


@dataclass(frozen=True, slots=True)
class Form:
    """What is printed of one record; without a grid it is a letter in the official page format.

    `words` are texts worked out from the record, to be named like fields; nothing personal may be
    among them, because they are not masked. `under` are texts on the line below the title; one
    whose fields are all empty is left out. `paper` is A4 or A5.
    """

    title: str
    blocks: tuple[Block, ...]
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    under: tuple[str, ...] = ("填报单位：{org}", "编号：{number}")
    paper: str = "A4"

    @property
    def is_letter(self) -> bool:
        """Whether it is running text alone."""
        return all(isinstance(block, Text | SignOff) for block in self.blocks)

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields of the printed record that it shows."""
        named = [name for text in self._texts() for name in names_in(text)]
        facts = [path_of(f) for b in self.blocks if isinstance(b, Facts) for f in b.fields]
        found = dict.fromkeys((*facts, *named))
        return tuple(p for p in found if p and p != TODAY and p not in self.words)

    def _texts(self) -> Iterator[str]:
        yield self.title
        if not self.is_letter:
            yield from self.under
        for block in self.blocks:
            if isinstance(block, Text):
                yield block.text
            elif isinstance(block, SignOff):
                yield from (block.name, block.day)
            elif isinstance(block, Opinions):
                yield from (box[1] for box in block.boxes if not isinstance(box, str))


@dataclass(frozen=True, slots=True, init=False)
class Roster:
    """The rows of a list on one sheet, numbered, with columns to be filled by hand."""

    title: str
    fields: tuple[Field, ...]
    blanks: tuple[str, ...]
    signatures: tuple[str, ...]

    def __init__(
        self,
        title: str,
        *fields: Field,
        blanks: tuple[str, ...] = (),
        signatures: tuple[str, ...] = ("制表人", "审核人"),
    ) -> None:
        _set(self, title=title, fields=fields, blanks=blanks, signatures=signatures)


class Source(Protocol):
    """Where a form's texts come from, masked for whoever prints; empty is the empty text."""

    def label(self, path: str) -> str:
        """What a field is called."""

    def value(self, path: str) -> str:
        """What a field, or one of the form's words, says."""

    def is_long(self, path: str) -> bool:
        """Whether a field holds several lines."""

    def headings(self, block: Rows) -> list[str]:
        """What the columns of a table are called."""

    def rows(self, block: Rows) -> list[list[str]]:
        """The cells of a table."""


def _set(instance: Any, **values: Any) -> None:
    for name, value in values.items():
        object.__setattr__(instance, name, value)

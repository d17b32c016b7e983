"""Reading the tags of a template before anybody fills it: what is there and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.docx.conditions import Found
from gonghui.kernel.docx.kinds import (
    CHOSEN,
    ChartTag,
    CompareTag,
    Condition,
    FactTag,
    FigureTag,
    Given,
    IfTag,
    ListTag,
    Query,
    RateTag,
    RestTag,
    TableTag,
    Tag,
    TextTag,
)
from gonghui.kernel.docx.render import tags_of
from gonghui.kernel.docx.sources import FigureSource, NotYet, Unknown
from gonghui.kernel.docx.tags import plain
from gonghui.kernel.docx.uses import did_you_mean, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class TagNote:
    """A tag of a template: `error` must be mended, `missing` will print a note for now."""

    place: str
    raw: str
    kind: str
    error: str = ""
    missing: str = ""

    def __str__(self) -> str:
        what = self.error or (f"{self.missing}（暂缺）" if self.missing else "可用")
        return f"{self.place} {self.raw}：{what}"

    def as_json(self) -> dict[str, Any]:
        """As the template's row keeps it."""
        return asdict(self)


def lint(docx: bytes, source: FigureSource) -> list[TagNote]:
    """Every tag of a template, in document order, with what is wrong or not there yet."""
    return [_note(found, source) for found in tags_of(docx)]


def _note(found: Found, source: FigureSource) -> TagNote:
    words = plain(found.span.raw).strip("{} ").split()
    error, missing = found.error, ""
    if found.tag is not None:
        try:
            _resolve(found.tag, source)
        except Unknown as unknown:
            error = unknown.message + did_you_mean(nearest(unknown.name, unknown.known))
        except NotYet as gap:
            missing = gap.message
        except DomainError as wrong:
            error = wrong.message
    return TagNote(
        place=str(found.where.place),
        raw=found.span.raw,
        kind=words[0] if words else "",
        error=error,
        missing=missing,
    )


def _resolve(tag: Tag, source: FigureSource) -> None:
    """Raise what the source says of the names in a tag."""
    if isinstance(tag, FactTag) and isinstance(tag.fact, str):
        source.fact(tag.fact)
    name = _text_named(tag)
    if name:
        with suppress(NotYet):  # each document gives its own texts
            source.text(name)
    known = {plain(name): name for name in source.names()}
    for query in _queries(tag):
        _resolve_names(query, source, known)


def _text_named(tag: Tag) -> str:
    if isinstance(tag, TextTag):
        return tag.name
    if isinstance(tag, IfTag) and isinstance(tag.condition, Given):
        return tag.condition.name
    return ""


def _queries(tag: Tag) -> Iterator[Query]:
    if isinstance(tag, FigureTag | RateTag | RestTag | CompareTag | ListTag | ChartTag):
        yield tag.query
    if isinstance(tag, TableTag):
        yield from (query for query in tag.queries if query.names[0] != CHOSEN)
    condition: object = None
    if isinstance(tag, IfTag):
        condition = tag.condition
    elif isinstance(tag, FactTag):
        condition = tag.fact
    if isinstance(condition, Condition):
        yield condition.left
        if isinstance(condition.right, Query):
            yield condition.right


def _resolve_names(query: Query, source: FigureSource, known: dict[str, str]) -> None:
    first: Unknown | None = None
    for name in query.names:
        try:
            source.indicator(known.get(name, name))
        except Unknown as unknown:
            first = first or unknown
            continue
        for other in query.names:
            if other != name:
                source.org(other)
        return
    if first is not None:
        raise first

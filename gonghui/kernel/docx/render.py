"""Filling a template: every tag becomes its figure, a red note, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace as changed
from datetime import date
from typing import Final

from gonghui.base.errors import DomainError

from .charts import draw
from .conditions import Block, Found, Unmatched, blocks, cuts, drop_if_empty, take_away
from .controls import control, controls_of, declare, fresh_tag
from .evaluate import Answer, Evaluator, FigureAnswer
from .kinds import BadTag, FactTag, IfTag
from .names import Element, w
from .package import Package, open_docx
from .places import BODY, Place, located
from .review import RED, Footnotes, append_sheet, colour_of, note_text
from .sources import FactValue, FigureSource, NotYet, Unknown
from .tables import off_the_grid, row, table
from .tags import parse, spans
from .text import coloured, format_at, replace, run_of, text_of
from .uses import (
    Edition,
    FactUse,
    FigureUse,
    MissingTag,
    Rendered,
    TagError,
    Truth,
    nearest,
    unbraced,
)

MAX_TAGS: Final = 3_000
VoucherOf = Callable[[FigureUse], str]
RemarksOf = Callable[[list[FigureUse], bytes], Sequence[str]]


def _nobody(_: FigureUse) -> str:
    return ""


def _nothing(_figures: list[FigureUse], _docx: bytes) -> Sequence[str]:
    return ()


def tags_of(template: bytes) -> list[Found]:
    """Every tag of a template with its place, readable or not, in document order."""
    return [found for found in _matched(list(_find(open_docx(template)))) if not found.where.echo]


def render(
    template: bytes,
    source: FigureSource,
    *,
    edition: Edition,
    as_of: date,
    voucher_of: VoucherOf = _nobody,
    remarks_of: RemarksOf = _nothing,
) -> Rendered:
    """The template filled from a source as of a day; `voucher_of` tells who vouched for a figure.

    `remarks_of` is asked once about the figures and the finished text; its answers stand in the
    check sheet of the review edition.
    What is missing or wrong stands in the document as a red note and in the lists of the
    result; places of errors and gaps are those of the template, places of figures those of
    the result.
    """
    package = open_docx(template)
    job = _Filling(package, Evaluator(source, as_of), edition, voucher_of)
    job.fill()
    text = [
        text_of(paragraph.element)
        for paragraph in located(package)
        if paragraph.place.story == BODY and text_of(paragraph.element).strip()
    ]
    docx = package.save()
    figures = _placed(job.figures, docx)
    remarks = remarks_of(figures, docx)
    if edition is Edition.REVIEW:
        body = package.part(package.main).find(w("body"))
        append_sheet(body, figures, job.facts, job.missing, job.errors, remarks)
        docx = package.save()
    return Rendered(
        docx=docx,
        figures=figures,
        facts=job.facts,
        missing=job.missing,
        errors=job.errors,
        text=text,
    )


def _find(package: Package) -> Iterator[Found]:
    count = 0
    for where in located(package):
        for span in spans(text_of(where.element)):
            count += 1
            if count > MAX_TAGS:
                raise DomainError(
                    f"模板中的标签超过 {MAX_TAGS} 个，请分成几个文档。", code="too_many"
                )
            if span.error:
                yield Found(where, span, None, span.error)
                continue
            try:
                yield Found(where, span, parse(span.raw))
            except BadTag as bad:
                yield Found(where, span, None, bad.message)


def _matched(order: list[Found]) -> list[Found]:
    """The tags, with those conditional marks made unreadable that have no partner."""
    lost = {mark.mark: mark.message for mark in blocks(order) if isinstance(mark, Unmatched)}
    return [
        changed(found, tag=None, error=lost[found]) if found in lost else found for found in order
    ]


def _placed(figures: list[FigureUse], docx: bytes) -> list[FigureUse]:
    """The figures with their places in the finished document, in its order."""
    by_tag = {figure.tag_id: figure for figure in figures}
    return [
        changed(by_tag[found.tag_id], place=found.place)
        for found in controls_of(docx)
        if found.tag_id in by_tag
    ]


class _Filling:
    """One run over one document."""

    def __init__(
        self, package: Package, evaluator: Evaluator, edition: Edition, voucher_of: VoucherOf
    ) -> None:
        self.figures: list[FigureUse] = []
        self.facts: list[FactUse] = []
        self.missing: list[MissingTag] = []
        self.errors: list[TagError] = []
        self._package = package
        self._evaluator = evaluator
        self._edition = edition
        self._voucher_of = voucher_of
        self._notes: Footnotes | None = None
        self._places: dict[Element, Place] = {}

    def fill(self) -> None:
        """Replace every tag."""
        for part in {where.part for where in located(self._package)}:
            declare(self._package, part)
        self._places = {where.element: where.place for where in located(self._package)}
        self._settle_conditions()
        by_paragraph: dict[Element, list[Found]] = {}
        for found in _matched(list(_find(self._package))):
            by_paragraph.setdefault(found.where.element, []).append(found)
        for paragraph, tags in by_paragraph.items():
            written = [(found, self._written(found)) for found in tags]
            for found, content in reversed(written):
                replace(paragraph, found.span.start, found.span.end, content)
            if any(isinstance(found.tag, FactTag) for found in tags):
                drop_if_empty(paragraph)

    # Conditions

    def _settle_conditions(self) -> None:
        """Decide the conditional texts one by one, outer ones first."""
        while (block := self._first_block()) is not None:
            tag = block.start.tag
            assert isinstance(tag, IfTag)  # noqa: S101 - blocks() begins with nothing else
            try:
                holds = self._evaluator.holds(tag.condition)
            except DomainError as failed:
                self._keep_with_note(block, failed)
            else:
                for cut in cuts(block, holds=holds):
                    take_away(cut)

    def _first_block(self) -> Block | None:
        order = list(_find(self._package))
        found = [block for block in blocks(order) if isinstance(block, Block)]
        return min(found, key=lambda block: order.index(block.start), default=None)

    def _keep_with_note(self, block: Block, failed: DomainError) -> None:
        """Leave the first text standing, with a red note in the place of its condition."""
        after, _ = cuts(block, holds=True)
        take_away(after)
        span, paragraph = block.start.span, block.start.where.element
        content = [self._failure(block.start, failed)]
        replace(paragraph, span.start, span.end, content)

    # Tags

    def _written(self, found: Found) -> list[Element]:
        if found.tag is None:
            return [self._failure(found, BadTag(found.error))]
        try:
            answer = self._evaluator.answer(found.tag)
        except DomainError as failed:
            return [self._failure(found, failed)]
        properties = format_at(found.where.element, found.span.start)
        if answer.table or answer.chart:
            return self._block(found, answer, properties)
        if answer.fact is not None:
            if not found.where.echo:
                self.facts.append(_fact_use(answer.fact, self._place(found)))
            return [run_of(answer.said.printed, properties)] if answer.said.printed else []
        if answer.figure is None:
            return [run_of(answer.said.printed, properties)]
        return self._figure(found, answer, answer.figure, properties)

    def _block(self, found: Found, answer: Answer, properties: Element | None) -> list[Element]:
        """A table before the tag's paragraph, or a chart in it; both need a paragraph of their own."""
        paragraph = found.where.element
        alone = text_of(paragraph).strip() == found.span.raw
        if not alone or self._place(found).story != BODY:
            return [self._failure(found, BadTag("表和图须在正文中单独成段"))]
        if answer.chart is not None:
            if answer.fact is not None:
                self.facts.append(_fact_use(answer.fact, self._place(found)))
            off_the_grid(paragraph)
            return [draw(self._package, answer.chart)]
        head, *body = answer.table
        first = max(12, 40 - 6 * len(head))
        rest = (100 - first) // (len(head) - 1)
        shares = [first, *[rest] * (len(head) - 1)]
        rows = [
            row(
                shares,
                [self._cell(found, cell, properties) for cell in cells],
                head=cells is head,
                centred=True,
            )
            for cells in (head, *body)
        ]
        paragraph.addprevious(table(shares, rows))
        return []

    def _cell(self, found: Found, cell: Answer, properties: Element | None) -> list[Element]:
        """The content of a cell; a figure has its control, its note stands in the check sheet only.

        The control is a rich one, because LibreOffice 7.4 forgets the size of plain ones.
        """
        if cell.figure is None:
            return [run_of(cell.said.printed, properties)]
        use = self._vouched(_use(cell, cell.figure, cell.said.printed, self._place(found)))
        self.figures.append(use)
        return [control(use.tag_id, use.name, use.printed, properties, rich=True)]

    def _figure(
        self, found: Found, answer: Answer, figure: FigureAnswer, properties: Element | None
    ) -> list[Element]:
        said = answer.said
        printed = f"【不成立：{figure.exact}】" if said.untrue else said.printed
        if found.where.echo:
            return [run_of(printed, properties)]
        use = self._vouched(_use(answer, figure, printed, self._place(found)))
        self.figures.append(use)
        if said.untrue:
            self.errors.append(
                TagError(
                    place=use.place, raw=found.span.raw, message=said.untrue, value=figure.value
                )
            )
        colour = RED if said.untrue else ""
        review = self._edition is Edition.REVIEW
        if review:
            colour = colour_of(use)
        shown = coloured(properties, colour) if colour else properties
        content = [control(use.tag_id, use.name, printed, shown, rich=review)]
        if review and use.place.story == BODY:
            self._notes = self._notes or Footnotes(self._package)
            content.append(self._notes.add(note_text(use), colour))
        return content

    def _vouched(self, use: FigureUse) -> FigureUse:
        return changed(use, voucher=self._voucher_of(use))

    def _failure(self, found: Found, failed: DomainError) -> Element:
        """Put a gap or an error on its list and return the red note that stands for it."""
        place, raw = self._place(found), found.span.raw
        if isinstance(failed, NotYet):
            note = f"【待补：{failed.message}】"
            gap = MissingTag(place=place, raw=raw, what=failed.message)
            if not found.where.echo:
                self.missing.append(gap)
        else:
            note = f"【有误：{failed.message}】"
            known = nearest(failed.name, failed.known) if isinstance(failed, Unknown) else ()
            if not found.where.echo:
                self.errors.append(
                    TagError(place=place, raw=raw, message=failed.message, suggestions=known)
                )
        return run_of(
            unbraced(note), coloured(format_at(found.where.element, found.span.start), RED)
        )

    def _place(self, found: Found) -> Place:
        return self._places.get(found.where.element, found.where.place)


def _fact_use(fact: FactValue, place: Place) -> FactUse:
    return FactUse(
        place=place, code=fact.code, evidence=fact.evidence, owner=fact.owner, url=fact.url
    )


def _use(answer: Answer, figure: FigureAnswer, printed: str, place: Place) -> FigureUse:
    info, got, said = figure.info, figure.got, answer.said
    return FigureUse(
        tag_id=fresh_tag(),
        place=place,
        kind=figure.kind,
        code=info.code,
        name=info.name,
        unit=info.unit,
        owner=info.owner,
        definition=info.definition,
        org=figure.org,
        period=got.period,
        as_of=got.as_of,
        value=figure.value,
        exact=figure.exact,
        printed=printed,
        word=said.word,
        truth=Truth.UNTRUE if said.untrue else Truth.TRUE,
        hint=said.hint,
        basis=figure.basis,
        against=figure.against,
        marks="；".join(figure.marks),
        records_count=got.records_count,
        register=got.register,
        url=got.url,
    )

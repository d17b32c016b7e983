"""Part one of the work report, filled as of the day of the meeting, character for character."""

from __future__ import annotations

import os
import re

import pytest

from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.places import located
from gonghui.kernel.docx.text import text_of
from gonghui.lines.reports.services import write_report
from tests.figures import sentences
from tests.figures.periods import REPORT


@pytest.fixture
def printed(tmp_path) -> str:
    """The text of the report as of 15 August 2012."""
    path = tmp_path / "report.docx"
    rendered = write_report("half-year", REPORT, path)
    assert rendered.errors == []
    texts = (text_of(each.element) for each in located(open_docx(path.read_bytes())))
    return re.sub(r"\s", "", "".join(texts))


def test_every_sentence_that_the_template_fills_is_that_of_the_report(printed, sentence_table):
    expected = sentences.part_one()
    counts = sentences.reached(expected, printed)
    sentence_table.extend(sentences.table(expected, counts))
    wrong = [each.words for each in expected if each.covered and each.words not in printed]
    assert wrong == []


def test_the_sentences_reached_only_grow(printed):
    counts = sentences.reached(sentences.part_one(), printed)
    if os.environ.get("UPDATE_SENTENCES"):
        sentences.record(counts)
    fewer = {
        section: (counts.get(section, 0), before)
        for section, before in sentences.recorded().items()
        if counts.get(section, 0) < before
    }
    assert fewer == {}

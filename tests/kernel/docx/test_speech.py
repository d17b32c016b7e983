"""The speech edition: 18 pt, 20 lines a page, the same text, the minutes of each section."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.speech import characters_of, minutes_of, parts_of, speech_of
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource

BODY = "全市各级工会围绕中心服务大局扎实推进各项工作取得了新的进展。"  # 30 characters
LONG = [
    Paragraph(Level.FLUSH, "同志们:"),
    Paragraph(Level.ONE, "一、工作"),
    Paragraph(Level.TWO, "(一)建会"),
    *[Paragraph(Level.BODY, BODY * 6)] * 3,
    Paragraph(Level.TWO, "(二)维权"),
    Paragraph(Level.BODY, BODY),
    Paragraph(Level.ONE, "二、安排"),
    *[Paragraph(Level.BODY, BODY * 40)] * 2,
]


def built(*paragraphs: Paragraph) -> bytes:
    return build_report(["题目一"], "——副题", "报告人", "(日期)", paragraphs or LONG)


@pytest.fixture(scope="module")
def speech() -> bytes:
    return speech_of(built(), 180)


def lines_of(docx: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(docx)).paragraphs if p.text]


def test_each_section_counts_what_stands_below_it():
    parts = [(part.title, part.rank, part.characters) for part in parts_of(built())]
    assert parts == [
        ("开头", 1, len("题目一——副题报告人(日期)同志们:")),
        ("一、工作", 1, 4 + 5 + 540 + 5 + 30),
        ("(一)建会", 2, 5 + 540),
        ("(二)维权", 2, 5 + 30),
        ("二、安排", 1, 4 + 2400),
    ]
    assert characters_of(parts_of(built())) == 18 + 584 + 2404


@pytest.mark.parametrize(
    ("characters", "per_minute", "minutes"),
    [(10_345, 180, 57), (10_345, 200, 52), (10_890, 180, 61), (89, 180, 0), (90, 180, 1)],
)
def test_the_minutes_are_rounded_half_up(characters, per_minute, minutes):
    assert minutes_of(characters, per_minute) == minutes


def test_the_text_is_the_same_but_for_the_minutes(speech):
    head, *lines = lines_of(speech)
    assert head == "发言稿　全文3,006字，约17分钟（每分钟180字）"
    assert [re.sub("（(约|不到)\\d+分钟）$", "", line) for line in lines] == lines_of(built())
    assert [line for line in lines if line.endswith("分钟）")] == [
        "一、工作（约3分钟）",
        "(一)建会（约3分钟）",
        "(二)维权（不到1分钟）",
        "二、安排（约13分钟）",
    ]


def test_headings_of_the_same_words_have_their_own_minutes():
    twice = built(
        Paragraph(Level.ONE, "一、工会"),
        Paragraph(Level.BODY, BODY * 6),
        Paragraph(Level.ONE, "一、工会"),
        Paragraph(Level.BODY, BODY * 12),
    )
    noted = [line for line in lines_of(speech_of(twice, 180)) if line.startswith("一、")]
    assert noted == ["一、工会（约1分钟）", "一、工会（约2分钟）"]


def test_body_and_headings_are_18_points_and_the_title_stays(speech):
    document = Document(io.BytesIO(speech))
    sizes = {p.text: {run.font.size.pt for run in p.runs} for p in document.paragraphs if p.text}
    assert sizes["题目一"] == {22}
    assert sizes["同志们:"] == sizes["——副题"] == sizes[BODY] == {18}
    assert sizes["一、工作（约3分钟）"] == {18, 14}
    assert document.styles["Normal"].font.size.pt == 18
    (runs,) = {len(p.runs) for p in document.paragraphs if p.text == BODY}
    assert runs == 1


def test_the_page_has_20_lines(speech):
    document = Document(io.BytesIO(speech))
    (grid,) = document.sections[0]._sectPr.findall(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "637")
    assert (16838 - 2098 - 1984) // 637 == 20
    body = next(p for p in document.paragraphs if p.text == BODY)
    spacing = body._p.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("637", "exact")
    indent = body._p.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLine")) == str(2 * 18 * 20)


def test_figures_keep_their_controls():
    template = built(Paragraph(Level.BODY, "新建工会{{数 新建工会数 上半年}}家。"))
    report = render(template, FakeSource(), edition=Edition.FINAL, as_of=AS_OF).docx
    told = speech_of(report, 180)
    assert [c.printed for c in controls_of(told)] == [c.printed for c in controls_of(report)] != []


def rows_of_page(pdf: Path, number: int) -> Iterator[float]:
    """The heights at which lines of text stand on a page."""
    page = ["-f", str(number), "-l", str(number), "-bbox-layout"]
    out = subprocess.run(["pdftotext", *page, str(pdf), "-"], capture_output=True, check=True)
    found = re.findall(rb'<line [^>]*yMin="([\d.]+)"[^>]*yMax="([\d.]+)"', out.stdout)
    for top, _ in groupby(sorted(round(float(low)) for low, _ in found)):
        yield top


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice and poppler set the page",
)
def test_libreoffice_sets_20_lines_on_a_full_page(speech, tmp_path):
    (tmp_path / "speech.docx").write_bytes(speech)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "speech.docx")),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    rows = list(rows_of_page(tmp_path / "speech.pdf", 3))
    *lines, page_number = rows
    assert len(lines) == 20
    assert page_number > lines[-1] + 40

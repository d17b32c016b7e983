"""Turning what stands in a cell into plain text, and saying what had to be changed for it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.workbook import Broken

SPACES = "去掉空格"
HIDDEN = "去掉不可见字符"
WIDTH = "全角转半角"
APOSTROPHE = "去掉前面的单引号"

# Zero-width and direction marks, soft hyphen, byte order mark, and control characters.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_ODD_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_WIDE_ALNUM = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
_BLANK_WORDS = frozenset(
    {"/", "\\", "-", "--", "—", "——", "无", "空", "未知", "null", "none", "n/a"}
)


@dataclass(slots=True)
class Scratch:
    """A text being cleaned; `notes` are the changes that the user will be shown."""

    text: str
    notes: list[str] = field(default_factory=list)

    def become(self, text: str, note: str) -> None:
        """Take the new text, and the note if that is a change."""
        if text != self.text:
            self.text = text
            if note not in self.notes:
                self.notes.append(note)

    @property
    def note(self) -> str:
        """All changes in one line, "" if there were none."""
        return "；".join(self.notes)


def text_of(raw: object) -> str:
    """What the cell shows, as text; DomainError for a cell in error.

    Whole numbers lose the ".0" that the reader gives every number, and the fifteen digits that
    Excel keeps are all that is taken of any other.
    """
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, Broken):
        raise DomainError(
            f"单元格是{raw.text if raw.text[0] != '#' else '错误值 ' + raw.text}，"
            "请改成具体内容（复制后选择性粘贴为数值）。",
            code="broken",
        )
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.15g}"
    return _text_of_time(raw)


def shown(raw: object) -> str:
    """As `text_of`, but a cell in error is shown as what it shows."""
    return raw.text if isinstance(raw, Broken) else text_of(raw)


def _text_of_time(raw: object) -> str:
    if isinstance(raw, datetime):
        return raw.isoformat(" ") if raw.time() != time(0) else raw.date().isoformat()
    if isinstance(raw, date | time):
        return raw.isoformat()
    if isinstance(raw, timedelta):
        return str(raw)
    return str(raw)


def visible(raw: object) -> Scratch:
    """The cell's text without hidden characters and without blanks at its ends."""
    text = text_of(raw)
    scratch = Scratch(text)
    if not text.isprintable():  # nearly every cell is: this is the loop that imports spend
        scratch.become(_INVISIBLE.sub("", scratch.text), HIDDEN)
        scratch.become(_ODD_SPACE.sub(" ", scratch.text), SPACES)
    scratch.become(scratch.text.strip(), SPACES)
    if scratch.text.startswith("'"):
        scratch.become(scratch.text[1:].strip(), APOSTROPHE)
    return scratch


def narrow(raw: object) -> Scratch:
    """As `visible`, with every full-width character made half-width; for codes and numbers."""
    scratch = visible(raw)
    if not scratch.text.isascii():
        scratch.become(unicodedata.normalize("NFKC", scratch.text), WIDTH)
    return scratch


def narrow_alnum(scratch: Scratch) -> None:
    """Only letters and digits: full-width punctuation is right in Chinese text."""
    scratch.become(
        _WIDE_ALNUM.sub(lambda m: unicodedata.normalize("NFKC", m.group()), scratch.text), WIDTH
    )


def without_spaces(scratch: Scratch) -> None:
    """Take out every blank, also inside."""
    scratch.become(re.sub(r"\s+", "", scratch.text), SPACES)


def says_nothing(text: str) -> bool:
    """Whether people write this where they leave a cell empty: a slash, a dash, 无."""
    return text.lower() in _BLANK_WORDS

"""The speech edition of a document, and how long its sections take to read out."""

from __future__ import annotations

from dataclasses import dataclass

from gonghui.base.errors import DomainError
from gonghui.kernel.docx.speech import (
    SpokenPart,
    characters_of,
    lasts_of,
    minutes_of,
    parts_of,
    speech_of,
)
from gonghui.kernel.parameters.values import number_of
from gonghui.lines.reports.models import Edition, ReportDoc, ReportVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How long a document takes: by section, in all, and how long it may take."""

    parts: tuple[SpokenPart, ...]
    per_minute: int
    most: int

    @property
    def characters(self) -> int:
        """The characters of the whole."""
        return characters_of(self.parts)

    @property
    def minutes(self) -> int:
        """The minutes of the whole."""
        return minutes_of(self.characters, self.per_minute)

    @property
    def lasts(self) -> str:
        """The same in words."""
        return lasts_of(self.characters, self.per_minute)

    @property
    def is_too_long(self) -> bool:
        """Whether a main report of a meeting may not be so long."""
        return self.minutes > self.most


def reading_of(version: ReportVersion) -> Reading:
    """How long a clean version takes at the speed in force on the day of the meeting."""
    document = version.document
    return Reading(
        parts=tuple(parts_of(_clean(version))),
        per_minute=speed_for(document),
        most=number_of("reports.speech_minutes", on=document.speak_on, org=document.org),
    )


def speech_edition(version: ReportVersion) -> bytes:
    """A clean version in big type, with the minutes of each section."""
    return speech_of(_clean(version), speed_for(version.document))


def speed_for(document: ReportDoc) -> int:
    """The characters a minute in force on the day of the meeting."""
    speed = number_of("reports.minute_characters", on=document.speak_on, org=document.org)
    if speed < 1:
        raise DomainError("参数“讲话每分钟字数”须大于0，请先改正。")
    return speed


def _clean(version: ReportVersion) -> bytes:
    """The file, which must be free of footnotes and check sheets."""
    if version.edition != Edition.FINAL:
        raise DomainError(
            f"{version}带脚注和校核表，不能作发言版；请按正式版取数。", field="edition"
        )
    return bytes(version.file.content)

"""Something that stands against a document; errors stop the final check, the rest are hints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

WHOLE: Final = "全文"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with a document, where, and how to mend it."""

    place: str
    rule: str
    says: str
    remedy: str = ""
    is_error: bool = True

    def __str__(self) -> str:
        where = f"{self.place}：" if self.place else ""
        return f"{where}{self.says}{self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """As a version's row keeps it."""
        return asdict(self)


def problems_from(rows: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """The problems that a version's row keeps."""
    return [Problem(**row) for row in rows]

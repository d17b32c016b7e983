"""What a column holds, said once for reading, for templates and for exports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What the cells of a column mean; it decides how they are read and how they are written."""

    TEXT = "text"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    ACCOUNT = "account"
    PHONE = "phone"
    DATE = "date"
    MONTH = "month"
    MOMENT = "moment"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    FLAG = "flag"
    CHOICE = "choice"
    NAME = "name"


# Stored as text in workbooks that we make, so that Excel cannot eat digits or leading zeros.
TEXT_KINDS = frozenset(
    {
        CellKind.TEXT,
        CellKind.ID_NUMBER,
        CellKind.USCC,
        CellKind.ACCOUNT,
        CellKind.PHONE,
        CellKind.CHOICE,
        CellKind.FLAG,
        CellKind.NAME,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column that a sheet may have: what it is called, what is in it, whether it must be there.

    `choices` are (value, label) pairs as a TextChoices has them in `.choices`, `synonyms` are more
    words people write for them; `union` narrows a
    credit code to those of unions (True) or of employers (False). `unit` is what
    bare figures of a money column are in; a unit in the sheet's own heading goes before it.
    """

    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: CellKind = CellKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    union: bool | None = None
    unit: str = "元"
    example: str = ""
    help: str = ""

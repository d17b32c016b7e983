"""A register as a line declares it: one frozen value that screens, API, sheets and tests follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.forms import Form, Roster
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.workflow.declare import Workflow

VERBS = ("view", "add", "change", "void", "import", "export", "reveal")


@dataclass(frozen=True, slots=True)
class Allow:
    """Roles and the verbs they have over their subtree."""

    verbs: tuple[str, ...]
    roles: tuple[Role, ...]


def allow(verbs: str, *roles: Role) -> Allow:
    """`allow("view add", Role.COUNTY)`: verbs are separated by blanks."""
    return Allow(tuple(verbs.split()), roles)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields on the form and the record's page."""

    title: str
    fields: tuple[str, ...]


def section(title: str, *fields: str) -> Section:
    """`section("家庭", "household", "tier")`."""
    return Section(title, fields)


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of an import sheet: its heading, the field it fills, other headings people write.

    `through` turns the normalised text into a value where the field alone does not say how, for
    example a credit code into an employer; it gets the whole batch: `through(texts) -> {text: value}`
    and leaves out what it does not find (`missing` is then the message). `synonyms` are (code, word)
    pairs: what people write for a choice beside its label.
    """

    heading: str
    field: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    through: Callable[[set[str]], Mapping[str, Any]] | None = None
    missing: str = ""
    example: str = ""
    synonyms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSheet:
    """The sheet people have for this register; `same_when` names the fields that make a row the same record.

    A cell's field may lie across a foreign key (`person__name`). Where one row makes several
    records, `write(rows, actor, org)` takes the rows of a batch as values by field name and answers
    with one `Outcome` per row; the same rows again change nothing. Without it rows are created or
    changed by the verbs. When an import is taken back, `undo(records, actor, reason)` takes back the
    records that it created, with one `Outcome` each; without it they are voided.

    A child register's sheet is uploaded for a parent record; `write` gets that instead of the org.
    A sheet that `is_whole` stands for one document: its rows are judged and written together, all of
    them or none, and once for its parent. A file with a column that `refuses` names is not taken at
    all, so that what must not be kept does not even get into the stored upload.
    """

    title: str
    cells: tuple[Cell, ...]
    same_when: tuple[str, ...] = ()
    prepare: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] | None = None
    write: Callable[[list[dict[str, Any]], Actor, Any], list[Any]] | None = None
    undo: Callable[[list[Any], Actor, str], list[Any]] | None = None
    note: str = ""
    is_whole: bool = False
    refuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A docx form of one record, or a roster of the rows of a list.

    A form may be printed only in some states; without any in all. `when(record)` says of what records
    where a state alone does not.
    """

    title: str = field(kw_only=False)
    form: Form | Roster
    states: tuple[str, ...] = ()
    when: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """Gap-free numbers per org, series and year: `pattern` may use {year} {number} {code}."""

    series: str
    pattern: str = "{year}-{number:04d}"
    date: str | None = None
    by_org: bool = True


@dataclass(frozen=True, slots=True)
class Handover:
    """A record of `source` can be handed over to the declaring register.

    `make(source, actor)` writes and returns the new record.
    """

    source: str
    label: str
    make: Callable[[Any, Any], Any]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """After an action on records of another register, `follow(records, actor)` runs in the same transaction.

    The receiver declares it and the giver knows nothing; `follow` may call the write verbs. The
    action `void` is that records of the other register were voided.
    """

    to: str
    action: str
    follow: Callable[[list[Any], Actor], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register of records; see docs/dev/registers.md.

    `date` is the day that the work happened. `derive(record)` fills copied columns before
    validation; `checks` look at the whole record and raise DomainError. `parent` names the foreign
    key of a child register, whose rows are shown and edited on the parent's page and whose
    permissions are the parent's `change`. `before_many` may write what new records need, after the
    permission check and before validation; `after(record, created, actor)` may call the write verbs.
    `may_be_voided(record)` raises where others rest on the record; `after_void_many(records, actor)`
    takes back what followed from them. The `_many` forms get a whole batch and answer with errors
    by position. `reads` names the foreign keys that guards look at; a verb on many records reads them
    once for all. `reveals_to(record, actor)` says whom hidden values and files may be shown to where
    the verb `reveal` alone is not enough. `words[field]()` says what the codes of a field are called
    that is no choice of its model, for pages, prints and filters.
    """

    key: str
    model: type[RecordBase]
    date: str | None = None
    columns: tuple[str, ...]
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    workflow: Workflow | None = None
    access: tuple[Allow, ...] = ()
    import_sheet: ImportSheet | None = None
    indicators: tuple[Indicator, ...] = ()
    prints: tuple[Print, ...] = ()
    numbering: Numbering | None = None
    accepts: tuple[Handover, ...] = ()
    reacts: tuple[Reaction, ...] = ()
    api: str = "read"
    parent: str | None = None
    derive: Callable[[Any], None] | None = None
    derive_many: Callable[[list[Any]], None] | None = None
    checks: tuple[Callable[[Any], None], ...] = ()
    checks_many: Callable[[list[Any]], dict[int, DomainError]] | None = None
    before_many: Callable[[dict[int, Any], Actor], dict[int, DomainError]] | None = None
    after: Callable[[Any, bool, Actor], None] | None = None
    after_many: Callable[[list[Any], bool, Actor], None] | None = None
    may_be_voided: Callable[[Any], None] | None = None
    after_void_many: Callable[[list[Any], Actor], None] | None = None
    read_only: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    reveals_to: Callable[[Any, Actor], bool] | None = None
    choose_from: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    words: Mapping[str, Callable[[], Mapping[str, str]]] = field(default_factory=dict)
    panels: tuple[str, ...] = ()
    order: int = 100
    in_menu: bool = True
    help: str = ""

    @property
    def title(self) -> str:
        """The register's Chinese name."""
        return str(self.model._meta.verbose_name)

    @property
    def line(self) -> str:
        """The line of work it belongs to."""
        return self.key.split(".")[0]

    @property
    def form_fields(self) -> tuple[str, ...]:
        """The fields a form asks for, in the order of the sections."""
        names = tuple(name for part in self.sections for name in part.fields)
        return tuple(name for name in names if name not in self.read_only)

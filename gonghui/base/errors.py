"""The errors that users are meant to read; anything else is a bug."""

from __future__ import annotations


class DomainError(Exception):
    """A rule was broken: `message` says in Chinese what happened and how to mend it.

    `field` names the form field it belongs to, `code` is stable for programs.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return self.message

    def under(self, place: str) -> DomainError:
        """The same at a sheet's column across a link: `id_no` of `person` is `person__id_no`."""
        field = f"{place}__{self.field}" if self.field else None
        return DomainError(self.message, field=field, code=self.code)


class NotAllowed(DomainError):
    """The actor's roles do not permit this."""

    def __init__(
        self, message: str, *, field: str | None = None, code: str = "not_allowed"
    ) -> None:
        super().__init__(message, field=field, code=code)


class Conflict(DomainError):
    """Somebody else changed the same thing first; `details` says what, field by field."""

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str = "conflict",
        details: dict[str, tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(message, field=field, code=code)
        self.details = details or {}


class Outdated(Conflict):
    """The caller worked on an older version of the record."""

    def __init__(self, message: str, *, details: dict[str, tuple[str, str]] | None = None) -> None:
        super().__init__(message, code="outdated", details=details)


class Invalid(DomainError):
    """Several fields are wrong at once; `errors` maps a field (or "") to its messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        first_field, messages = next(iter(errors.items()))
        super().__init__("；".join(m for ms in errors.values() for m in ms), field=first_field)
        self.errors = errors
        self.messages = messages

    def under(self, place: str) -> Invalid:
        """As above, for each field; what belongs to none stays so."""
        return Invalid({field and f"{place}__{field}": said for field, said in self.errors.items()})

"""Field makers: the Chinese label comes first and every field has a privacy class.

They return plain Django fields, so that schema and migrations stay standard; the class is kept as
the attribute `pii`, which Django's field cloning preserves.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Pii(StrEnum):
    """How private a field is; see design of masking and reveal in docs/dev/privacy.md."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class _SentPlain(models.BinaryField):  # type: ignore[type-arg]  # not generic at run time
    """A binary column that batches insert as arrays, six times as fast as value by value.

    Django does that only for fields without a placeholder of their own; PostgreSQL needs none.
    """

    @property
    def get_placeholder(self) -> Any:
        """There is none; see above."""
        raise AttributeError("get_placeholder")


class SealedField(_SentPlain):
    """Ciphertext of a short text; the write verbs seal it, `sealing.opened` reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)


class HashField(_SentPlain):
    """Keyed hash of a sealed field's normalised text, for search and uniqueness."""


def pii_of(field: Any) -> Pii:
    """The privacy class of a model field; kernel columns are internal."""
    return getattr(field, "pii", Pii.INTERNAL)


def _with(field: Any, pii: Pii) -> Any:
    field.pii = pii
    return field


def _blank(optional: bool) -> dict[str, Any]:
    return {"null": True, "blank": True} if optional else {}


def text(
    label: str, *, size: int = 200, pii: Pii = Pii.INTERNAL, optional: bool = False, **more: Any
) -> Any:
    """One line of text; empty when optional and not given."""
    return _with(
        models.CharField(label, max_length=size, blank=optional, **_default(optional, more)), pii
    )


def _default(optional: bool, more: dict[str, Any]) -> dict[str, Any]:
    return {**({"default": ""} if optional and not more.get("null") else {}), **more}


def note(label: str, *, pii: Pii = Pii.INTERNAL, optional: bool = True, **more: Any) -> Any:
    """Several lines of text."""
    return _with(models.TextField(label, blank=optional, **_default(optional, more)), pii)


def choice(
    label: str,
    choices: type[models.TextChoices],
    *,
    pii: Pii = Pii.INTERNAL,
    optional: bool = False,
    **more: Any,
) -> Any:
    """One of a closed list, stored by its code."""
    size = max(len(value) for value in choices.values)
    field = models.CharField(
        label,
        max_length=max(size, 20),
        choices=choices.choices,
        blank=optional,
        **_default(optional, more),
    )
    return _with(field, pii)


def choices(
    label: str, options: type[models.TextChoices], *, pii: Pii = Pii.INTERNAL, **more: Any
) -> Any:
    """Any number of a closed list."""
    base = models.CharField(max_length=40, choices=options.choices)
    return _with(ArrayField(base, verbose_name=label, default=list, blank=True, **more), pii)


def day(label: str, *, pii: Pii = Pii.INTERNAL, optional: bool = False, **more: Any) -> Any:
    """A calendar day in Asia/Shanghai."""
    return _with(models.DateField(label, **_blank(optional), **more), pii)


def moment(label: str, *, pii: Pii = Pii.INTERNAL, optional: bool = False, **more: Any) -> Any:
    """A moment."""
    return _with(models.DateTimeField(label, **_blank(optional), **more), pii)


def count(
    label: str,
    *,
    pii: Pii = Pii.INTERNAL,
    optional: bool = False,
    at_least: int = 0,
    at_most: int = 2_000_000_000,
    **more: Any,
) -> Any:
    """A whole number."""
    field = models.IntegerField(
        label,
        validators=[MinValueValidator(at_least), MaxValueValidator(at_most)],
        **_blank(optional),
        **more,
    )
    return _with(field, pii)


def year(
    label: str,
    *,
    pii: Pii = Pii.INTERNAL,
    optional: bool = False,
    at_least: int = 1900,
    at_most: int = 2100,
    **more: Any,
) -> Any:
    """A calendar year; it is written without separators."""
    field = count(label, pii=pii, optional=optional, at_least=at_least, at_most=at_most, **more)
    field.is_year = True
    return field


def decimal(
    label: str,
    *,
    digits: int = 12,
    places: int = 2,
    pii: Pii = Pii.INTERNAL,
    optional: bool = False,
    trims: bool = False,
    **more: Any,
) -> Any:
    """A decimal number; one that `trims` is shown without zeros at its end, whatever it counts."""
    field: Any = models.DecimalField(
        label, max_digits=digits, decimal_places=places, **_blank(optional), **more
    )
    field.trims = trims
    return _with(field, pii)


def money(label: str, *, pii: Pii = Pii.INTERNAL, optional: bool = False, **more: Any) -> Any:
    """An amount in yuan, not negative, exact to the cent."""
    return decimal(
        label,
        digits=16,
        pii=pii,
        optional=optional,
        validators=[MinValueValidator(Decimal(0))],
        **more,
    )


def flag(label: str, *, pii: Pii = Pii.INTERNAL, default: bool = False, **more: Any) -> Any:
    """Yes or no."""
    return _with(models.BooleanField(label, default=default, **more), pii)


def link(
    label: str,
    to: str,
    *,
    pii: Pii = Pii.INTERNAL,
    optional: bool = False,
    related_name: str = "+",
    **more: Any,
) -> Any:
    """A reference to another record; what is referred to cannot be deleted."""
    field: Any = models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        verbose_name=label,
        related_name=related_name,
        **_blank(optional),
        **more,
    )
    return _with(field, pii)


def person(label: str, *, optional: bool = False, **more: Any) -> Any:
    """A reference to a person; personal by nature."""
    return link(label, "people.Person", pii=Pii.PERSONAL, optional=optional, **more)


def secret(label: str, *, optional: bool = False, **more: Any) -> Any:
    """A short sensitive text, encrypted at rest."""
    return _with(SealedField(label, **_blank(optional), **more), Pii.SENSITIVE)


def secret_hash(label: str, *, optional: bool = True, **more: Any) -> Any:
    """The keyed hash of the sealed field of the same name without `_hash`."""
    return _with(HashField(label, editable=False, **_blank(optional), **more), Pii.SENSITIVE)

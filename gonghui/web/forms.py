"""Forms made from a register's fields; they only turn text into values, the write verbs judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet
from django.forms.widgets import ChoiceWidget
from django.urls import reverse

from gonghui.base.errors import DomainError, Invalid
from gonghui.kernel.records.fields import Pii, SealedField, pii_of
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register
from gonghui.web import choosing

FEW = 4
KEPT = "已填写，此处不显示。留空表示不改。"
CLEAR = "__clear"


class LinkWidget(forms.Widget):
    """A text input for a name or number, and a hidden one that keeps what was picked."""

    template_name = "web/_link_widget.html"

    def __init__(self, address: str = "") -> None:
        super().__init__()
        self.address = address

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The two inputs with what they hold."""
        context = super().get_context(name, value, attrs)
        text, kept = value if isinstance(value, tuple) else (value or "", "")
        return {**context, "address": self.address, "text": text, "kept": kept}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        """What was typed and what was picked."""
        return data.get(name, ""), data.get(f"{name}.pk", "")


class LinkField(forms.Field):
    """A record chosen by picking it, or by typing its number, code or name."""

    def __init__(
        self,
        rows: Callable[[], QuerySet[Any]],
        address: str,
        present: Callable[[], Any] = lambda: None,
        **more: Any,
    ) -> None:
        super().__init__(widget=LinkWidget(address), **more)
        self.rows, self.present = rows, present

    def clean(self, value: Any) -> Any:
        """The record meant, or None."""
        text, kept = value or ("", "")
        if not text.strip():
            if self.required:
                raise forms.ValidationError(f"请填写{self.label}。")
            return None
        present = self.present()
        if present is not None and self.prepare_value(present) == (text, kept):
            return present  # left as it is, though it may lie outside of what can be chosen
        try:
            return choosing.resolve(self.rows(), text, kept, str(self.label))
        except DomainError as error:
            raise forms.ValidationError(error.message) from None

    def prepare_value(self, value: Any) -> Any:
        """The label of a record, with the mark that it was picked."""
        if isinstance(value, models.Model):
            label = label_of(value, masked=False)
            return label, f"{value.pk}|{label}"
        return value


class YesNo(forms.NullBooleanField):
    """Yes or no where the present value must not be shown."""

    widget = forms.Select(choices=[("", "（不改动）"), ("true", "是"), ("false", "否")])


def form_field(register: Register, name: str, record: Any, *, is_optional: bool = False) -> Any:
    """The form field of a model field; `is_optional` where the rule for it lies elsewhere."""
    source: Any = register.model._meta.get_field(name)
    is_kept = pii_of(source) is Pii.SENSITIVE and record is not None and record.pk is not None
    field = _made(register, source, record)
    field.label = str(source.verbose_name)
    is_empty_allowed = source.blank or isinstance(source, models.BooleanField)
    field.required = not (is_empty_allowed or is_optional or is_kept)
    if not isinstance(source, models.ForeignKey | ArrayField):
        known = {type(validator) for validator in field.validators}
        field.validators += [v for v in source.validators if type(v) not in known]
    field.error_messages["required"] = f"请填写{field.label}。"
    if not field.help_text:
        field.help_text = KEPT if is_kept and _has_value(record, source) else source.help_text
    return field


def _has_value(record: Any, source: Any) -> bool:
    return getattr(record, source.attname) not in (None, "", [])


def _value(record: Any, source: Any) -> Any:
    """A field's value; an empty link is None also on a record that is not saved yet."""
    return None if getattr(record, source.attname) is None else getattr(record, source.name)


def _made(register: Register, source: Any, record: Any) -> Any:
    if isinstance(source, models.ForeignKey):
        return _link_field(register, source, record)
    if source.name in register.choose_from:
        return _from_list(register, source, record)
    if isinstance(source, SealedField):
        attrs = {"autocomplete": "off", "class": "form-control"}
        return forms.CharField(max_length=200, widget=forms.TextInput(attrs=attrs))
    if isinstance(source, ArrayField):
        return (
            forms.MultipleChoiceField(
                choices=source.base_field.choices, widget=in_a_row(forms.CheckboxSelectMultiple)
            )
            if source.base_field.choices
            else _styled(source.formfield())
        )
    if isinstance(source, models.BooleanField):
        return _flag(source, record)
    if source.choices:
        return _choice(source)
    return _styled(source.formfield() or forms.CharField())


def _from_list(register: Register, source: Any, record: Any) -> Any:
    """One of the (code, label) pairs that the register gives for a field."""
    pairs = [(str(code), str(label)) for code, label in register.choose_from[source.name](record)]
    return forms.TypedChoiceField(
        choices=[("", "（请选择）"), *pairs],
        coerce=source.to_python,
        empty_value=None if source.null else "",
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def in_a_row(widget: type[ChoiceWidget]) -> ChoiceWidget:
    """Ticks or round buttons in a row."""
    made = widget()
    made.template_name = "web/_options_widget.html"
    return made


def _flag(source: Any, record: Any) -> Any:
    if pii_of(source) is Pii.SENSITIVE and record is not None and record.pk is not None:
        return YesNo()
    return forms.BooleanField()


def _choice(source: Any) -> Any:
    pairs = [(code, str(label)) for code, label in source.flatchoices]
    is_hidden = pii_of(source) is Pii.SENSITIVE
    if len(pairs) <= FEW and not source.blank and not is_hidden:
        return forms.TypedChoiceField(
            choices=pairs, coerce=source.to_python, widget=in_a_row(forms.RadioSelect)
        )
    return forms.TypedChoiceField(
        choices=[("", "（请选择）"), *pairs],
        coerce=source.to_python,
        empty_value=None if source.null else "",
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def _styled(field: Any) -> Any:
    """A Django field with the widget that browsers help with."""
    if isinstance(field, forms.DateField):
        field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    elif isinstance(field, forms.DateTimeField):
        field.widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
        )
    elif isinstance(field.widget, forms.NumberInput):
        field.widget.attrs.update({"inputmode": "decimal", "step": "any"})
    elif isinstance(field.widget, forms.Textarea):
        field.widget.attrs.update({"rows": 4})
    field.widget.attrs.setdefault("class", "form-control")
    return field


def _link_field(register: Register, source: Any, record: Any) -> LinkField:
    address = reverse("web:choose", args=[register.key, source.name])
    if record is not None and record.pk is not None:
        address += f"?record={record.pk}"
    elif record is not None and register.parent is not None:
        address += f"?parent={getattr(record, f'{register.parent}_id') or ''}"
    return LinkField(
        lambda: choosing.candidates(register, source.name, record),
        address,
        present=lambda: _value(record, source) if record is not None and record.pk else None,
        help_text="输入名称、拼音首字母或编号查找",
    )


class RegisterForm(forms.Form):
    """Fields of a register's record; `groups` are its sections with their bound fields."""

    def __init__(
        self,
        register: Register,
        names: Iterable[str],
        record: Any = None,
        data: Any = None,
        *,
        are_optional: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.register, self.record, self.names = register, record, list(names)
        super().__init__(data, initial={**self._present(), **(initial or {})})
        for name in self.names:
            self.fields[name] = form_field(register, name, record, is_optional=are_optional)
            source: Any = register.model._meta.get_field(name)
            if self._is_kept(name) and source.null and _has_value(record, source):
                self.fields[name + CLEAR] = forms.BooleanField(
                    required=False, label=f"清空{source.verbose_name}"
                )

    def _present(self) -> dict[str, Any]:
        """The values a form begins with; sensitive ones are never sent to the browser."""
        if self.record is None:
            return {}
        return {
            name: _value(self.record, self.register.model._meta.get_field(name))
            for name in self.names
            if not self._is_kept(name) and not self._is_sealed(name)
        }

    def _is_kept(self, name: str) -> bool:
        field = self.register.model._meta.get_field(name)
        is_saved = self.record is not None and self.record.pk is not None
        return is_saved and pii_of(field) is Pii.SENSITIVE

    def _is_sealed(self, name: str) -> bool:
        return isinstance(self.register.model._meta.get_field(name), SealedField)

    @property
    def values(self) -> dict[str, Any]:
        """What the write verbs get; a sensitive field that was left empty stays as it is."""
        values: dict[str, Any] = {}
        for name in self.names:
            value = self.cleaned_data.get(name)
            if self._is_kept(name) and value in (None, "", []):
                if self.cleaned_data.get(name + CLEAR):
                    values[name] = None
                continue
            values[name] = self._for_model(name, value)
        return values

    def _for_model(self, name: str, value: Any) -> Any:
        source: Any = self.register.model._meta.get_field(name)
        if value in (None, "") and not source.null:
            return source.get_default() if isinstance(source, models.BooleanField) else ""
        return None if value == "" and source.null else value

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The sections of the paper form; fields that stand in none come first."""
        placed = {n for part in self.register.sections for n in part.fields}
        first = [n for n in self.names if n not in placed]
        parts = [("", first)] if first else []
        parts += [
            (part.title, [n for n in part.fields if n in self.fields])
            for part in self.register.sections
        ]
        return [
            (title, [self[n] for name in names for n in (name, name + CLEAR) if n in self.fields])
            for title, names in parts
            if names
        ]

    def take(self, error: DomainError) -> None:
        """Show a broken rule at its field, or above the form."""
        errors = (
            error.errors if isinstance(error, Invalid) else {error.field or "": [error.message]}
        )
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

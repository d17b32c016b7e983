"""The columns of every record, and the tables that go with records."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.base import ModelState

from gonghui.kernel.access.managers import ScopedManager
from gonghui.kernel.records.fields import Pii


def _public(field: Any) -> Any:
    field.pii = Pii.PUBLIC
    return field


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


class RecordBase(models.Model):
    """Columns that the write verbs keep; `Record` adds the org."""

    scope_column: ClassVar[str] = "org"

    number = _public(
        models.CharField("编号", max_length=60, blank=True, default="", editable=False)
    )
    state = _public(models.CharField("状态", max_length=30, blank=True, default="", editable=False))
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", editable=False)
    created_by = models.BigIntegerField("登记人", null=True, editable=False)
    changed_at = models.DateTimeField("修改时间", editable=False)
    changed_by = models.BigIntegerField("修改人", null=True, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)
    void_reason = models.CharField(
        "作废原因", max_length=200, blank=True, default="", editable=False
    )

    objects = ScopedManager()
    _unscoped: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        ordering = ("-id",)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:
        """The record of a row; its columns are laid down at once where all of them were read."""
        names = _columns(cls)
        if more or len(values) != len(names):
            return super().from_db(db, field_names, values, **more)
        record = cls.__new__(cls)
        record.__dict__.update(zip(names, values, strict=True))
        state = record._state = ModelState()
        state.adding, state.db = False, db
        return record

    def label(self) -> str:
        """What a screen calls this record."""
        return str(self)

    def __str__(self) -> str:
        return self.number or f"{self._meta.verbose_name}{self.pk}"


class Record(RecordBase):
    """A row of a register; it belongs to an org and exists only for those above or at it."""

    org = _public(
        models.ForeignKey(
            "kernel_orgs.Org", models.PROTECT, verbose_name="所属工会", related_name="+"
        )
    )

    class Meta(RecordBase.Meta):
        abstract = True


class Sequence(models.Model):
    """The last number taken of a gap-free series of an org and year."""

    org = models.ForeignKey("kernel_orgs.Org", models.PROTECT, related_name="+")
    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "series", "year"], name="records_sequence_one")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.taken}"


class RecordLink(models.Model):
    """A loose link between two records of any registers; both screens show it."""

    from_register = models.CharField("来源台账", max_length=80)
    from_id = models.BigIntegerField("来源记录")
    to_register = models.CharField("去向台账", max_length=80)
    to_id = models.BigIntegerField("去向记录")
    kind = models.CharField("关系", max_length=40)
    made_at = models.DateTimeField("建立时间")
    made_by = models.BigIntegerField("建立人", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_register", "from_id", "to_register", "to_id", "kind"],
                name="records_recordlink_one",
            )
        ]
        indexes = [models.Index(fields=["to_register", "to_id"], name="records_recordlink_to")]

    def __str__(self) -> str:
        return f"{self.from_register}/{self.from_id} {self.kind} {self.to_register}/{self.to_id}"


class History(models.Model):
    """One version of one record, written by trigger; never changed, chained by hash."""

    table = models.CharField("表", max_length=80)
    record_id = models.BigIntegerField("记录")
    verb = models.CharField("操作", max_length=60)
    reason = models.CharField("原因", max_length=400, blank=True)
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人", null=True)
    row = models.JSONField("内容")
    hash = models.BinaryField("校验")

    class Meta:
        indexes = [models.Index(fields=["table", "record_id", "id"], name="records_history_of")]

    def __str__(self) -> str:
        return f"{self.table}/{self.record_id} {self.verb}"


class RevealEvent(models.Model):
    """Somebody looked at a sensitive field in clear, and why."""

    register = models.CharField("台账", max_length=80)
    record_id = models.BigIntegerField("记录")
    field = models.CharField("字段", max_length=60)
    actor_id = models.BigIntegerField("查看人", null=True)
    reason = models.CharField("用途", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [models.Index(fields=["register", "record_id"], name="records_revealevent_of")]

    def __str__(self) -> str:
        return f"{self.register}/{self.record_id}.{self.field}"

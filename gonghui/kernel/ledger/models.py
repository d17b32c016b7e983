"""The ledger's tables: differences as they are posted, for good, and the sums kept of them.

Nothing here refers to another table by a foreign key: the database writes these rows by set, and
city ids lead the keys of whatever grows, so that the tables can be split by city later.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

CITY = 1  # one city per database; the column keeps federations of cities possible


class InstalledIndicator(models.Model):
    """A posted indicator as the database's triggers know it; an id is never given to another code."""

    id = models.SmallIntegerField(primary_key=True)
    code = models.CharField(max_length=120, unique=True)
    is_stock = models.BooleanField()
    has_subject = models.BooleanField()
    fingerprint = models.CharField(max_length=64)
    installed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_indicator"

    def __str__(self) -> str:
        return self.code


class Difference(models.Model):
    """What one write added to one indicator; corrections are further differences."""

    indicator = models.SmallIntegerField()
    org = models.BigIntegerField()
    day = models.DateField()
    value = models.BigIntegerField()
    subject = models.BigIntegerField(null=True)
    record_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.indicator}/{self.org} {self.day} {self.value:+}"


class Hot(Difference):
    """Where triggers append: without any index (`triggers.install` drops the key)."""

    class Meta:
        db_table = "ledger_hot"


class Delta(Difference):
    """The permanent ledger; rows are only ever added, by `fold`."""

    id = models.BigIntegerField(primary_key=True)
    city = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_delta"
        indexes = [
            models.Index(fields=["city", "indicator", "org", "day"], name="ledger_delta_of_org"),
            models.Index(fields=["indicator", "record_id"], name="ledger_delta_of_record"),
            models.Index(
                fields=["indicator", "subject"],
                name="ledger_delta_of_subject",
                condition=models.Q(subject__isnull=False),
            ),
            BrinIndex(fields=["recorded_at"], name="ledger_delta_recorded"),
        ]


class DayBalance(models.Model):
    """The sum of an indicator's differences of a day at and below a node, by the day of recording."""

    pk = models.CompositePrimaryKey("city", "indicator", "node", "day", "rec_day")
    city = models.SmallIntegerField()
    indicator = models.SmallIntegerField()
    node = models.BigIntegerField()
    day = models.DateField()
    rec_day = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        db_table = "ledger_day"
        indexes = [BrinIndex(fields=["rec_day"], name="ledger_day_recorded")]

    def __str__(self) -> str:
        return f"{self.indicator}/{self.node} {self.day}: {self.value}"


class MonthBalance(models.Model):
    """The sum of an indicator's differences of a month at and below a node, by the month of recording."""

    pk = models.CompositePrimaryKey("city", "indicator", "node", "month", "rec_month")
    city = models.SmallIntegerField()
    indicator = models.SmallIntegerField()
    node = models.BigIntegerField()
    month = models.DateField()
    rec_month = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        db_table = "ledger_month"

    def __str__(self) -> str:
        return f"{self.indicator}/{self.node} {self.month}: {self.value}"


class RepeatedSubject(models.Model):
    """A subject that several records have named; all others count once wherever they are counted."""

    pk = models.CompositePrimaryKey("city", "indicator", "subject")
    city = models.SmallIntegerField()
    indicator = models.SmallIntegerField()
    subject = models.BigIntegerField()

    class Meta:
        db_table = "ledger_repeat"

    def __str__(self) -> str:
        return f"{self.indicator}: {self.subject}"


class Move(models.Model):
    """An organisation came under another superior in the statistics tree (划转)."""

    org = models.BigIntegerField()
    superior_before = models.BigIntegerField(null=True)
    superior = models.BigIntegerField(null=True)
    day = models.DateField()
    basis_doc = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_index=True)
    actor = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_move"

    def __str__(self) -> str:
        return f"{self.org} {self.day}: {self.superior}"


class Seal(models.Model):
    """Figures of a period as they stood at a moment, kept for good (封存); see `seals`.

    `hash` is over the canonical text of the seal and its figures, and `previous_hash` is that of the
    seal before it. Everything up to `last_entry` of the ledger is counted, nothing after it. An
    indicator named in `codes` without a figure of an organisation was zero there.
    """

    org = models.BigIntegerField()
    start = models.DateField()
    end = models.DateField()
    as_of = models.DateTimeField()
    last_entry = models.BigIntegerField()
    codes = ArrayField(models.CharField(max_length=120))
    figures_count = models.IntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_seal"

    def __str__(self) -> str:
        return f"{self.org} {self.start}..{self.end}: {self.hash[:12]}"


class SealedFigure(models.Model):
    """One sealed figure; the database refuses to change it."""

    pk = models.CompositePrimaryKey("seal", "code", "org")
    seal = models.BigIntegerField()
    code = models.CharField(max_length=120)
    org = models.BigIntegerField()
    org_code = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=30, decimal_places=6)

    class Meta:
        db_table = "ledger_sealed"

    def __str__(self) -> str:
        return f"{self.code}/{self.org}: {self.value}"

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Hot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.SmallIntegerField()),
                ('org', models.BigIntegerField()),
                ('day', models.DateField()),
                ('value', models.BigIntegerField()),
                ('subject', models.BigIntegerField(null=True)),
                ('record_id', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'ledger_hot',
            },
        ),
        migrations.CreateModel(
            name='InstalledIndicator',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=120, unique=True)),
                ('is_stock', models.BooleanField()),
                ('has_subject', models.BooleanField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('installed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_indicator',
            },
        ),
        migrations.CreateModel(
            name='MonthBalance',
            fields=[
                ('pk', models.CompositePrimaryKey('city', 'indicator', 'node', 'month', 'rec_month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('city', models.SmallIntegerField()),
                ('indicator', models.SmallIntegerField()),
                ('node', models.BigIntegerField()),
                ('month', models.DateField()),
                ('rec_month', models.DateField()),
                ('value', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_month',
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.BigIntegerField()),
                ('superior_before', models.BigIntegerField(null=True)),
                ('superior', models.BigIntegerField(null=True)),
                ('day', models.DateField()),
                ('basis_doc', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField(db_index=True)),
                ('actor', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'ledger_move',
            },
        ),
        migrations.CreateModel(
            name='RepeatedSubject',
            fields=[
                ('pk', models.CompositePrimaryKey('city', 'indicator', 'subject', blank=True, editable=False, primary_key=True, serialize=False)),
                ('city', models.SmallIntegerField()),
                ('indicator', models.SmallIntegerField()),
                ('subject', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_repeat',
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.BigIntegerField()),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('as_of', models.DateTimeField()),
                ('last_entry', models.BigIntegerField()),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None)),
                ('figures_count', models.IntegerField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'ledger_seal',
            },
        ),
        migrations.CreateModel(
            name='SealedFigure',
            fields=[
                ('pk', models.CompositePrimaryKey('seal', 'code', 'org', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seal', models.BigIntegerField()),
                ('code', models.CharField(max_length=120)),
                ('org', models.BigIntegerField()),
                ('org_code', models.CharField(max_length=30)),
                ('value', models.DecimalField(decimal_places=6, max_digits=30)),
            ],
            options={
                'db_table': 'ledger_sealed',
            },
        ),
        migrations.CreateModel(
            name='DayBalance',
            fields=[
                ('pk', models.CompositePrimaryKey('city', 'indicator', 'node', 'day', 'rec_day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('city', models.SmallIntegerField()),
                ('indicator', models.SmallIntegerField()),
                ('node', models.BigIntegerField()),
                ('day', models.DateField()),
                ('rec_day', models.DateField()),
                ('value', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_day',
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['rec_day'], name='ledger_day_recorded')],
            },
        ),
        migrations.CreateModel(
            name='Delta',
            fields=[
                ('indicator', models.SmallIntegerField()),
                ('org', models.BigIntegerField()),
                ('day', models.DateField()),
                ('value', models.BigIntegerField()),
                ('subject', models.BigIntegerField(null=True)),
                ('record_id', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.BigIntegerField(null=True)),
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('city', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'ledger_delta',
                'indexes': [models.Index(fields=['city', 'indicator', 'org', 'day'], name='ledger_delta_of_org'), models.Index(fields=['indicator', 'record_id'], name='ledger_delta_of_record'), models.Index(condition=models.Q(('subject__isnull', False)), fields=['indicator', 'subject'], name='ledger_delta_of_subject'), django.contrib.postgres.indexes.BrinIndex(fields=['recorded_at'], name='ledger_delta_recorded')],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='History',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=80, verbose_name='表')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('verb', models.CharField(max_length=60, verbose_name='操作')),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='原因')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('actor_id', models.BigIntegerField(null=True, verbose_name='操作人')),
                ('row', models.JSONField(verbose_name='内容')),
                ('hash', models.BinaryField(verbose_name='校验')),
            ],
            options={
                'indexes': [models.Index(fields=['table', 'record_id', 'id'], name='records_history_of')],
            },
        ),
        migrations.CreateModel(
            name='RecordLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_register', models.CharField(max_length=80, verbose_name='来源台账')),
                ('from_id', models.BigIntegerField(verbose_name='来源记录')),
                ('to_register', models.CharField(max_length=80, verbose_name='去向台账')),
                ('to_id', models.BigIntegerField(verbose_name='去向记录')),
                ('kind', models.CharField(max_length=40, verbose_name='关系')),
                ('made_at', models.DateTimeField(verbose_name='建立时间')),
                ('made_by', models.BigIntegerField(null=True, verbose_name='建立人')),
            ],
            options={
                'indexes': [models.Index(fields=['to_register', 'to_id'], name='records_recordlink_to')],
                'constraints': [models.UniqueConstraint(fields=('from_register', 'from_id', 'to_register', 'to_id', 'kind'), name='records_recordlink_one')],
            },
        ),
        migrations.CreateModel(
            name='RevealEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('field', models.CharField(max_length=60, verbose_name='字段')),
                ('actor_id', models.BigIntegerField(null=True, verbose_name='查看人')),
                ('reason', models.CharField(max_length=200, verbose_name='用途')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'indexes': [models.Index(fields=['register', 'record_id'], name='records_revealevent_of')],
            },
        ),
        migrations.CreateModel(
            name='Sequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org')),
                ('series', models.CharField(max_length=60)),
                ('year', models.PositiveSmallIntegerField()),
                ('taken', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('org', 'series', 'year'), name='records_sequence_one')],
            },
        ),
    ]

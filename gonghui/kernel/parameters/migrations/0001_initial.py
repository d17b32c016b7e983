import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('is_working', models.BooleanField(verbose_name='调休上班')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
            ],
            options={
                'verbose_name': '节假日',
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, verbose_name='参数')),
                ('value', models.JSONField(verbose_name='值')),
                ('org', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='适用工会')),
                ('valid_from', models.DateField(verbose_name='起用日期')),
                ('source', models.CharField(max_length=200, verbose_name='依据')),
                ('set_by', models.BigIntegerField(null=True, verbose_name='设定人')),
                ('set_at', models.DateTimeField(verbose_name='设定时间')),
            ],
            options={
                'verbose_name': '参数',
                'constraints': [models.UniqueConstraint(fields=('code', 'org', 'valid_from'), name='parameter_one_a_day', nulls_distinct=False)],
            },
        ),
    ]

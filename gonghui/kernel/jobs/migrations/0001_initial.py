from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DataCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(verbose_name='结束时间')),
                ('checked', models.PositiveIntegerField(verbose_name='复核数字')),
                ('differing', models.JSONField(default=list, verbose_name='不一致')),
                ('broken_links', models.JSONField(default=list, verbose_name='校验链断开的历史')),
            ],
            options={
                'verbose_name': '数据复核',
                'ordering': ('-id',),
            },
        ),
    ]

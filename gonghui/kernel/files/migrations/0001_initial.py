import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='工会')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=100, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='大小')),
                ('digest', models.CharField(max_length=64, verbose_name='校验值')),
                ('is_evidence', models.BooleanField(default=False, verbose_name='保留原图')),
                ('added_at', models.DateTimeField(verbose_name='上传时间')),
                ('added_by', models.BigIntegerField(null=True, verbose_name='上传人')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='移除时间')),
                ('removed_by', models.BigIntegerField(null=True, verbose_name='移除人')),
            ],
            options={
                'verbose_name': '附件',
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('register', 'record_id', 'digest'), name='attachment_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AttachmentData',
            fields=[
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='data', serialize=False, to='files.attachment')),
                ('content', models.BinaryField()),
            ],
        ),
    ]

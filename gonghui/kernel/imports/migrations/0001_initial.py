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
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='所属工会')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('parent_id', models.BigIntegerField(null=True, verbose_name='所属记录')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('digest', models.CharField(max_length=64, verbose_name='校验值')),
                ('state', models.CharField(choices=[('checking', '检查中'), ('checked', '待写入'), ('writing', '写入中'), ('done', '已写入'), ('undoing', '撤销中'), ('undone', '已撤销'), ('failed', '未完成')], default='checking', max_length=20, verbose_name='状态')),
                ('failure', models.CharField(blank=True, max_length=500, verbose_name='未完成的原因')),
                ('step_before_failure', models.CharField(blank=True, max_length=20)),
                ('notices', models.JSONField(default=list, verbose_name='提示')),
                ('summary', models.JSONField(default=dict, verbose_name='摘要')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='处理到第几行')),
                ('progress', models.PositiveIntegerField(default=0, verbose_name='已处理行数')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='总行数')),
                ('new_count', models.PositiveIntegerField(default=0, verbose_name='新增')),
                ('changed_count', models.PositiveIntegerField(default=0, verbose_name='修改')),
                ('unchanged_count', models.PositiveIntegerField(default=0, verbose_name='未变')),
                ('refused_count', models.PositiveIntegerField(default=0, verbose_name='拒绝')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('uploaded_by', models.BigIntegerField(null=True, verbose_name='上传人')),
                ('acting_user', models.BigIntegerField(null=True, verbose_name='当前步骤办理人')),
                ('progress_at', models.DateTimeField(verbose_name='最近进展')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='检查完成')),
                ('written_at', models.DateTimeField(null=True, verbose_name='写入完成')),
                ('written_by', models.BigIntegerField(null=True, verbose_name='写入人')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='撤销完成')),
                ('undone_by', models.BigIntegerField(null=True, verbose_name='撤销人')),
            ],
            options={
                'verbose_name': '导入',
                'ordering': ('-id',),
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['register', 'org', '-id'], name='importrun_last')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['writing', 'undoing'])), fields=('register', 'digest'), name='importrun_one_at_work', violation_error_message='同一份文件正在写入或撤销，请等它完成。')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file', serialize=False, to='imports.importrun')),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='imports.importrun')),
                ('number', models.PositiveIntegerField(verbose_name='行号')),
                ('outcome', models.CharField(choices=[('new', '新增'), ('changed', '修改'), ('unchanged', '未变'), ('refused', '拒绝')], max_length=10, verbose_name='结果')),
                ('record_id', models.BigIntegerField(null=True, verbose_name='记录')),
                ('version', models.PositiveIntegerField(null=True, verbose_name='版本')),
                ('notes', models.JSONField(default=list, verbose_name='说明')),
                ('faults', models.JSONField(default=list, verbose_name='错误')),
                ('before', models.JSONField(null=True, verbose_name='原值')),
                ('undo', models.CharField(blank=True, choices=[('', '未撤销'), ('voided', '已作废'), ('restored', '已恢复'), ('left', '未撤销，须另行处理')], default='', max_length=10, verbose_name='撤销')),
                ('undo_note', models.CharField(blank=True, default='', max_length=300, verbose_name='撤销说明')),
            ],
            options={
                'verbose_name': '导入行',
                'indexes': [models.Index(fields=['run', 'outcome', 'number'], name='importrow_of')],
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='importrow_one_a_row')],
            },
        ),
    ]

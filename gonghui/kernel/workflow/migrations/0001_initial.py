import django.contrib.postgres.fields
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
            name='PublicNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='工会')),
                ('title', models.CharField(max_length=200, verbose_name='题目')),
                ('body', models.TextField(verbose_name='内容')),
                ('hangs_from', models.DateField(verbose_name='起')),
                ('hangs_to', models.DateField(verbose_name='止')),
                ('state', models.CharField(choices=[('hanging', '公示中'), ('objected', '有异议'), ('passed', '公示无异议'), ('withdrawn', '已撤回')], default='hanging', max_length=20, verbose_name='状态')),
            ],
            options={
                'verbose_name': '公示',
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['register', 'record_id'], name='publicnotice_of_record')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='workflow.publicnotice')),
                ('text', models.TextField(verbose_name='异议')),
                ('contact', models.CharField(blank=True, max_length=100, verbose_name='联系方式')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('answer', models.TextField(blank=True, verbose_name='处理意见')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                ('answered_by', models.BigIntegerField(null=True, verbose_name='处理人')),
                ('upheld', models.BooleanField(null=True, verbose_name='异议成立')),
            ],
            options={
                'verbose_name': '异议',
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('mark', models.CharField(max_length=60, verbose_name='事由代码')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='工会')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('basic', '基层工会'), ('station', '乡镇（街道）工会'), ('county', '县（市、区）总工会'), ('industry', '产业工会'), ('dept', '市总部室'), ('leader', '市总领导'), ('finance', '财务'), ('audit', '经审'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20), size=None, verbose_name='提醒角色')),
                ('message', models.CharField(max_length=300, verbose_name='内容')),
                ('made_at', models.DateTimeField(verbose_name='提醒时间')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='解除时间')),
            ],
            options={
                'verbose_name': '提醒',
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['org', '-made_at'], name='reminder_of_org')],
                'constraints': [models.UniqueConstraint(fields=('register', 'record_id', 'mark'), name='reminder_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80, verbose_name='台账')),
                ('record_id', models.BigIntegerField(verbose_name='记录')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='所属工会')),
                ('title', models.CharField(max_length=200, verbose_name='事项')),
                ('state', models.CharField(max_length=30, verbose_name='状态')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('basic', '基层工会'), ('station', '乡镇（街道）工会'), ('county', '县（市、区）总工会'), ('industry', '产业工会'), ('dept', '市总部室'), ('leader', '市总领导'), ('finance', '财务'), ('audit', '经审'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20), size=None, verbose_name='待办角色')),
                ('department', models.CharField(blank=True, default='', max_length=60, verbose_name='待办部室')),
                ('opened_at', models.DateTimeField(verbose_name='到达时间')),
                ('opened_by', models.BigIntegerField(null=True, verbose_name='送办人')),
                ('due_on', models.DateField(null=True, verbose_name='办理期限')),
                ('paused_from', models.DateField(null=True, verbose_name='暂停计时')),
                ('pause_reason', models.CharField(blank=True, max_length=200, verbose_name='暂停原因')),
                ('extended', models.BooleanField(default=False, verbose_name='已延期')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('closed_by', models.BigIntegerField(null=True, verbose_name='办理人')),
                ('action', models.CharField(blank=True, max_length=40, verbose_name='办理动作')),
                ('climbed', models.PositiveSmallIntegerField(default=0, verbose_name='已上报层级')),
            ],
            options={
                'verbose_name': '待办',
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['org', 'due_on'], name='task_open_of_org'), models.Index(fields=['register', 'record_id'], name='task_of_record'), models.Index(fields=['closed_by', '-closed_at'], name='task_done_by')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('register', 'record_id'), name='task_one_open')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrainingClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, default='', editable=False, max_length=60, verbose_name='编号')),
                ('state', models.CharField(blank=True, default='', editable=False, max_length=30, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='登记时间')),
                ('created_by', models.BigIntegerField(editable=False, null=True, verbose_name='登记人')),
                ('changed_at', models.DateTimeField(editable=False, verbose_name='修改时间')),
                ('changed_by', models.BigIntegerField(editable=False, null=True, verbose_name='修改人')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='作废原因')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='所属工会')),
                ('title', models.CharField(max_length=120, verbose_name='培训班名称')),
                ('theme', models.CharField(blank=True, default='', max_length=120, verbose_name='主题')),
                ('level', models.CharField(choices=[('nation', '全总'), ('province', '省总'), ('city', '市总'), ('county', '县（市、区）总'), ('basic', '乡镇（街道）及基层')], max_length=20, verbose_name='层级')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('county_chair', '县（市、区）总工会主席'), ('direct_chair', '直属企业工会主席'), ('department', '市总各部室'), ('industry_head', '产业工会负责人'), ('township_chair', '乡镇（街道）工会主席'), ('basic_chair', '基层工会主席'), ('finance_audit', '财务经审干部'), ('women', '女职工工作干部'), ('bargaining', '集体协商指导员')], max_length=40), blank=True, default=list, size=None, verbose_name='培训对象')),
                ('kind', models.CharField(choices=[('central', '集中'), ('online', '网络'), ('away', '外出'), ('meeting', '以会代训')], max_length=20, verbose_name='形式')),
                ('start_on', models.DateField(verbose_name='开班日期')),
                ('end_on', models.DateField(verbose_name='结束日期')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=6, verbose_name='学时')),
                ('venue', models.CharField(blank=True, default='', max_length=120, verbose_name='地点')),
                ('capacity', models.IntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(2000000000)], verbose_name='名额')),
                ('budget', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='预算')),
                ('spent', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='支出')),
                ('materials', models.TextField(blank=True, default='', verbose_name='课程安排')),
            ],
            options={
                'verbose_name': '工会干部培训班',
                'ordering': ('-id',),
                'abstract': False,
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['org', '-start_on'], name='trainingclass_of_org')],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_on__gte', models.F('start_on'))), name='trainingclass_ends_after_start', violation_error_message='结束日期不能早于开班日期。'), models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='trainingclass_has_hours', violation_error_message='学时须大于零。')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TrainingSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, default='', editable=False, max_length=60, verbose_name='编号')),
                ('state', models.CharField(blank=True, default='', editable=False, max_length=30, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='登记时间')),
                ('created_by', models.BigIntegerField(editable=False, null=True, verbose_name='登记人')),
                ('changed_at', models.DateTimeField(editable=False, verbose_name='修改时间')),
                ('changed_by', models.BigIntegerField(editable=False, null=True, verbose_name='修改人')),
                ('voided_at', models.DateTimeField(editable=False, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='作废原因')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='所属工会')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cadres.trainingclass', verbose_name='培训班')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='学员')),
                ('post', models.CharField(blank=True, default='', max_length=60, verbose_name='职务')),
                ('invited_by', models.CharField(blank=True, default='', max_length=60, verbose_name='通知人')),
                ('is_confirmed', models.BooleanField(default=False, verbose_name='已确认参加')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='已退出')),
                ('checkins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=13), blank=True, default=list, size=None, verbose_name='签到')),
                ('hours_earned', models.DecimalField(decimal_places=1, default=0, editable=False, max_digits=6, verbose_name='实得学时')),
                ('score', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='成绩')),
                ('passed', models.BooleanField(default=False, verbose_name='合格')),
                ('cert_no', models.CharField(blank=True, default='', max_length=60, verbose_name='结业证书号')),
                ('feedback', models.TextField(blank=True, default='', verbose_name='反馈')),
                ('starts_on', models.DateField(blank=True, editable=False, null=True, verbose_name='开班日期')),
                ('ends_before', models.DateField(blank=True, editable=False, null=True, verbose_name='结束次日')),
                ('occupies', models.BooleanField(default=False, editable=False, verbose_name='占用时间')),
                ('counted_on', models.DateField(blank=True, editable=False, null=True, verbose_name='计入日期')),
            ],
            options={
                'verbose_name': '培训学员',
                'ordering': ('-id',),
                'abstract': False,
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['org', '-id'], name='trainingseat_of_org'), models.Index(fields=['person', 'counted_on'], name='trainingseat_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('training_class', 'person'), name='trainingseat_once_a_class', violation_error_message='该同志已在本培训班报名。'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('occupies', True), ('voided_at', None)), expressions=[(models.Func(models.F('person'), models.F('person'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('starts_on'), models.F('ends_before'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='trainingseat_one_class_at_a_time', violation_error_message='该同志同期已报名另一个面授培训班。')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='区划代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('level', models.CharField(choices=[('city', '市'), ('county', '县（市、区）'), ('township', '乡镇（街道）')], max_length=20, verbose_name='层级')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='kernel_orgs.division')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='示例名称')),
                ('valid_from', models.DateField(verbose_name='设立日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'verbose_name': '行政区划',
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='Org',
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
                ('code', models.CharField(editable=False, max_length=30, unique=True, verbose_name='组织代码')),
                ('name', models.CharField(max_length=120, verbose_name='工会名称')),
                ('short_name', models.CharField(blank=True, default='', max_length=60, verbose_name='简称')),
                ('level', models.CharField(choices=[('city', '市总工会'), ('county', '县（市、区）总工会'), ('industry', '产业工会'), ('direct', '直属企业工会'), ('township', '乡镇（街道）工会'), ('area', '产业集聚区工会'), ('federation', '工会联合会'), ('village', '村（社区）工会'), ('basic', '基层工会'), ('branch', '分会'), ('group', '工会小组'), ('agency', '派出机构')], max_length=20, verbose_name='层级')),
                ('kind', models.CharField(choices=[('general', '总工会'), ('industry', '产业工会'), ('direct', '直属企业工会'), ('township', '乡镇（街道）工会'), ('area', '产业集聚区（开发区）工会'), ('fed_region', '区域性工会联合会'), ('fed_trade', '行业性工会联合会'), ('fed_new', '新业态工会联合会'), ('village', '村（社区）工会'), ('single', '单独建会'), ('joint', '联合建会'), ('organizer', '组织员'), ('agency', '派出机构'), ('branch', '分会'), ('group', '工会小组')], max_length=20, verbose_name='形式')),
                ('superior', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='juniors', to='kernel_orgs.org', verbose_name='上级工会')),
                ('established_on', models.DateField(blank=True, null=True, verbose_name='成立日期')),
                ('dissolved_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.division', verbose_name='行政区划')),
                ('industry', models.CharField(blank=True, default='', max_length=10, verbose_name='行业代码')),
                ('uscc', models.CharField(blank=True, default='', max_length=18, verbose_name='工会统一社会信用代码')),
                ('is_private', models.BooleanField(default=False, verbose_name='非公企业工会')),
                ('focus_tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('area', '产业集聚区（开发区）'), ('rural_community', '新型农村社区'), ('urban_community', '新型城市社区'), ('dispatch', '劳务派遣企业'), ('private', '非公企业'), ('over25', '25人以上企业'), ('platform', '平台企业'), ('over100', '百人以上企业')], max_length=40), blank=True, default=list, size=None, verbose_name='重点领域')),
                ('address', models.CharField(blank=True, default='', max_length=200, verbose_name='地址')),
                ('phone', models.CharField(blank=True, default='', max_length=40, verbose_name='联系电话')),
                ('approval_doc_no', models.CharField(blank=True, default='', max_length=60, verbose_name='成立批复文号')),
                ('path', models.CharField(default='', editable=False, max_length=120, verbose_name='路径')),
                ('sort_key', models.CharField(default='', editable=False, max_length=400, verbose_name='拼音')),
                ('initials', models.CharField(default='', editable=False, max_length=120, verbose_name='拼音首字母')),
            ],
            options={
                'verbose_name': '工会组织',
                'ordering': ('-id',),
                'abstract': False,
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['path'], name='org_in_subtree'), models.Index(fields=['level', 'state'], name='org_of_level'), models.Index(fields=['superior'], name='org_juniors')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('level', 'basic'), _negated=True), ('state', 'preparing'), models.Q(('established_on', None), ('state', 'dissolved')), models.Q(('approval_doc_no', ''), _negated=True), _connector='OR'), name='org_basic_has_approval', violation_error_message='基层工会成立须有上级批复文号。'), models.CheckConstraint(condition=models.Q(('dissolved_on', None), ('dissolved_on__gte', models.F('established_on')), _connector='OR'), name='org_ends_after_start', violation_error_message='撤销日期不能早于成立日期。')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OrgAncestry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel_orgs.org')),
                ('ancestor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel_orgs.org')),
                ('depth', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField()),
                ('has_balance', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(fields=['org', 'valid_from'], name='ancestry_up'), models.Index(fields=['ancestor', 'valid_from'], name='ancestry_down')],
            },
        ),
        migrations.CreateModel(
            name='OrgRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='kernel_orgs.org', verbose_name='工会')),
                ('superior', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='上级')),
                ('kind', models.CharField(choices=[('lead', '隶属'), ('stats', '统计'), ('fund', '经费'), ('industry', '产业指导'), ('registrar', '法人登记')], max_length=20, verbose_name='关系')),
                ('valid_from', models.DateField(verbose_name='起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='止')),
                ('basis_doc', models.CharField(max_length=80, verbose_name='依据文号')),
            ],
            options={
                'verbose_name': '组织关系',
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['superior', 'kind'], name='orgrelation_below')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'lead')), expressions=[(models.Func(models.F('org'), models.F('org'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='orgrelation_one_lead'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'stats')), expressions=[(models.Func(models.F('org'), models.F('org'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='orgrelation_one_stats'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'fund')), expressions=[(models.Func(models.F('org'), models.F('org'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='orgrelation_one_fund'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'industry')), expressions=[(models.Func(models.F('org'), models.F('org'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='orgrelation_one_industry'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'registrar')), expressions=[(models.Func(models.F('org'), models.F('org'), models.Value('[]'), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='orgrelation_one_registrar'), models.CheckConstraint(condition=models.Q(('org', models.F('superior')), _negated=True), name='orgrelation_not_self')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
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
                ('code', models.CharField(max_length=20, verbose_name='活动编码')),
                ('name', models.CharField(max_length=80, verbose_name='活动名称')),
                ('kind', models.CharField(choices=[('festivals', '双节送温暖'), ('womens_day', '三八节慰问'), ('childrens_day', '六一节慰问'), ('screening', '两癌筛查'), ('study', '金秋助学'), ('service', '服务职工活动'), ('other', '其他')], max_length=20, verbose_name='活动类别')),
                ('window_from', models.DateField(verbose_name='开始日期')),
                ('window_to', models.DateField(verbose_name='结束日期')),
                ('plan_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='计划资金（元）')),
                ('plan_headcount', models.IntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(2000000000)], verbose_name='计划人（户）数')),
                ('counts_in_service', models.BooleanField(default=False, verbose_name='计入服务职工活动')),
                ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign', verbose_name='上级活动')),
            ],
            options={
                'verbose_name': '专项活动',
                'ordering': ('-id',),
                'abstract': False,
                'base_manager_name': '_unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('code',), name='campaigns_campaign_one_per_code', violation_error_message='该活动编码已使用，请换一个编码。'), models.CheckConstraint(condition=models.Q(('window_to__gte', models.F('window_from'))), name='campaigns_campaign_window_in_order', violation_error_message='结束日期不能早于开始日期。')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel_orgs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                ('org', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='所属工会')),
                ('department', models.CharField(blank=True, max_length=60, verbose_name='部室')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='下次登录须改密码')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('preferences', models.JSONField(blank=True, default=dict, verbose_name='偏好')),
            ],
            options={
                'verbose_name': '账号',
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='用途')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='摘要')),
                ('made_at', models.DateTimeField(verbose_name='建立时间')),
                ('made_by', models.BigIntegerField(null=True, verbose_name='建立人')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期')),
            ],
            options={
                'verbose_name': '接口密钥',
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('role', models.CharField(choices=[('basic', '基层工会'), ('station', '乡镇（街道）工会'), ('county', '县（市、区）总工会'), ('industry', '产业工会'), ('dept', '市总部室'), ('leader', '市总领导'), ('finance', '财务'), ('audit', '经审'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20, verbose_name='角色')),
                ('org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel_orgs.org', verbose_name='工会')),
                ('valid_from', models.DateField(verbose_name='起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='止')),
                ('given_by', models.BigIntegerField(null=True, verbose_name='授予人')),
            ],
            options={
                'verbose_name': '授权',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('user', 'role', 'org'), name='grant_one_open', violation_error_message='该账号已有此项授权。')],
            },
        ),
        migrations.CreateModel(
            name='LoginEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('username', models.CharField(max_length=60, verbose_name='用户名')),
                ('kind', models.CharField(max_length=40, verbose_name='事件')),
                ('address', models.CharField(blank=True, max_length=60, verbose_name='地址')),
                ('actor_id', models.BigIntegerField(null=True, verbose_name='操作人')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '登录记录',
                'indexes': [models.Index(fields=['user', 'at'], name='loginevent_of')],
            },
        ),
    ]

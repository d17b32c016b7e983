"""Django settings; everything that differs between sites comes from the environment."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import django

from gonghui.config.database import database_settings, home

ROOT = Path(__file__).resolve().parents[2]
HOME = home()

# `gonghui serve` makes a key and hands it to the programs it starts.
SECRET_KEY = os.environ.get("GONGHUI_SECRET_KEY", "only-for-commands-that-serve-nothing")
DEBUG = os.environ.get("GONGHUI_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("GONGHUI_HOSTS", "127.0.0.1 localhost [::1]").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "procrastinate.contrib.django",
    "gonghui.kernel.records",
    "gonghui.kernel.orgs",
    "gonghui.kernel.parameters",
    "gonghui.kernel.accounts",
    "gonghui.kernel.people",
    "gonghui.kernel.workflow",
    "gonghui.kernel.ledger",
    "gonghui.kernel.files",
    "gonghui.kernel.registers",
    "gonghui.kernel.jobs",
    "gonghui.kernel.imports",
    "gonghui.web",
    "gonghui.api",
]
SHARED: list[str] = ["campaigns", "funds"]
# In the order of the menu.
LINES: list[str] = [
    "orgs",
    "goals",
    "members",
    "cadres",
    "aid",
    "employment",
    "mutual",
    "women",
    "statistics",
    "reports",
]
_ROOT = Path(__file__).resolve().parents[1]
SHARED = [block for block in SHARED if (_ROOT / "shared" / block).is_dir()]
LINES = [line for line in LINES if (_ROOT / "lines" / line).is_dir()]
INSTALLED_APPS += [f"gonghui.shared.{block}" for block in SHARED]
INSTALLED_APPS += [f"gonghui.lines.{line}" for line in LINES]

ROOT_URLCONF = "gonghui.config.urls"
AUTH_USER_MODEL = "accounts.User"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


TEST_DATABASE = {"NAME": os.environ.get("GONGHUI_TEST_DATABASE")}
DATABASES = {"default": {**database_settings(os.environ), "TEST": TEST_DATABASE}}
EMBEDDED = os.environ.get("GONGHUI_EMBEDDED") == "1"

# --- Web: middleware, templates, static files, sessions, login, headers ---

# Served over TLS: cookies only travel encrypted, and browsers are told so.
HTTPS = os.environ.get("GONGHUI_HTTPS") == "1"
# How many proxies of our own stand before the program; each adds one address to X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("GONGHUI_PROXIES", "0"))
# Set for the demonstration city, whose accounts are meant to be tried out.
DEMO = os.environ.get("GONGHUI_DEMO") == "1"

MIDDLEWARE = [
    "gonghui.web.middleware.RequestId",
    "gonghui.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gonghui.web.middleware.ActingUser",
    "gonghui.web.middleware.ErrorsForUsers",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "gonghui.web.jinja.Templates",
        "DIRS": [Path(django.__file__).parent / "forms" / "jinja2"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "gonghui.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "gonghui.web.context.page",
            ],
        },
    }
]
# Forms are rendered by the same engine, which therefore also finds Django's own widgets.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for folder in (ROOT / "build" / "static",) if folder.is_dir()]
# Every address of a static file carries the file's own hash (see web/jinja.py).
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60 if DEBUG else 30 * 24 * 3600

SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "gonghui.web.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = os.environ.get("GONGHUI_ORIGINS", "").split()
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# These check who calls by themselves: the API by token or session, the workers' pages by phone.
OPEN_PREFIXES = (STATIC_URL, "/api/", "/h5/")
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

# A user is locked for one address after 5 wrong passwords, for every address after 20.
AXES_FAILURE_LIMIT = 5
USER_FAILURE_LIMIT = 20
LOCK_OUT_MINUTES = 30
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=LOCK_OUT_MINUTES)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "gonghui.web.address.client_address"
AXES_LOCKOUT_CALLABLE = "gonghui.web.views.login.locked_out"

SITE_NAME = os.environ.get("GONGHUI_SITE_NAME", "工会工作平台")
OTP_TOTP_ISSUER = SITE_NAME
# Whoever holds one of these roles proves a second factor after the password.
SECOND_FACTOR_ROLES = (
    ()
    if DEBUG or DEMO
    else ("dept", "leader", "finance", "system_admin", "security_admin", "audit_admin")
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "gonghui.web.logs.WithRequestId"}},
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEBUG else "gonghui.web.logs.KeysOnly",
            "format": "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("GONGHUI_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}

"""Django settings; everything that differs between sites comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("GONGHUI_HOME", "var")).resolve()

SECRET_KEY = os.environ.get("GONGHUI_SECRET_KEY", "only-for-set-up-commands-that-serve-nothing")
DEBUG = os.environ.get("GONGHUI_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("GONGHUI_HOSTS", "127.0.0.1 localhost [::1]").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "gonghui.kernel.records",
    "gonghui.kernel.orgs",
    "gonghui.kernel.parameters",
    "gonghui.kernel.accounts",
    "gonghui.kernel.people",
    "gonghui.kernel.workflow",
    "gonghui.kernel.ledger",
    "gonghui.kernel.registers",
]
LINES: list[str] = []
INSTALLED_APPS += [f"gonghui.lines.{line}" for line in LINES]

ROOT_URLCONF = "gonghui.config.urls"
AUTH_USER_MODEL = "accounts.User"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gonghui",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("GONGHUI_TEST_DATABASE")},
    }


DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL", "postgresql://gonghui@127.0.0.1/gonghui"))
}

"""The product's settings plus a sample line that exercises every part of the kernel."""

from gonghui.config.settings import *  # noqa: F403
from gonghui.config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.sample"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "for-tests"

# Tests that commit empty the tables afterwards, which the ledger and the history otherwise refuse.
_options = DATABASES["default"]["OPTIONS"]
_options["options"] = f"{_options.get('options', '')} -c gonghui.allow_truncate=on".strip()

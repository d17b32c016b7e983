"""The product's settings plus a sample line that exercises every part of the kernel."""

from gonghui.config.settings import *  # noqa: F403
from gonghui.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.sample"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "for-tests"

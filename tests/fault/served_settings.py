"""The tests' settings, but sessions are signed as in real use: with the key of the home."""

import os

from tests.settings import *  # noqa: F403

SECRET_KEY = os.environ.get("GONGHUI_SECRET_KEY", "only-for-commands-that-serve-nothing")

"""The WSGI application that the web server runs."""

import os

from gonghui.config import database, garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gonghui.config.settings")
database.provide()

from django.core.wsgi import get_wsgi_application  # noqa: E402  # settings read DATABASE_URL

application = get_wsgi_application()
garbage.settle()

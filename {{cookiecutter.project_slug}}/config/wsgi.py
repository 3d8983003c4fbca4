"""The entry point of WSGI servers; a server never runs in DEBUG by accident."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DEBUG", "false")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

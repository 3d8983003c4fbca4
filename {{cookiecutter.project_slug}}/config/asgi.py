"""The entry point of ASGI servers; a server never runs in DEBUG by accident."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DEBUG", "false")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

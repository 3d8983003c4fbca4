"""Register the code writers with Django, for development only."""

from django.apps import AppConfig


class GeneratorsConfig(AppConfig):
    """Make ``manage.py startimport`` available."""

    name = "generators"

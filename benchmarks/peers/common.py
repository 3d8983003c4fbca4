"""What the scripts that use Django share."""

import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps


def start() -> tuple[Any, Path]:
    """Set Django up; return the model of the measured project and the file to import.

    The model is known only to that project, so it has no type here.
    """
    django.setup()
    return apps.get_app_config("products").get_model("Product"), Path(sys.argv[1])

"""The project that is tested, set up for a program of its own as pytest does it for tests."""

import os
import sys
from pathlib import Path

import django

sys.path.append(str(Path(__file__).parents[3] / "{{cookiecutter.project_slug}}"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

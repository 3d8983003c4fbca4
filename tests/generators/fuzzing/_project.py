"""The project that is tested, set up for a program of its own as pytest does it for tests."""

import os
import sys

import django

from tests.generators.golden import TEMPLATE

sys.path.append(str(TEMPLATE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

"""The settings of the project, with an import that is a command."""

from config.settings import *  # noqa: F403  these are the settings under test
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.importruns.prices"]

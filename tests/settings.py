"""The settings of the project in the template's folder, with something to import into."""

from config.settings import *  # noqa: F403  these are the settings under test
from config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS += ["tests.importkit.shop"]

# A second database, to which a router may send a model.
DATABASES["other"] = DATABASES["default"] | {
    "NAME": f"{DATABASES['default']['NAME']}_other"
}

"""Projects that exist already, each laid out as some people lay out theirs."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MANAGE = """\
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent / "{packages}"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""
SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "only for tests"
DEBUG = True
{apps}
DATABASES = {{
    "default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
}}
USE_TZ = {use_tz}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {{
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        }},
    }}
]
"""
DJANGO_APPS = """[
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
]"""
APP = {
    "__init__.py": "",
    "apps.py": """\
from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "{module}"
""",
    "models.py": """\
from django.db import models


class Store(models.Model):
    code = models.CharField(max_length=10, unique=True)
""",
    "admin.py": """\
from django.contrib import admin

from .models import Store

admin.site.register(Store)
""",
    "migrations/__init__.py": "",
}


class Layout(NamedTuple):
    """A project, and where startimport is to write in it.

    Attributes:
        make: Writes its files into an empty folder.
        name: What startimport is called with.
        app: The folder that the new app is to have.
        shop: The folder of the app that exists.
        settings: The file in which the new app is to be listed.
        line: The lines that are to be in this file then.
    """

    make: Callable[[Path], None]
    name: str
    app: str
    shop: str
    settings: str
    line: str


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _app(folder: str, module: str) -> dict[str, str]:
    texts = {f"{folder}/{name}": text for name, text in APP.items()}
    return texts | {f"{folder}/apps.py": APP["apps.py"].format(module=module)}


def _plain(folder: Path) -> None:
    apps = f'INSTALLED_APPS = {DJANGO_APPS[:-1]}    "shop",\n]'
    _write(
        folder,
        {
            "manage.py": MANAGE.format(packages=".", settings="site_of_ours.settings"),
            "site_of_ours/__init__.py": "",
            "site_of_ours/settings.py": SETTINGS.format(apps=apps, use_tz=False),
            **_app("shop", "shop"),
        },
    )


def _src(folder: Path) -> None:
    apps = (
        f"DJANGO_APPS = {DJANGO_APPS}\nLOCAL_APPS = [\n    'shop.apps.ShopConfig',\n]\n"
        "INSTALLED_APPS = DJANGO_APPS + LOCAL_APPS"
    )
    _write(
        folder,
        {
            "manage.py": MANAGE.format(packages="src", settings="config.settings.dev"),
            "src/config/__init__.py": "",
            "src/config/settings/__init__.py": "",
            "src/config/settings/base.py": SETTINGS.format(apps=apps, use_tz=True),
            "src/config/settings/dev.py": "from .base import *\n\nDEBUG = True\n",
            "src/config/settings/prod.py": "from .base import *\n\nDEBUG = False\n",
            **_app("src/shop", "shop"),
        },
    )


def _package(folder: Path) -> None:
    apps = f'OURS = ["apps.shop"]\nINSTALLED_APPS = {DJANGO_APPS} + OURS'
    _write(
        folder,
        {
            "backend/manage.py": MANAGE.format(packages=".", settings="web.settings"),
            "backend/web/__init__.py": "",
            "backend/web/settings.py": SETTINGS.format(apps=apps, use_tz=True),
            "backend/apps/__init__.py": "",
            **_app("backend/apps/shop", "apps.shop"),
        },
    )


def _on_path(folder: Path) -> None:
    apps = f"INSTALLED_APPS = {DJANGO_APPS}\nPROJECT_APPS = []\n"
    _write(
        folder,
        {
            "manage.py": MANAGE.format(packages="apps", settings="settings"),
            "settings.py": SETTINGS.format(
                apps=f'{apps}INSTALLED_APPS += PROJECT_APPS + ["shop"]', use_tz=False
            ).replace("parent.parent", "parent"),
            **_app("apps/shop", "shop"),
        },
    )


LAYOUTS = {
    "plain": Layout(
        _plain,
        "customers",
        "customers",
        "shop",
        "site_of_ours/settings.py",
        '    "shop",\n    "customers",\n]',
    ),
    "src, and settings that are divided": Layout(
        _src,
        "customers",
        "src/customers",
        "src/shop",
        "src/config/settings/base.py",
        "    'shop.apps.ShopConfig',\n    \"customers\",\n]",
    ),
    "apps below a package, in backend": Layout(
        _package,
        "apps.customers",
        "backend/apps/customers",
        "backend/apps/shop",
        "backend/web/settings.py",
        'OURS = ["apps.shop", "apps.customers"]',
    ),
    "a folder of apps, without a package": Layout(
        _on_path,
        "customers",
        "apps/customers",
        "apps/shop",
        "settings.py",
        'PROJECT_APPS = ["customers"]',
    ),
}

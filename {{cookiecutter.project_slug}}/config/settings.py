"""Every setting of the project: read from the environment, with DEBUG as the switch."""

import logging
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

# The apps of this project, a list of their own: an update of the template changes no line
# near it, and so meets no line of yours.
LOCAL_APPS: list[str] = [
    # startimport adds its apps here.
]

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# A fresh checkout runs with nothing configured. A machine with a SECRET_KEY is a
# server, and config.wsgi and config.asgi turn DEBUG off by themselves.
SECRET_KEY = env.str("SECRET_KEY", "")
DEBUG = env.bool("DEBUG", not SECRET_KEY)

if len(SECRET_KEY) < 50 and not DEBUG:
    raise ImproperlyConfigured(
        f"SECRET_KEY is {'too short' if SECRET_KEY else 'not set'}, and DEBUG is off: set "
        "SECRET_KEY in the environment or in .env to at least 50 random characters."
    )
if not SECRET_KEY:
    SECRET_KEY = "django-insecure-only-for-development-on-this-machine"  # noqa: S105  never used with DEBUG off

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Imports are on record; without this line they are not, and nothing else changes.
    "importruns",
]

# startimport is only for development. The project also works without its folder.
if DEBUG and (BASE_DIR / "generators" / "__init__.py").exists():
    INSTALLED_APPS += ["generators"]

INSTALLED_APPS += LOCAL_APPS

MIDDLEWARE = [
    "config.health.health_check",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: SQLite beside manage.py, or whatever DATABASE_URL names.

if env.str("DATABASE_URL", ""):
    DATABASE = env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)
else:
    DATABASE = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(BASE_DIR / "db.sqlite3"),
    }
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        # Readers and one writer do not block each other ...
        "init_command": (
            "PRAGMA journal_mode = WAL;"
            "PRAGMA synchronous = NORMAL;"
            "PRAGMA foreign_keys = ON;"
        ),
        # ... and a second writer waits up to 20 seconds at BEGIN, instead of failing
        # halfway through its transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DATABASES = {"default": DATABASE}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en-us")
TIME_ZONE = env.str("TIME_ZONE", "UTC")

# Static files: WhiteNoise serves them from where they are, so that the admin works
# without a collectstatic step that could be forgotten. STATIC_ROOT is for those who want
# to hand the files to another server.

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", None)
WHITENOISE_USE_FINDERS = True

# Security: with DEBUG off everything is on; turn off what a proxy does instead.

SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not DEBUG)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 0 if DEBUG else 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", not DEBUG)

# Preloading asks browsers to ship the rule, for the whole domain, and it takes months to
# come off their list. That is a decision about a domain, so no check asks for it.
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Without a proxy that sets this header, any client could claim to come by HTTPS.
if env.bool("TRUST_PROXY_HEADER", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"without_traceback": {"()": "config.logs.WithoutTraceback"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {
        "handlers": ["console"],
        "level": env.log_level("LOG_LEVEL", logging.WARNING),
    },
    "loggers": {
        # Django's own handlers would print the same record a second time.
        "django": {"handlers": [], "level": "NOTSET"},
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
    },
}

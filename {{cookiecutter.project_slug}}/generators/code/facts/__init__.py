"""What the templates print besides the plan itself, a module for each kind of file."""

type Facts = dict[str, object]

# Tables that have rows as soon as they are there, under the same keys as invented rows.
FILLED_BY_MIGRATE = frozenset(
    {
        "django.contrib.auth.models.Permission",
        "django.contrib.contenttypes.models.ContentType",
        "django.contrib.sites.models.Site",
    }
)

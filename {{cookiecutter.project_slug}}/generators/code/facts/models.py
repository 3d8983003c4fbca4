"""What the files of a new app print: its name, its model, the migration."""

from django.conf import settings
from django.utils.text import camel_case_to_spaces

from generators.code.expressions import Call, call, texts
from generators.code.facts import Facts
from generators.code.facts.descriptions import row_of, sample_rows
from generators.code.plan import ImportPlan
from generators.naming import Source, class_name, literal

AUTO_FIELD = "django.db.models.BigAutoField"
# The options of a field whose values are a guess at what later files need.
ROOM = frozenset({"max_length", "max_digits"})


def of_app(plan: ImportPlan) -> Facts:
    """Return what apps.py prints."""
    own_auto_field = settings.DEFAULT_AUTO_FIELD != AUTO_FIELD
    return {
        "config": Source(f"{plan.place.label.title().replace('_', '')}Config"),
        "name": str(plan.place.module),
        "auto_field": AUTO_FIELD if own_auto_field and plan.is_new_model else None,
    }


def of_model(plan: ImportPlan) -> Facts:
    """Return what the class of a new model prints."""
    fields = [column.field for column in plan.columns if column.field]
    return {
        "row": row_of(plan),
        "rows": sample_rows(plan),
        "has_room": any(name in ROOM for field in fields for name, _ in field.keywords),
        "plural": _plural(plan),
        "constraint": _constraint(plan),
        "label": _label(plan),
    }


def of_migration(plan: ImportPlan) -> Facts:
    """Return what the first migration prints."""
    return {"plural": _plural(plan), "constraint": _constraint(plan)}


def _constraint(plan: ImportPlan) -> Call | None:
    """Return the constraint of a natural key of several columns."""
    name = literal(f"unique_{plan.place.label}_{plan.name}")
    keys = [key for key in plan.keys if len(key) > 1]
    return (
        call("models.UniqueConstraint", fields=texts(keys[0]), name=name)
        if keys
        else None
    )


def _plural(plan: ImportPlan) -> str | None:
    """Return the plural that the user typed; None where Django makes the same."""
    made_by_django = f"{camel_case_to_spaces(plan.model.name)}s"
    # Another name of the model has another plural, which nobody typed.
    is_typed = plan.model.name == class_name(plan.name)
    return str(plan.words) if is_typed and plan.words != made_by_django else None


def _label(plan: ImportPlan) -> Source:
    """Return what ``__str__`` returns: the key, else the first text, else anything."""
    keys = [column for column in plan.columns if column.name in plan.key_columns]
    text = [column for column in plan.columns if column.is_text]
    always = [column for column in text if column.required]
    best = [*keys, *always, *text, *plan.columns][0]
    plain = best.is_text and (best.required or best.fill is not None)
    return Source(f"self.{best.name}" if plain else f"str(self.{best.name})")

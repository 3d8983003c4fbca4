"""What the templates print besides the plan itself, but for the template of the tests."""

import ast
from collections.abc import Iterable
from dataclasses import asdict

from django.conf import settings
from django.utils.text import camel_case_to_spaces

from generators.code import bulks, descriptions
from generators.code.expressions import (
    Call,
    Expression,
    Import,
    Tuple,
    call,
    import_lines,
    texts,
)
from generators.code.plan import ColumnPlan, ImportPlan
from generators.inference import Kind
from generators.naming import ModelName, Source, class_name, literal
from importkit.source import DEFAULT_DIALECT, Dialect

AUTO_FIELD = "django.db.models.BigAutoField"
# How many columns a list in the admin shows.
LISTED = 5
# The options of a field whose values are a guess at what later files need.
ROOM = frozenset({"max_length", "max_digits"})

type Facts = dict[str, object]


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
        "row": descriptions.row_of(plan),
        "rows": _sample_rows(plan),
        "has_room": any(name in ROOM for field in fields for name, _ in field.keywords),
        "plural": _plural(plan),
        "constraint": _constraint(plan),
        "label": _label(plan),
    }


def of_admin(plan: ImportPlan) -> Facts:
    """Return what admin.py prints."""
    short = [
        column.name
        for column in plan.columns
        if column.field and column.field.function != "models.TextField"
    ]
    listed = short or [column.name for column in plan.columns]
    found = plan.key_columns or [c.name for c in plan.columns if _is_text(c)][:1]
    return {
        "list_display": texts(listed[:LISTED]),
        "search_fields": found and texts(found),
    }


def of_migration(plan: ImportPlan) -> Facts:
    """Return what the first migration prints."""
    return {"plural": _plural(plan), "constraint": _constraint(plan)}


def of_cleaning(plan: ImportPlan) -> Facts:
    """Return what the cleaning module prints."""
    columns = plan.columns
    filled = [column for column in columns if column.fill is not None]
    required = [column.name for column in columns if column.required]
    personal = [column.name for column in columns if column.is_secret]
    return {
        "imports": _cleaning_imports(plan),
        "file": descriptions.file_of(plan),
        "described": descriptions.columns_of(plan),
        "rows": _sample_rows(plan),
        "totals": _totals(plan),
        "renamed": [c for c in columns if c.column.header != c.name],
        "parsed": [column for column in columns if column.parser],
        "with_null_words": [column for column in columns if column.null_tokens],
        "required": required and texts(required),
        "filled": filled,
        "fill_type": _fill_type(column.fill for column in filled if column.fill),
        "keys": plan.keys and Tuple(tuple(map(texts, plan.keys))),
        "personal": personal and texts(personal),
    }


def _totals(plan: ImportPlan) -> Source:
    if plan.totals == 1:
        return Source("1 row of the sample looks like a total. Such rows are left out.")
    return Source(
        f"{plan.totals:,} rows of the sample look like totals. Such rows are left out."
    )


def of_command(plan: ImportPlan) -> Facts:
    """Return what the command's module prints."""
    dialect = _dialect(plan.dialect)
    scan = "scan_source" if plan.origin else "scan_csv"
    standard = [Import("argparse", "ArgumentParser")]
    if not plan.origin:
        standard.append(Import("pathlib", "Path"))
    third = [Import("polars as pl"), Import("django.db.models", "Model")]
    own = [
        Import("importkit.cleaning", "CleaningDF"),
        Import("importkit.import_data", "ImportDataBaseCommand"),
        Import("importkit.source", scan),
        cleaning_import(plan),
    ]
    (own if plan.model.is_own else third).append(model_import(plan.model))
    if dialect:
        own.append(Import("importkit.source", "Dialect"))
    sheet = plan.origin.sheet if plan.origin else None
    arguments = [
        Source('self.get_option("file")'),
        *([Source("DIALECT")] * bool(dialect)),
    ]
    kept = dict.fromkeys(c.relation or c.name for c in plan.columns if c.keeps)
    if kept:
        own.append(Import("importkit.import_data", "OnEmpty"))
    for made in plan.made:
        (own if made.model.is_own else third).append(model_import(made.model))
    return {
        "imports": import_lines(standard, third, own),
        "file": descriptions.file_of(plan),
        "example": descriptions.example_of(plan),
        "frames": bulks.statements(plan.made, plan.links),
        "bulks": bulks.bulks(plan.model, plan.made, plan.links),
        "natural_keys": bulks.natural_keys(
            plan.model, plan.natural_key, plan.made, plan.links
        ),
        "kept": kept,
        "dialect": dialect,
        "scanned": call(
            scan, *arguments, **({"sheet": literal(sheet)} if sheet else {})
        ),
    }


def cleaning_import(plan: ImportPlan) -> Import:
    """Return the import of the cleaning class."""
    return Import(f"{plan.place.module}.cleaning.{plan.name}", plan.cleaning_class)


def model_import(model: ModelName) -> Import:
    """Return the import of a model."""
    return Import(model.module, model.name)


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
    text = [column for column in plan.columns if _is_text(column)]
    always = [column for column in text if column.required]
    best = [*keys, *always, *text, *plan.columns][0]
    plain = _is_text(best) and (best.required or best.fill is not None)
    return Source(f"self.{best.name}" if plain else f"str(self.{best.name})")


def _is_text(column: ColumnPlan) -> bool:
    # Django turns the text of these kinds into objects.
    is_other = column.column.kind in {Kind.UUID, Kind.JSON}
    return column.dtype == "pl.String" and not is_other


def _cleaning_imports(plan: ImportPlan) -> Source:
    own = [Import("importkit.cleaning", name) for name in ("CleaningDF", "DType")]
    if parsers := [column.parser.function for column in plan.columns if column.parser]:
        own += [Import("importkit.cleaning", name) for name in ("Parser", *parsers)]
    if plan.totals:
        own.append(Import("importkit.cleaning", "TotalRows"))
    computed = any(isinstance(column.fill, Call) for column in plan.columns)
    standard = [Import("decimal", "Decimal")] if computed else []
    return import_lines(standard, [Import("polars as pl")], own)


def _fill_type(fills: Iterable[Expression]) -> Source:
    """Return the type of the values of empty cells: one type, or object for several."""
    types = {
        fill.function
        if isinstance(fill, Call)
        else type(ast.literal_eval(str(fill))).__name__
        for fill in fills
    }
    return Source(types.pop() if len(types) == 1 else "object")


def _sample_rows(plan: ImportPlan) -> Source:
    many = f"the {plan.rows:,} sample rows"
    return Source(many if plan.rows > 1 else "the one sample row")


def _dialect(dialect: Dialect) -> Call | None:
    """Return what differs from the default dialect; None if nothing does."""
    unusual = {
        name: literal(value)
        for name, value in asdict(dialect).items()
        if value != getattr(DEFAULT_DIALECT, name)
    }
    return call("Dialect", **unusual) if unusual else None

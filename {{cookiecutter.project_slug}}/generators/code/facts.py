"""What the templates print, but for that of the tests: lines, laid out."""

import ast
from collections.abc import Iterable
from dataclasses import asdict

from django.conf import settings

from generators.code.layout import (
    Call,
    Expression,
    Import,
    Items,
    assigned,
    call,
    flat,
    import_lines,
    laid_out,
    texts,
)
from generators.code.plan import ColumnPlan, ImportPlan
from generators.inference import Kind
from generators.naming import (
    SECRET,
    Identifier,
    ModelName,
    Source,
    literal,
)
from importkit.source import DEFAULT_DIALECT, Dialect

AUTO_FIELD = "django.db.models.BigAutoField"
LISTED = 5

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
    fields = _fields(plan)
    room = {"max_length", "max_digits"}
    constraints = _constraints(plan)
    return {
        "rows": _rows(plan),
        "has_room": any(
            name in room for f in fields.values() for name, _ in f.keywords
        ),
        "fields": [assigned(name, field, 4) for name, field in fields.items()],
        "constraints": constraints and assigned("constraints", Items(constraints), 8),
        "label": _label(plan),
    }


def of_admin(plan: ImportPlan) -> Facts:
    """Return what admin.py prints."""
    short = [
        name
        for name, field in _fields(plan).items()
        if field.function != "models.TextField"
    ]
    listed = short or list(_fields(plan))
    found = plan.key_columns or [c.name for c in plan.columns if _is_text(c)][:1]
    return {
        "import_model": import_lines([model_import(plan.model)])[0],
        "list_display": assigned("list_display", texts(listed[:LISTED]), 4),
        "search_fields": found and assigned("search_fields", texts(found), 4),
    }


def of_migration(plan: ImportPlan) -> Facts:
    """Return what the first migration prints."""
    constraints = _constraints(plan)
    return {
        "name": str(plan.model.name),
        "fields": [
            laid_out(Items((literal(name), field)), 16, after=",")
            for name, field in _fields(plan).items()
        ],
        "options": constraints
        and laid_out(Items(constraints, "[", "]"), 16, '"constraints": ', ","),
    }


def of_cleaning(plan: ImportPlan) -> Facts:
    """Return what the cleaning module prints."""
    columns = plan.columns
    fills = [(column, column.fill) for column in columns if column.fill is not None]
    required = Items(tuple(_constant(column) for column in columns if column.required))
    constants = {column.name: _constant(column) for column in columns}
    keys = tuple(Items(tuple(constants[name] for name in key)) for key in plan.keys)
    return {
        "imports": _cleaning_imports(plan),
        "constants": [_assigned_constant(column) for column in columns],
        "renamed": [line for column in columns for line in _renamed(column)],
        "dtypes": [line for column in columns for line in _dtype(column)],
        "parsers": [line for column in columns for line in _parser(column)],
        "null_tokens": [
            _keyed(c, texts(c.null_tokens)) for c in columns if c.null_tokens
        ],
        "required": required.items and laid_out(required, 8, "return "),
        "required_note": _required_note(plan),
        "fills": [_keyed(column, fill) for column, fill in fills],
        "fill_type": _fill_type(fill for _, fill in fills),
        "unique": keys and laid_out(Items(keys), 8, "return "),
        "unique_note": _unique_note(plan),
    }


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
    return {
        "imports": import_lines(standard, third, own),
        "dialect": dialect and assigned("DIALECT", dialect, 0),
        "is_csv": plan.origin is None,
        "scanned": laid_out(_scanned(plan, scan), 8, "return "),
        "natural_key": plan.keys
        and item(Source(str(plan.model.name)), texts(plan.keys[0])),
    }


def _scanned(plan: ImportPlan, function: str) -> Call:
    arguments = [Source('self.get_option("file")')]
    if _dialect(plan.dialect):
        arguments.append(Source("DIALECT"))
    sheet = plan.origin.sheet if plan.origin else None
    options = {"sheet": literal(sheet)} if sheet else {}
    return call(function, *arguments, **options)


def cleaning_import(plan: ImportPlan) -> Import:
    """Return the import of the cleaning class."""
    return Import(f"{plan.place.module}.cleaning.{plan.name}", plan.cleaning_class)


def model_import(model: ModelName) -> Import:
    """Return the import of a model."""
    return Import(model.module, model.name)


def item(key: Source, value: Expression, indent: int = 12) -> Source:
    """Return one item of a dict."""
    return laid_out(value, indent, f"{key}: ", ",")


def _fields(plan: ImportPlan) -> dict[Identifier, Call]:
    return {column.name: column.field for column in plan.columns if column.field}


def _constraints(plan: ImportPlan) -> tuple[Call, ...]:
    name = literal(f"unique_{plan.place.label}_{plan.name}")
    return tuple(
        call("models.UniqueConstraint", fields=texts(key), name=name)
        for key in plan.keys
        if len(key) > 1
    )


def _label(plan: ImportPlan) -> Source:
    """Return what ``__str__`` does: the key, else the first text, else anything."""
    keys = [column for column in plan.columns if column.name in plan.key_columns]
    text = [column for column in plan.columns if _is_text(column)]
    always = [column for column in text if column.required]
    best = [*keys, *always, *text, *plan.columns][0]
    plain = _is_text(best) and (best.required or best.fill is not None)
    return Source(f"self.{best.name}" if plain else f"str(self.{best.name})")


def _is_text(column: ColumnPlan) -> bool:
    # Django gives back objects for those.
    is_other = column.column.kind in {Kind.UUID, Kind.JSON}
    return column.dtype == "pl.String" and not is_other


def _cleaning_imports(plan: ImportPlan) -> list[Source]:
    own = [Import("importkit.cleaning", name) for name in ("CleaningDF", "DType")]
    if parsers := [column.parser.function for column in plan.columns if column.parser]:
        own += [Import("importkit.cleaning", name) for name in ("Parser", *parsers)]
    computed = any(isinstance(column.fill, Call) for column in plan.columns)
    standard = [Import("decimal", "Decimal")] if computed else []
    return import_lines(standard, [Import("polars as pl")], own)


def _constant(column: ColumnPlan) -> Source:
    return Source(f"cls.{column.constant}")


def _keyed(column: ColumnPlan, value: Expression) -> Source:
    return item(_constant(column), value)


def _assigned_constant(column: ColumnPlan) -> Source:
    line = assigned(column.constant, literal(column.name), 4)
    return Source(f"{line}  # noqa: S105") if SECRET.search(column.name) else line


def _renamed(column: ColumnPlan) -> list[Source]:
    if column.column.header == column.name:
        return []
    line = item(literal(column.column.header), _constant(column))
    if not column.evidence:
        return [line]
    # Without the evidence, which may be that of a table: the same sample, the same code.
    return [Source("# Guess: found by its values, not by its name."), line]


def _dtype(column: ColumnPlan) -> list[Source]:
    line = _keyed(column, column.dtype)
    if not column.assumes_zone:
        return [line]
    return [
        Source("# Guess: times without an offset are local times of this zone."),
        line,
    ]


def _fill_type(fills: Iterable[Expression]) -> Source:
    """Return the type of the values that fill: one type, or object for several."""
    types = {
        fill.function
        if isinstance(fill, Call)
        else type(ast.literal_eval(flat(fill))).__name__
        for fill in fills
    }
    return Source(types.pop() if len(types) == 1 else "object")


def _parser(column: ColumnPlan) -> list[Source]:
    if column.parser is None:
        return []
    line = _keyed(column, column.parser)
    return [Source(f"# Guess: {column.guess}"), line] if column.guess else [line]


def _required_note(plan: ImportPlan) -> Source | None:
    """Say on what evidence empty cells are refused; a model needs no evidence."""
    if not plan.is_new_model:
        return None
    return Source(
        f"# Guess: never empty in {_rows(plan)}. A row that lacks one is refused."
    )


def _unique_note(plan: ImportPlan) -> Source | None:
    if not plan.key_is_guess:
        return None
    [key] = plan.key_columns
    return Source(
        f"# Guess: {key} never repeats in {_rows(plan)}. Repeats are left out."
    )


def _rows(plan: ImportPlan) -> Source:
    many = f"the {plan.rows:,} sample rows"
    return Source(many if plan.rows > 1 else "the one sample row")


def _dialect(dialect: Dialect) -> Call | None:
    """Return the dialect as source, with what is not the default; None if all is."""
    unusual = {
        name: literal(value)
        for name, value in asdict(dialect).items()
        if value != getattr(DEFAULT_DIALECT, name)
    }
    return call("Dialect", **unusual) if unusual else None

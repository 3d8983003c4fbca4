"""What the templates of models, cleaning and command print: lines, laid out."""

from collections.abc import Iterable, Sequence

from generators.fields import number
from generators.imports import Import, import_lines, sections
from generators.layout import Call, Expression, Items, assigned, flat, laid_out
from generators.names import Identifier, Source, literal
from generators.parents import SECRET
from generators.plan import ColumnPlan, ImportPlan
from importkit.source import DEFAULT_DIALECT, Dialect

LISTED = 5
TYPES = {'"': "str", "D": "Decimal", "T": "bool", "F": "bool"}

type Facts = dict[str, object]


def model_facts(plan: ImportPlan) -> Facts:
    """Return what models.py, admin.py and the first migration print."""
    fields = {column.name: column.field for column in plan.columns if column.field}
    constraint = _constraint(plan)
    return {
        **names_of(plan),
        "rows": number(plan.rows),
        "row_word": Source("row" if plan.rows == 1 else "rows"),
        "has_room": any(_has_room(field) for field in fields.values()),
        "fields": [assigned(name, field, 4) for name, field in fields.items()],
        "constraints": constraint and assigned("constraints", Items(constraint), 8),
        "label": _label(plan),
        "import_model": import_lines([model_import(plan)])[0],
        "list_display": assigned("list_display", texts(_listed(plan)), 4),
        "search_fields": _searched(plan)
        and assigned("search_fields", texts(_searched(plan)), 4),
        "model_name": str(plan.model),
        "migration_fields": [
            laid_out(Items((literal(name), field)), 16, after=",")
            for name, field in fields.items()
        ],
        "migration_options": constraint
        and laid_out(Items(constraint, "[", "]"), 16, '"constraints": ', ","),
    }


def cleaning_facts(plan: ImportPlan) -> Facts:
    """Return what the cleaning module prints."""
    columns = plan.columns
    fills = [(column, column.fill) for column in columns if column.fill is not None]
    required = [column for column in columns if column.required]
    return {
        **names_of(plan),
        "cleaning_imports": import_lines(_cleaning_imports(plan)),
        "value_imports": import_lines(_fill_imports(fills)),
        "constants": [_assigned_constant(column) for column in columns],
        "renamed": [
            item(literal(column.column.header), _constant(column))
            for column in columns
            if column.column.header != column.name
        ],
        "dtypes": [line for column in columns for line in _dtype(column)],
        "parsers": [_keyed(c, c.parser) for c in columns if c.parser],
        "null_tokens": [
            _keyed(c, texts(c.null_tokens)) for c in columns if c.null_tokens
        ],
        "required": required and _returned(Items(tuple(map(_constant, required)))),
        "required_note": _required_note(plan),
        "fills": [_keyed(column, fill) for column, fill in fills],
        "fill_type": _fill_type([fill for _, fill in fills]),
        "unique": plan.keys and _returned(_unique(plan)),
        "unique_note": _unique_note(plan),
    }


def command_facts(plan: ImportPlan) -> Facts:
    """Return what the command's module prints."""
    dialect = dialect_call(plan.dialect)
    own = [
        Import("importkit.cleaning", "CleaningDF"),
        Import("importkit.import_data", "ImportDataBaseCommand"),
        Import("importkit.source", "read_csv"),
        cleaning_import(plan),
    ]
    third = [Import("polars", alias="pl"), Import("django.db.models", "Model")]
    (own if plan.is_own_model else third).append(model_import(plan))
    if dialect:
        own.append(Import("importkit.source", "Dialect"))
    return {
        **names_of(plan),
        "command_imports": sections(third, own),
        "dialect": dialect and flat(dialect),
    }


def names_of(plan: ImportPlan) -> Facts:
    """Return the names that every template uses."""
    return {
        "name": plan.name,
        "words": words(plan.name),
        "model": plan.model,
        "manager": plan.manager,
        "cleaning_class": cleaning_class(plan),
    }


def cleaning_class(plan: ImportPlan) -> Identifier:
    """Return the name of the cleaning class."""
    return Identifier(f"{plan.model}CleaningDF")


def cleaning_import(plan: ImportPlan) -> Import:
    """Return the import of the cleaning class."""
    return Import(f"{plan.place.module}.cleaning.{plan.name}", cleaning_class(plan))


def model_import(plan: ImportPlan) -> Import:
    """Return the import of the model."""
    return Import(plan.model_module, plan.model)


def dialect_call(dialect: Dialect) -> Call | None:
    """Return the dialect as source, with what is not the default; None if all is."""
    keywords = tuple(
        (Source(name), Source("None") if value is None else literal(value))
        for name in ("separator", "quote", "encoding")
        if (value := getattr(dialect, name)) != getattr(DEFAULT_DIALECT, name)
    )
    if not dialect.header:
        keywords = (*keywords, (Source("header"), Source("False")))
    return Call(Source("Dialect"), keywords=keywords) if keywords else None


def texts(items: Iterable[str]) -> Items:
    """Return a tuple of text literals."""
    return Items(tuple(map(literal, items)))


def item(key: Source, value: Expression, indent: int = 12) -> Source:
    """Return one item of a dict."""
    return laid_out(value, indent, f"{key}: ", ",")


def words(name: str) -> Source:
    """Return a name as words, for prose."""
    return Source(name.replace("_", " "))


def _constraint(plan: ImportPlan) -> tuple[Call, ...]:
    return tuple(
        Call(
            Source("models.UniqueConstraint"),
            keywords=(
                (Source("fields"), texts(key)),
                (Source("name"), literal(f"unique_{plan.place.label}_{plan.name}")),
            ),
        )
        for key in plan.keys
        if len(key) > 1
    )


def _has_room(field: Call) -> bool:
    names = {name for name, _ in field.keywords}
    return not names.isdisjoint({"max_length", "max_digits"})


def _label(plan: ImportPlan) -> Source:
    """Return what ``__str__`` does: the key, else the first text, else anything."""
    keys = [name for key in plan.keys for name in key]
    best = [
        *(column for column in plan.columns if column.name in keys),
        *(column for column in plan.columns if _is_text(column) and column.required),
        *(column for column in plan.columns if _is_text(column)),
        *plan.columns,
    ][0]
    plain = _is_text(best) and (best.required or best.fill is not None)
    return Source(f"self.{best.name}" if plain else f"str(self.{best.name})")


def _is_text(column: ColumnPlan) -> bool:
    return column.dtype == "pl.String"


def _listed(plan: ImportPlan) -> Sequence[str]:
    """Return what a list page shows: the first columns that are not long texts."""
    short = [
        c for c in plan.columns if c.field and c.field.function != "models.TextField"
    ]
    return [column.name for column in (short or plan.columns)[:LISTED]]


def _searched(plan: ImportPlan) -> Sequence[str]:
    keys = [name for key in plan.keys for name in key]
    texts_ = [column.name for column in plan.columns if _is_text(column)]
    return keys or texts_[:1]


def _cleaning_imports(plan: ImportPlan) -> list[Import]:
    parsers = [column.parser.function for column in plan.columns if column.parser]
    needed = ["Parser", *parsers] if parsers else []
    return [
        Import("importkit.cleaning", "CleaningDF"),
        Import("importkit.cleaning", "DType"),
        *(Import("importkit.parsing", name) for name in needed),
    ]


def _fill_imports(fills: Iterable[tuple[ColumnPlan, Expression]]) -> list[Import]:
    calls = any(isinstance(fill, Call) for _, fill in fills)
    return [Import("decimal", "Decimal")] if calls else []


def _fill_type(fills: Iterable[Expression]) -> Source:
    """Return the type of the values that fill: one type, or object for several."""
    types = {TYPES.get(flat(fill)[0], "") or _number_type(fill) for fill in fills}
    return Source(types.pop() if len(types) == 1 else "object")


def _number_type(fill: Expression) -> str:
    return "int" if flat(fill).lstrip("-").isdigit() else "float"


def _constant(column: ColumnPlan) -> Source:
    return Source(f"cls.{column.constant}")


def _assigned_constant(column: ColumnPlan) -> Source:
    line = assigned(column.constant, literal(column.name), 4)
    # To ruff, whatever is called so is a secret.
    return Source(f"{line}  # noqa: S105") if SECRET.search(column.name) else line


def _keyed(column: ColumnPlan, value: Expression) -> Source:
    return item(_constant(column), value)


def _dtype(column: ColumnPlan) -> list[Source]:
    line = _keyed(column, column.dtype)
    if not column.assumes_zone or not isinstance(column.dtype, Call):
        return [line]
    zone = "local times of this zone" if len(column.dtype.arguments) > 1 else "local"
    return [Source(f"# Guess: times without an offset are {zone}."), line]


def _returned(items: Items) -> Source:
    """Return a return statement, whose parentheses hold one item a line if long."""
    return laid_out(items, 8, "return ")


def _unique(plan: ImportPlan) -> Items:
    by_name = {column.name: column for column in plan.columns}
    return Items(
        tuple(
            Items(tuple(_constant(by_name[name]) for name in key)) for key in plan.keys
        )
    )


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
    [[key]] = plan.keys
    return Source(
        f"# Guess: {key} never repeats in {_rows(plan)}. Repeats are left out."
    )


def _rows(plan: ImportPlan) -> str:
    return f"the {plan.rows:,} sample rows" if plan.rows > 1 else "the one sample row"

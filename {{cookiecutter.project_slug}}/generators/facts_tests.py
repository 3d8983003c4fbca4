"""What the template of an import's tests prints: a made-up row and its meaning."""

from collections.abc import Iterable

from generators.facts import (
    Facts,
    cleaning_import,
    item,
    model_import,
    names_of,
)
from generators.imports import Import, sections
from generators.layout import (
    INDENT,
    LINE_LENGTH,
    Call,
    Expression,
    Items,
    assigned,
    laid_out,
    width,
)
from generators.names import Source, literal
from generators.parents import Parent
from generators.plan import ColumnPlan, ImportPlan
from importkit.source import Dialect

NAME_LENGTH = 40
STANDARD = {
    "Decimal": "decimal",
    "UUID": "uuid",
    "ZoneInfo": "zoneinfo",
    **dict.fromkeys(("UTC", "date", "datetime", "time", "timedelta"), "datetime"),
}


def tests_facts(plan: ImportPlan) -> Facts:
    """Return what the module of tests prints."""
    stored = [
        (column.name, column.invented.stored)
        for column in plan.columns
        if column.invented.stored != column.invented.cleaned
    ]
    mark = Source(
        '@pytest.mark.usefixtures("parents")'
        if plan.parents
        else "@pytest.mark.django_db"
    )
    return {
        **names_of(plan),
        "test_imports": _imports(plan),
        "row": [
            item(literal(column.column.header), literal(column.invented.text), 4)
            for column in plan.columns
        ],
        "cleaned": [
            item(literal(column.name), column.invented.cleaned, 4)
            for column in plan.columns
        ],
        "stored": [item(literal(name), value, 4) for name, value in stored],
        "expected": Source("STORED" if stored else "CLEANED"),
        "encoding": plan.dialect.encoding,
        "file_name": f"{plan.name}.csv",
        "writer": assigned("writer", _writer(plan.dialect), 8),
        "written": Source(
            "[ROW, ROW.values()]" if plan.dialect.header else "[ROW.values()]"
        ),
        "parents": [_parent(parent) for parent in plan.parents],
        "marker": mark,
        "call": _call(plan),
        "call_dry": _call(plan, "--dry_run"),
        **_emptied(_empty_column(plan)),
        "key_test": _repeated(plan),
    }


def _imports(plan: ImportPlan) -> list[Source]:
    expressions = [
        *(column.invented.cleaned for column in plan.columns),
        *(column.invented.stored for column in plan.columns),
        *(value for parent in plan.parents for _, value in parent.values),
    ]
    used = {name for expression in expressions for name in _used(expression)}
    standard = [
        Import("csv"),
        Import("pathlib", "Path"),
        *(Import(STANDARD[name], name) for name in used),
    ]
    third = [
        Import("polars", alias="pl"),
        Import("pytest"),
        Import("django.core.management", "call_command"),
    ]
    own = [cleaning_import(plan)]
    (own if plan.is_own_model else third).append(model_import(plan))
    for parent in plan.parents:
        section = own if parent.is_own else third
        section.append(Import(parent.module, parent.model))
    if _empty_column(plan):
        own.append(Import("importkit.errors", "CleaningError"))
    return sections(standard, third, own)


def _used(expression: Expression) -> Iterable[str]:
    """Yield the names that an expression needs to be imported."""
    if isinstance(expression, Items):
        for inner in expression.items:
            yield from _used(inner)
    elif isinstance(expression, Call):
        yield expression.function
        for inner in (
            *expression.arguments,
            *(value for _, value in expression.keywords),
        ):
            yield from _used(inner)
    elif expression in STANDARD:
        yield expression


def _writer(dialect: Dialect) -> Call:
    keywords: list[tuple[Source, Expression]] = []
    if dialect.separator != ",":
        keywords.append((Source("delimiter"), literal(dialect.separator)))
    if dialect.quote is None:
        keywords.append((Source("quoting"), Source("csv.QUOTE_NONE")))
    elif dialect.quote != '"':
        keywords.append((Source("quotechar"), literal(dialect.quote)))
    return Call(Source("csv.writer"), (Source("file"),), tuple(keywords))


def _parent(parent: Parent) -> Source:
    create = Source(f"{parent.model}.{parent.manager}.create")
    return laid_out(Call(create, keywords=parent.values), 4)


def _call(plan: ImportPlan, *flags: str) -> Source:
    command = literal(f"import_{plan.name}")
    arguments = (command, literal("--file"), Source("csv_file"), *map(literal, flags))
    return laid_out(Call(Source("call_command"), arguments), 4)


def _empty_column(plan: ImportPlan) -> ColumnPlan | None:
    """Return the column to leave empty, where a row with nothing in it is a row."""
    if len(plan.columns) == 1:
        return None
    keys = [name for key in plan.keys for name in key]
    required = [column for column in plan.columns if column.required]
    return next((c for c in required if c.name in keys), next(iter(required), None))


def _emptied(column: ColumnPlan | None) -> Facts:
    if column is None:
        return {"empty_test": None}
    pattern = literal(f"{column.name}: must not be empty")
    raises = Call(
        Source("pytest.raises"),
        (Source("CleaningError"),),
        ((Source("match"), pattern),),
    )
    return {
        "empty_test": _test_name("test_an_empty_{}_is_refused", [column.name]),
        "empty": _emptied_frame(literal(column.column.header)),
        "raises": laid_out(raises, 4, "with ", ":"),
    }


def _emptied_frame(header: Source) -> Source:
    """Return the frame of a row without one value; a long header gets its own line."""
    line = f'frame = pl.DataFrame([ROW | {{{header}: ""}}])'
    if INDENT + width(line) <= LINE_LENGTH:
        return Source(line)
    return Source(
        f'row = ROW | {{\n        {header}: "",\n    }}\n    frame = pl.DataFrame([row])'
    )


def _repeated(plan: ImportPlan) -> Source | None:
    return (
        _test_name("test_a_repeated_{}_is_left_out", plan.keys[0])
        if plan.keys
        else None
    )


def _test_name(pattern: str, columns: Iterable[str]) -> Source:
    """Name a test after columns, unless the name would not fit on its line."""
    name = "_and_".join(columns)
    return Source(pattern.format(name if len(name) <= NAME_LENGTH else "key"))

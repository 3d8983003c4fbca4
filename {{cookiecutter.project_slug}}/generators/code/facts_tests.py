"""What the template of an import's tests prints: a made-up row and its meaning."""

from collections.abc import Iterable

from generators.code.facts import (
    Facts,
    cleaning_import,
    item,
    model_import,
)
from generators.code.invented import Parent
from generators.code.layout import (
    INDENT,
    Call,
    Expression,
    Import,
    assigned,
    call,
    fits,
    import_lines,
    laid_out,
    words_in,
)
from generators.code.misfit import (
    Misfit,
    column_to_empty,
    find_misfit,
    line_of_second_row,
)
from generators.code.plan import ColumnPlan, ImportPlan
from generators.naming import Source, literal
from importkit.source import REJECT_COLUMNS, Dialect

NAME_LENGTH = 40
# The names that invented values may need, by module.
STANDARD = {
    "Decimal": "decimal",
    "UUID": "uuid",
    "ZoneInfo": "zoneinfo",
    **dict.fromkeys(("UTC", "date", "datetime", "time", "timedelta"), "datetime"),
}


def of_tests(plan: ImportPlan) -> Facts:
    """Return what the module of tests prints."""
    row = [(column, column.invented) for column in plan.columns]
    stored = [
        item(literal(column.name), value.stored, 4)
        for column, value in row
        if value.stored != value.cleaned
    ]
    fixture = 'usefixtures("parents")' if plan.parents else "django_db"
    return {
        "imports": _imports(plan),
        "row": [item(literal(c.column.header), literal(v.text), 4) for c, v in row],
        "cleaned": [item(literal(c.name), value.cleaned, 4) for c, value in row],
        "stored": stored,
        "expected": Source("STORED" if stored else "CLEANED"),
        "encoding": plan.dialect.encoding,
        "file_name": f"{plan.name}.csv",
        "writer": assigned("writer", _csv("csv.writer", plan.dialect), 8),
        "before": _before(plan.dialect),
        "written": _written(plan),
        "parents": list(map(_created, plan.parents)),
        "marker": Source(f"@pytest.mark.{fixture}"),
        "call": _call(plan),
        "call_dry": _call(plan, "--dry_run"),
        **_rejected(plan, find_misfit(plan)),
        **_emptied(column_to_empty(plan)),
        "key_test": plan.keys
        and _test_name("test_a_repeated_{}_is_left_out", plan.keys[0]),
    }


def _imports(plan: ImportPlan) -> list[Source]:
    standard = [Import("csv"), Import("pathlib", "Path")]
    standard += [Import(STANDARD[name], name) for name in _used(plan)]
    third = [
        Import("polars as pl"),
        Import("pytest"),
        Import("django.core.management", "call_command"),
    ]
    if find_misfit(plan):
        third.append(Import("django.core.management", "CommandError"))
    own = [cleaning_import(plan)]
    for model in (plan.model, *(parent.model for parent in plan.parents)):
        (own if model.is_own else third).append(model_import(model))
    if column_to_empty(plan):
        own.append(Import("importkit.errors", "CleaningError"))
    return import_lines(standard, third, own)


def _used(plan: ImportPlan) -> set[Source]:
    """Return the names of the standard library that the values need."""
    row = [column.invented for column in plan.columns]
    values: list[Expression] = [
        *(value.cleaned for value in row),
        *(value.stored for value in row),
        *(value for parent in plan.parents for value in parent.values.values()),
    ]
    return {word for value in values for word in words_in(value) if word in STANDARD}


def _before(dialect: Dialect) -> Source | None:
    """Return what writes the lines that the import skips."""
    if not dialect.skip:
        return None
    times = f" * {dialect.skip}" if dialect.skip > 1 else ""
    return Source(f'file.write("Not of the table.\\n"{times})')


def _written(plan: ImportPlan) -> Source:
    """Return the header of the file, as its dialect has it, and one row."""
    dialect = plan.dialect
    if not dialect.header:
        return Source("[ROW.values()]")
    header, row = "ROW", "ROW.values()"
    if dialect.trailing and plan.unmatched:
        row = '[*ROW.values(), ""]'
    elif dialect.trailing:
        header = "[*ROW][:-1]"
    # Of a header of several rows the others may add nothing to the names.
    more = '[" "] * len(ROW), ' if dialect.header_rows == 2 else ""
    if dialect.header_rows > 2:
        more = f'*[[" "] * len(ROW)] * {dialect.header_rows - 1}, '
    return Source(f"[{header}, {more}{row}]")


def _csv(function: str, dialect: Dialect, lines: str = "file") -> Call:
    options: dict[str, Expression] = {}
    if dialect.separator != ",":
        options["delimiter"] = literal(dialect.separator)
    if dialect.quote is None:
        options["quoting"] = Source("csv.QUOTE_NONE")
    elif dialect.quote != '"':
        options["quotechar"] = literal(dialect.quote)
    if dialect.escape is not None:
        options["escapechar"] = literal(dialect.escape)
    return call(function, Source(lines), **options)


def _created(parent: Parent) -> Source:
    create = f"{parent.model.name}.{parent.model.manager}.create"
    return laid_out(call(create, **parent.values), 4)


def _call(plan: ImportPlan, *flags: str, indent: int = 4) -> Source:
    command = literal(f"import_{plan.name}")
    arguments = (command, literal("--file"), Source("csv_file"), *map(literal, flags))
    return laid_out(call("call_command", *arguments), indent)


def _emptied(column: ColumnPlan | None) -> Facts:
    if column is None:
        return {"empty_test": None}
    pattern = literal(f"{column.name}: must not be empty")
    raises = call("pytest.raises", Source("CleaningError"), match=pattern)
    return {
        "empty_test": _test_name("test_an_empty_{}_is_refused", [column.name]),
        "empty": _emptied_frame(literal(column.column.header)),
        "raises": laid_out(raises, 4, "with ", ":"),
    }


def _rejected(plan: ImportPlan, misfit: Misfit | None) -> Facts:
    """Return what the test of a row that does not fit prints."""
    if misfit is None:
        return {"misfit": None}
    dialect = plan.dialect
    message = misfit.message
    if not dialect.quote:
        message = message.replace(dialect.separator, " ")
    line = str(line_of_second_row(plan))
    values = (line, misfit.column.name, misfit.code, message)
    function = "csv.DictReader" if dialect.header else "csv.reader"
    lines = f"file.readlines()[{dialect.skip}:]" if dialect.skip else "file"
    return {
        "misfit": _misfit_row(literal(misfit.column.column.header), misfit.text),
        "call_skipping": _call(plan, "--on-error", "skip", indent=8),
        "reader": assigned("[reject]", _csv(function, dialect, lines), 8),
        "has_header": dialect.header,
        "reject": list(zip(REJECT_COLUMNS, map(str, values), strict=True)),
    }


def _misfit_row(header: Source, text: Source) -> Source:
    """Return the row with another value; a long header gets its own line."""
    before = ""
    if "*" in text:  # What ruff would break.
        before, text = f"too_long = {text}\n    ", Source("too_long")
    line = f"bad = ROW | {{{header}: {text}}}"
    if not fits(line, INDENT):
        line = f"bad = ROW | {{\n        {header}: {text},\n    }}"
    return Source(before + line)


def _emptied_frame(header: Source) -> Source:
    """Return the frame of a row without one value; a long header gets its own line."""
    line = f'frame = pl.DataFrame([ROW | {{{header}: ""}}])'
    if fits(line, INDENT):
        return Source(line)
    return Source(
        f'row = ROW | {{\n        {header}: "",\n    }}\n    frame = pl.DataFrame([row])'
    )


def _test_name(pattern: str, columns: Iterable[str]) -> Source:
    """Name a test after columns, unless the name would not fit on its line."""
    name = "_and_".join(columns)
    return Source(pattern.format(name if len(name) <= NAME_LENGTH else "key"))

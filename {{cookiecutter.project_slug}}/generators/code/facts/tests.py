"""What the template of the tests prints besides the plan: how the row is written."""

from collections.abc import Sequence

from generators.code.expressions import (
    Call,
    Dict,
    Expression,
    Import,
    call,
    import_lines,
    words_in,
)
from generators.code.facts import Facts
from generators.code.facts.imports import cleaning_import, model_import
from generators.code.facts.rejected_value import (
    RejectedValue,
    column_to_empty,
    find_rejected_value,
    line_of_second_row,
)
from generators.code.invented.rows import Parent
from generators.code.plan import ImportPlan
from generators.naming import Source, literal
from importkit.source import DEFAULT_DIALECT, REJECT_COLUMNS, Dialect

# With longer names of columns, the name of a test would not fit on its line.
NAME_LENGTH = 40
# The names that invented values may need, with their modules.
STANDARD = {
    "Decimal": "decimal",
    "UUID": "uuid",
    "ZoneInfo": "zoneinfo",
    **dict.fromkeys(("UTC", "date", "datetime", "time", "timedelta"), "datetime"),
}
# Tables that have rows as soon as they are there, under the same keys as invented rows.
FILLED_BY_MIGRATE = frozenset(
    {
        "django.contrib.auth.models.Permission",
        "django.contrib.contenttypes.models.ContentType",
        "django.contrib.sites.models.Site",
    }
)


def of_tests(plan: ImportPlan) -> Facts:
    """Return what the module of tests prints."""
    dialect = plan.dialect
    values = [(column, column.invented) for column in plan.columns]
    stored = [column for column, value in values if value.stored != value.cleaned]
    fixture = 'usefixtures("parents")' if plan.parents else "django_db"
    return {
        "imports": _imports(plan),
        "stored": stored,
        "expected": Source("STORED" if stored else "CLEANED"),
        "file": Source(_file(plan)),
        "sheet": _sheet(plan) if plan.is_of_sheet else None,
        "times": Source(f" * {dialect.skip}" if dialect.skip > 1 else ""),
        "writer": _csv("csv.writer", dialect),
        "written": _written(plan),
        "parents": [_created(parent) for parent in plan.parents],
        "marker": Source(f"@pytest.mark.{fixture}"),
        "call": _call(plan),
        "call_skipping": _call(plan, "--on-error", "skip"),
        "call_dry": _call(plan, "--dry_run"),
        "key_test": plan.keys
        and _test_name("test_a_repeated_{}_is_left_out", plan.keys[0]),
        **_emptied(plan),
        **_rejected(plan, find_rejected_value(plan)),
    }


def _created(parent: Parent) -> Call:
    """Return the call that creates a row; of some tables, migrate has filled rows already."""
    rows = f"{parent.model.name}.{parent.model.manager}"
    values = dict(parent.values)
    if f"{parent.model.module}.{parent.model.name}" not in FILLED_BY_MIGRATE:
        return call(f"{rows}.create", **values)
    key = {name: values.pop(name) for name in ("id",) if name in values}
    defaults = Dict(tuple((literal(name), value) for name, value in values.items()))
    return call(f"{rows}.update_or_create", **key, defaults=defaults)


def _imports(plan: ImportPlan) -> Source:
    standard = [Import("pathlib", "Path")]
    if plan.is_of_sheet:
        standard.append(Import("collections.abc", "Iterable"))
    if not plan.is_of_sheet or find_rejected_value(plan):
        standard.append(Import("csv"))
    standard += [Import(STANDARD[name], name) for name in _used(plan)]
    third = [
        Import("polars as pl"),
        Import("pytest"),
        Import("django.core.management", "call_command"),
    ]
    if find_rejected_value(plan):
        third.append(Import("django.core.management", "CommandError"))
    own = [cleaning_import(plan)]
    for model in (plan.model, *(parent.model for parent in plan.parents)):
        (own if model.is_own else third).append(model_import(model))
    if column_to_empty(plan):
        own.append(Import("importkit.errors", "CleaningError"))
    return import_lines(standard, third, own)


def _used(plan: ImportPlan) -> set[Source]:
    """Return the names of the standard library that the invented values need."""
    row = [column.invented for column in plan.columns]
    values: list[Expression] = [
        *(value.cleaned for value in row),
        *(value.stored for value in row),
        *(value for parent in plan.parents for value in parent.values.values()),
    ]
    return {word for value in values for word in words_in(value) if word in STANDARD}


def _written(plan: ImportPlan) -> Source:
    """Return the rows of the file: its header, if it has one, and the row of the tests."""
    dialect = plan.dialect
    if not dialect.header:
        return Source("ROW.values()")
    header, row = _header_and_row(plan)
    # The other rows of a header add nothing to the names.
    lacking = dialect.row_names + dialect.long_rows
    blanks = f'[" "] * {f"(len(ROW) - {lacking})" if lacking else "len(ROW)"}'
    more = f"{blanks}, " if dialect.header_rows == 2 else ""
    if dialect.header_rows > 2:
        more = f"*[{blanks}] * {dialect.header_rows - 1}, "
    return Source(f"{header}, {more}{row}")


def _file(plan: ImportPlan) -> str:
    """Return the name of the fixture that writes a file."""
    return "workbook" if plan.is_of_sheet else "csv_file"


def _sheet(plan: ImportPlan) -> Call:
    """Return the call that writes the rows of a workbook."""
    sheet = plan.origin.sheet if plan.origin else None
    options: dict[str, Expression] = {}
    if plan.dialect.skip:
        options["position"] = Source(f"({plan.dialect.skip}, 0)")
    options["include_header"] = literal(False)
    where = (Source("path"), literal(sheet or "Sheet1"))
    return call("frame.write_excel", *where, **options)


def _header_and_row(plan: ImportPlan) -> tuple[str, str]:
    """Return the last row of the header, with the names that it has, and the row below."""
    dialect = plan.dialect
    if plan.unmatched:
        # The header of the test names all columns that are imported.
        row = '[*ROW.values(), ""]' if dialect.trailing else "ROW.values()"
        return "ROW", '["", *ROW.values()]' if dialect.row_names else row
    behind = dialect.trailing + dialect.long_rows
    part = f"{1 if dialect.row_names else ''}:{-behind if behind else ''}"
    return "ROW" if part == ":" else f"[*ROW][{part}]", "ROW.values()"


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
    if dialect.skip_blanks:
        options["skipinitialspace"] = literal(True)
    return call(function, Source(lines), **options)


def _call(plan: ImportPlan, *flags: str) -> Call:
    command = literal(f"import_{plan.name}")
    arguments = (command, literal("--file"), Source(_file(plan)), *map(literal, flags))
    return call("call_command", *arguments)


def _emptied(plan: ImportPlan) -> Facts:
    """Return what the test of a row without a required value prints."""
    column = column_to_empty(plan)
    if column is None:
        return {"to_empty": None}
    pattern = literal(f"{column.name}: must not be empty")
    return {
        "to_empty": column,
        "empty_test": _test_name("test_an_empty_{}_is_refused", [column.name]),
        "raises": call("pytest.raises", Source("CleaningError"), match=pattern),
    }


def _rejected(plan: ImportPlan, rejected: RejectedValue | None) -> Facts:
    """Return what the test of a row that is rejected prints."""
    if rejected is None:
        return {"rejected": None}
    # The rejects of a sheet are CSV.
    dialect = DEFAULT_DIALECT if plan.is_of_sheet else plan.dialect
    message = rejected.message
    if not dialect.quote:
        message = message.replace(dialect.separator, " ")
    line = str(line_of_second_row(plan))
    values = (line, rejected.column.name, rejected.code, message)
    function = "csv.DictReader" if dialect.header else "csv.reader"
    lines = f"file.readlines()[{dialect.skip}:]" if dialect.skip else "file"
    return {
        "rejected": rejected,
        "reader": _csv(function, dialect, lines),
        "has_header": dialect.header,
        "reject": list(zip(REJECT_COLUMNS, map(str, values), strict=True)),
    }


def _test_name(pattern: str, columns: Sequence[str]) -> Source:
    """Name a test after columns, unless the name would not fit on its line."""
    name = "_and_".join(columns)
    return Source(pattern.format(name if len(name) <= NAME_LENGTH else "key"))

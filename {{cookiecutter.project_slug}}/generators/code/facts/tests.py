"""What the tests of an import print: how rows are written, and what becomes of them."""

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
from generators.code.facts import FILLED_BY_MIGRATE, Facts
from generators.code.facts.deliveries import next_rows
from generators.code.facts.descriptions import example_of
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
from importkit.source import DEFAULT_DIALECT, REJECT_COLUMNS, Dialect, Format

# With longer names of columns, the name of a test would not fit on its line.
NAME_LENGTH = 36
# How polars writes files that are neither delimited text nor sheets.
WRITERS = {
    Format.JSON: "write_json",
    Format.NDJSON: "write_ndjson",
    Format.PARQUET: "write_parquet",
}
# The names that invented values may need, with their modules.
STANDARD = {
    "Decimal": "decimal",
    "UUID": "uuid",
    "ZoneInfo": "zoneinfo",
    **dict.fromkeys(("UTC", "date", "datetime", "time", "timedelta"), "datetime"),
}


def of_tests(plan: ImportPlan) -> Facts:
    """Return what the module of tests prints."""
    dialect = plan.dialect
    values = [(column, column.invented) for column in plan.columns]
    stored = [column for column, value in values if value.stored != value.cleaned]
    expected = "STORED" if stored else "CLEANED"
    return {
        "imports": _imports(plan),
        "stored": stored,
        "expected": Source(expected),
        "rows": Source(f"{plan.model.name}.{plan.model.manager}.values(*{expected})"),
        "example": str(example_of(plan)),
        "is_delimited": plan.format is Format.DELIMITED,
        "sheet": _sheet(plan) if plan.is_of_sheet else None,
        "frame_writer": Source(WRITERS.get(plan.format, "")),
        "times": Source(f" * {dialect.skip}" if dialect.skip > 1 else ""),
        "writing": _writing(plan),
        "written": _written_to_sheet(plan),
        "parents": [_created(parent) for parent in plan.parents],
        "next": next_rows(plan),
        "key_test": plan.keys
        and _test_name("test_a_repeated_{}_is_left_out", plan.keys[0]),
        **_emptied(plan),
        **_rejected(plan, find_rejected_value(plan)),
    }


def _created(parent: Parent) -> Call:
    """Return the call that creates a row; of some tables, migrate has filled rows already."""
    rows = f"{parent.model.name}.{parent.model.manager}"
    values = dict(parent.values)
    if parent.model.path not in FILLED_BY_MIGRATE:
        return call(f"{rows}.create", **values)
    key = {name: values.pop(name) for name in ("id",) if name in values}
    defaults = Dict(tuple((literal(name), value) for name, value in values.items()))
    return call(f"{rows}.update_or_create", **key, defaults=defaults)


def _imports(plan: ImportPlan) -> Source:
    standard = [
        Import("io", "StringIO"),
        Import("pathlib", "Path"),
        Import("tempfile", "TemporaryDirectory"),
    ]
    if plan.format is Format.DELIMITED or find_rejected_value(plan):
        standard.append(Import("csv"))
    standard += [Import(STANDARD[name], name) for name in _used(plan)]
    third = [
        Import("polars as pl"),
        Import("django.core.management", "call_command"),
        *(Import("django.test", name) for name in ("SimpleTestCase", "TestCase")),
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


def _writing(plan: ImportPlan) -> list[Source]:
    """Return the statements that write the header, if the file has one, and the rows."""
    dialect = plan.dialect
    by_name = _csv("csv.DictWriter", dialect, "file", "ROW")
    if not dialect.header:
        return [Source(f"{by_name}.writerows(rows)")]
    more = dialect.header_rows - 1
    header, row = _header_and_row(plan)
    if (header, row) == ("ROW", "row.values()"):
        made, first, rows = by_name, "writer.writeheader()", "rows"
        blanks = 'dict.fromkeys(ROW, " ")'
    else:
        made, first = _csv("csv.writer", dialect, "file"), f"writer.writerow({header})"
        rows, blanks = f"{row} for row in rows", f'[" "] * {_width_of_header(dialect)}'
    lines = [f"writer = {made}", first]
    if more:
        # The other rows of a header add nothing to the names.
        several = f"writer.writerows([{blanks}] * {more})"
        lines.append(several if more > 1 else f"writer.writerow({blanks})")
    return [*map(Source, lines), Source(f"writer.writerows({rows})")]


def _written_to_sheet(plan: ImportPlan) -> Source:
    """Return the rows of a sheet, those of its header first, if it has one."""
    dialect = plan.dialect
    if not dialect.header:
        return Source("[[*row.values()] for row in rows]")
    header, row = _header_and_row(plan)
    blanks = f'[" "] * {_width_of_header(dialect)}'
    more = f"{blanks}, " if dialect.header_rows == 2 else ""
    if dialect.header_rows > 2:
        more = f"*[{blanks}] * {dialect.header_rows - 1}, "
    return Source(f"[{header}, {more}*({row} for row in rows)]")


def _width_of_header(dialect: Dialect) -> str:
    lacking = dialect.row_names + dialect.long_rows
    return f"(len(ROW) - {lacking})" if lacking else "len(ROW)"


def _sheet(plan: ImportPlan) -> Call:
    """Return the call that writes the rows of a workbook."""
    sheet = plan.origin.sheet if plan.origin else None
    options: dict[str, Expression] = {}
    if plan.dialect.skip:
        options["position"] = Source(f"({plan.dialect.skip}, 0)")
    options["include_header"] = literal(False)
    where = (Source("self.file"), literal(sheet or "Sheet1"))
    return call("frame.write_excel", *where, **options)


def _header_and_row(plan: ImportPlan) -> tuple[str, str]:
    """Return the last row of the header, with the names that it has, and a row below."""
    dialect = plan.dialect
    if plan.is_of_sheet:
        return "[*ROW]", "[*row.values()]"
    if plan.unmatched:
        # The header of the test names all columns that are imported.
        row = '[*row.values(), ""]' if dialect.trailing else "row.values()"
        return "ROW", '["", *row.values()]' if dialect.row_names else row
    behind = dialect.trailing + dialect.long_rows
    part = f"{1 if dialect.row_names else ''}:{-behind if behind else ''}"
    return "ROW" if part == ":" else f"[*ROW][{part}]", "row.values()"


def _csv(function: str, dialect: Dialect, *arguments: str) -> Call:
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
    return call(function, *map(Source, arguments), **options)


def _emptied(plan: ImportPlan) -> Facts:
    """Return what the test of a row without a required value prints."""
    column = column_to_empty(plan)
    if column is None:
        return {"to_empty": None}
    message = literal(f"{column.name}: must not be empty")
    return {
        "to_empty": column,
        "empty_test": _test_name("test_an_empty_{}_is_refused", [column.name]),
        "raises": call("self.assertRaisesMessage", Source("CleaningError"), message),
    }


def _rejected(plan: ImportPlan, rejected: RejectedValue | None) -> Facts:
    """Return what the test of a row that is rejected prints."""
    if rejected is None:
        return {"rejected": None}
    # The rejects of other files are CSV.
    is_delimited = plan.format is Format.DELIMITED
    dialect = plan.dialect if is_delimited else DEFAULT_DIALECT
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
        "encoding": dialect.encoding,
        "reject": list(zip(REJECT_COLUMNS, map(str, values), strict=True)),
    }


def _test_name(pattern: str, columns: Sequence[str]) -> Source:
    """Name a test after columns, unless the name would not fit on its line."""
    name = "_and_".join(columns)
    return Source(pattern.format(name if len(name) <= NAME_LENGTH else "key"))

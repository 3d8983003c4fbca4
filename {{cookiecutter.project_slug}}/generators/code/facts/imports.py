"""What the cleaning class and the command print."""

import ast
from collections.abc import Iterable
from dataclasses import asdict

from generators.code import bulks
from generators.code.expressions import (
    Call,
    Expression,
    Import,
    Tuple,
    call,
    import_lines,
    texts,
)
from generators.code.facts import Facts, descriptions
from generators.code.plan import ImportPlan
from generators.naming import ModelName, Source, literal
from importkit.source import DEFAULT_DIALECT, Dialect


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
        "rows": descriptions.sample_rows(plan),
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


def _dialect(dialect: Dialect) -> Call | None:
    """Return what differs from the default dialect; None if nothing does."""
    unusual = {
        name: literal(value)
        for name, value in asdict(dialect).items()
        if value != getattr(DEFAULT_DIALECT, name)
    }
    return call("Dialect", **unusual) if unusual else None

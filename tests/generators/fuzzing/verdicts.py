"""Import both deliveries of a case by the code that startimport writes, and judge the cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from generators.code import ImportPlan, Place, plan_new_model
from generators.code.rendering import render_import
from generators.naming import Identifier, Source
from generators.sample import read_sample
from importkit.cleaning import CleaningDF
from importkit.errors import ImportKitError
from importkit.source import scan_csv
from tests.generators.fuzzing.columns import NOTHING, Made, Value
from tests.generators.fuzzing.files import Case, Delivery

NAME = Identifier("rows")
PLACE = Place(Source(NAME), NAME, PurePosixPath(NAME), is_new=True)


@dataclass
class Verdict:
    """What became of a case.

    Attributes:
        wrong: Cells that hold another value than the file, and rows that are gone, told
            by nobody.
        guessed: Such cells of columns whose reading the generated code calls a guess.
        refused: Files and rows that were refused although their values are right.
    """

    wrong: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def judge(case: Case, folder: Path) -> Verdict:
    """Scaffold an import from the sample of a case, and import both deliveries."""
    verdict = Verdict()
    sample, following = case.write(folder)
    try:
        read = read_sample(sample)[0]
        plan = plan_new_model(NAME, PLACE, read)
        cleaning = cleaning_class(plan)
    except (ImportKitError, ValueError) as error:
        verdict.refused.append(f"sample: {error}")
        return verdict
    for path, delivery in ((sample, case.sample), (following, case.following)):
        try:
            df = cleaning(scan_csv(path, read.dialect), skip=True)
        except ImportKitError as error:
            verdict.refused.append(f"{path.name}: {error}")
            continue
        # A sample does not show all words that mean an empty cell, nor that there are any.
        of_values = pl.col("value").is_not_null() & ~pl.col("value").is_in(NOTHING)
        for row in df.problems.filter(of_values).iter_rows(named=True):
            verdict.refused.append(f"{path.name}: {row}")
        _compare(plan, df, delivery, f"{path.name}: ", verdict)
    return verdict


def cleaning_class(plan: ImportPlan) -> type[CleaningDF]:
    """Return the cleaning class that startimport would write."""
    module: dict[str, Any] = {"__name__": "generated"}
    [text] = [t for name, t in render_import(plan).items() if "cleaning/rows" in name]
    exec(text, module)  # noqa: S102  to run what is generated is the point
    [found] = (
        thing
        for thing in module.values()
        if isinstance(thing, type)
        and issubclass(thing, CleaningDF)
        and thing is not CleaningDF
    )
    return found


def _compare(
    plan: ImportPlan, df: CleaningDF, delivery: Delivery, where: str, verdict: Verdict
) -> None:
    told = {*df.problems["line"], *df.left_out["line"]}
    lines = {line: row for row, line in enumerate(delivery.lines) if line not in told}
    found = {line: row for row, line in enumerate(df.lines)}
    if lines.keys() != found.keys():
        differ = sorted(lines.keys() ^ found.keys())
        verdict.wrong.append(
            f"{where}rows in lines {differ[:5]} are not those of the file"
        )
        return
    if len(plan.columns) != len(delivery.columns):
        verdict.wrong.append(f"{where}{len(plan.columns)} columns")
        return
    for column, made in zip(plan.columns, delivery.columns, strict=True):
        cells = df.df[column.name]
        for what in _differences(made, cells, lines, found):
            doubt = f"{where}{made.header!r} as {column.column.kind}: {what}"
            (verdict.guessed if column.guess else verdict.wrong).append(doubt)


def _differences(
    made: Made, cells: pl.Series, lines: dict[int, int], found: dict[int, int]
) -> Iterator[str]:
    for line, row in lines.items():
        cell = cells[found[line]]
        if not is_same(made.values[row], made.texts[row].strip(), cell):
            yield f"line {line}: {made.texts[row]!r} became {cell!r}"


def is_same(value: Value, text: str, cell: object) -> bool:
    """Return whether a cell holds a value, or the text as it stands in the file."""
    if cell is None:
        return value is None or not text
    if str(cell) == text:
        return True
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None) == value
    if isinstance(value, bool):
        return cell in (0, 1) and bool(cell) == value
    if isinstance(value, Decimal | int) and isinstance(cell, Decimal | int | float):
        return Decimal(str(cell)) == value
    return cell == value

"""What few rows show is called a guess, in one line for a file."""

from pathlib import Path

import pytest

from generators.describe import describe
from generators.sample import Statements

HEADER = "guesses from fewer than 30 values, which one more row may change: "


def guesses(folder: Path, cells: dict[str, list[str]], *types: str, order: str) -> str:
    """Return what is called a guess of a sample; empty without such a line."""
    sample = folder / "sample.csv"
    rows = [";".join(cells), *map(";".join, zip(*cells.values(), strict=True))]
    sample.write_text("\n".join(rows) + "\n", encoding="utf-8")
    notes = describe(sample, Statements(types=types, date_order=order or None)).notes
    found = [note.removeprefix(HEADER) for note in notes if note.startswith(HEADER)]
    return "".join(found)


@pytest.mark.parametrize(
    ("header", "cells", "guess"),
    [
        ("pieces", ["1.200", "2", "3"], "thousands"),
        ("is_done", ["1", "0", "1"], "true or false"),
        ("due", ["05.01.2026", "06.01.2026", "07.01.2026"], "day first"),
        ("weight", ["5", "7", "9"], "whole numbers"),
        ("paid", ["5 €", "7 €", "9 €"], "point before decimals"),
        ("paid", ["1.250 €", "7 €", "9 €"], "thousands"),
        ("day", ["20260105", "20260106", "20260107"], "days"),
        ("seen", ["01/02/2026", "03/04/2026", "05/06/2026"], ""),
        ("due", ["2026-01-05", "2026-01-06", "2026-01-07"], ""),
        ("due", ["25.01.2026", "06.01.2026", "07.01.2026"], ""),
        ("weight", ["5.5", "7", "9"], ""),
        ("order_id", ["5", "7", "9"], ""),
        ("quantity", ["5", "7", "9"], ""),
        ("name", ["a", "b", "c"], ""),
    ],
)
def test_what_one_more_row_may_change_is_named(
    tmp_path: Path, header: str, cells: list[str], guess: str
) -> None:
    said = guesses(tmp_path, {header: cells, "word": ["x", "y", "z"]}, order="")

    assert said == (f'"{header}" ({guess})' if guess else "")


def test_all_guesses_of_a_file_are_one_line(tmp_path: Path) -> None:
    cells = {"size": ["5", "7"], "weight": ["5", "7"], "sold": ["yes", "no"]}

    assert guesses(tmp_path, cells, order="") == (
        '"weight" (whole numbers), "sold" (true or false)'
    )


def test_thirty_values_are_no_longer_few(tmp_path: Path) -> None:
    weights = [str(number) for number in range(100, 130)]

    assert guesses(tmp_path, {"weight": weights, "word": weights}, order="") == ""


def test_what_the_user_states_is_no_guess(tmp_path: Path) -> None:
    cells = {"weight": ["5", "7"], "seen": ["01/02/2026", "03/04/2026"]}
    cells["due"] = ["05.01.2026", "06.01.2026"]

    assert guesses(tmp_path, cells, "weight=integer", order="DMY") == ""

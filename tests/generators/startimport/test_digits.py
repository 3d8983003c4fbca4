"""Decimals of which the database keeps no more than fifteen digits, before code is written."""

from pathlib import Path

import pytest
from django.db import connections

from generators.request import Request, make_plan

LONG = (
    "name,mass,share,near\nA,0.12345678901234567,1.5,{near}\n"
    "B,1234.12345678901234567,2,{near}\n"
)


@pytest.fixture(autouse=True)
def _on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the database for SQLite: the tests run on PostgreSQL, too."""
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(connections["default"], "display_name", "SQLite")


def plan(folder: Path, near: str, *types: str) -> dict[str, str]:
    """Return the fields of the columns of a sample."""
    sample = folder / "goods.csv"
    sample.write_text(LONG.format(near=near), encoding="utf-8")
    made, _ = make_plan(Request("goods", sample, type=types), folder)
    return {str(column.name): str(column.field) for column in made.columns}


def test_decimals_that_sqlite_would_change_are_refused_with_the_ways_out(
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="more than 15 digits") as refusal:
        plan(tmp_path, "0.5")

    said = str(refusal.value)
    assert said.startswith('"mass": ')
    assert "SQLite, the database of this project, does not keep them" in said
    assert "--type mass=text" in said
    assert "PostgreSQL" in said


def test_text_keeps_the_digits(tmp_path: Path) -> None:
    fields = plan(tmp_path, "0.5", "mass=text")

    assert fields["mass"].startswith("models.CharField(")


def test_another_database_keeps_the_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections["default"], "vendor", "postgresql")

    assert "max_digits=28" in plan(tmp_path, "0.5")["mass"]


@pytest.mark.parametrize(
    ("near", "is_kept"),
    [
        ("0.00123456789012345", True),
        ("0.01234567890123456", False),
        ("0.12345678901234567", False),
        ("0.10000000000000000", True),
        ("1234.12345678901000000", True),
        ("1234.12345678901200000", False),
    ],
)
def test_zeros_at_the_ends_are_no_digits(
    tmp_path: Path, near: str, *, is_kept: bool
) -> None:
    if is_kept:
        assert "DecimalField" in plan(tmp_path, near, "mass=text")["near"]
        return
    with pytest.raises(ValueError, match='"near": '):
        plan(tmp_path, near, "mass=text")

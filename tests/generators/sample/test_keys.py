"""Keys: what is offered where no column is named like a key, with its evidence."""

from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest
from django.db.models import UUIDField
from pytest_django import Settings

from generators.describe import describe
from generators.inference.infer import infer_columns
from generators.matching.relations.parents import notes_on_parents, suits_key
from generators.sample.stated import Statements
from tests.importkit.shop.models import Node

ROWS = 300
REPOSITORY = Path(__file__).resolve().parents[3]


def notes(tmp_path: Path, header: str, *rows: str, key: str | None = None) -> list[str]:
    """Return what is noted of keys, of a file of these rows."""
    path = tmp_path / "sample.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = describe(path, Statements(natural_key=key)).notes
    return [note for note in found if note.startswith("natural key?")]


def lines(count: int = ROWS) -> list[str]:
    return [f"{1000 + n // 3},{n % 3 + 1},{n}.50" for n in range(count)]


def test_two_columns_are_offered_as_a_key_where_no_one_column_is(
    tmp_path: Path,
) -> None:
    assert notes(tmp_path, "order_no,line,amount", *lines()) == [
        'natural key? no two of 300 rows have the same "order_no" and "line"; state '
        "them with --natural-key"
    ]


def test_two_columns_are_no_key_if_one_row_repeats_them(tmp_path: Path) -> None:
    assert not notes(tmp_path, "order_no,line,amount", *lines(), "1000,1,7.00")


def test_few_rows_offer_no_key(tmp_path: Path) -> None:
    assert not notes(tmp_path, "order_no,line,amount", *lines(30))


def test_a_unique_column_is_offered_without_the_name_of_a_key(tmp_path: Path) -> None:
    rows = [f"place {n},{n % 7}" for n in range(ROWS)]

    assert notes(tmp_path, "town,stars", *rows) == [
        'natural key? no two of 300 rows have the same "town"; state it with '
        "--natural-key"
    ]


def test_nothing_is_offered_where_the_user_has_said_the_key(tmp_path: Path) -> None:
    rows = [f"place {n},{n % 7}" for n in range(ROWS)]

    assert not notes(tmp_path, "town,stars", *rows, key="town")


@pytest.fixture
def nodes(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some rows, of an app that counts as one of the project's."""
    settings.BASE_DIR = REPOSITORY
    # The app has more models than a project is searched for by values.
    monkeypatch.setattr("generators.matching.relations.parents.MOST_MODELS", 500)
    Node.objects.bulk_create([Node(name=f"S-{n}") for n in range(5)])


@pytest.mark.usefixtures("nodes")
def test_a_column_may_point_to_the_model_whose_table_has_its_values() -> None:
    rows = pl.DataFrame({"where": ["S-1", "S-2", "S-1"], "what": ["a", "b", "a"]})

    assert [*notes_on_parents(infer_columns(rows), rows)] == [
        '"where" may point to shop.Node.name, 2 of 2 values are there: '
        "docs/existing_models.md#a-foreign-key-instead-of-a-text"
    ]


@pytest.mark.usefixtures("nodes")
def test_values_that_the_table_lacks_point_to_it_only_with_its_name() -> None:
    rows = pl.DataFrame({"where": ["S-1", "X", "X"], "node_code": ["X", "Y", "Y"]})

    assert [*notes_on_parents(infer_columns(rows), rows)] == [
        '"node_code" may point to shop.Node.name, by name: '
        "docs/existing_models.md#a-foreign-key-instead-of-a-text"
    ]


@pytest.mark.usefixtures("nodes")
def test_a_column_without_values_points_to_nothing_but_by_name() -> None:
    rows = pl.DataFrame({"node": ["", ""], "where": ["", ""]})

    assert [*notes_on_parents(infer_columns(rows), rows)] == [
        '"node" may point to shop.Node.name, by name: '
        "docs/existing_models.md#a-foreign-key-instead-of-a-text"
    ]


def test_text_is_not_looked_up_among_uuids() -> None:
    key = UUIDField(unique=True)
    [text] = infer_columns(pl.DataFrame({"x": ["a", "b"]}))
    [uuid] = infer_columns(pl.DataFrame({"x": [str(uuid4()) for _ in range(5)]}))

    assert (suits_key(key, text), suits_key(key, uuid)) == (False, True)

"""The header of a delivery is found by its names where notes above it come or go."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from importkit.source import Dialect
from tests.importkit.import_data.goods import goods, skus

pytestmark = pytest.mark.django_db


def run(path: Path, content: str, dialect: Dialect) -> str:
    path.write_text(content, encoding="utf-8")
    out = io.StringIO()
    call_command(goods(path, dialect), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("", 1),
        ("Report\n", 2),
        ("Report\n\nof goods\n", 4),
        ("Goods;;\nof 2026;;\n", 3),
    ],
)
def test_a_header_is_found_by_its_names(tmp_path: Path, above: str, line: int) -> None:
    content = f"{above}sku,price,store\na,1,\n".replace(",", ";")

    said = run(tmp_path / "goods.csv", content, Dialect(";", skip=5))

    assert said.startswith(f"The header is in line {line}, found by its names")
    assert skus() == ["a"]


def test_a_header_below_a_row_is_not_taken_since_the_row_would_be_lost(
    tmp_path: Path,
) -> None:
    content = "article,cost,shop\nb,2,\nsku,price,store\na,1,\n"

    with pytest.raises(CommandError, match="lacks"):
        run(tmp_path / "goods.csv", content, Dialect())

    assert skus() == []


def test_nothing_is_said_of_a_header_that_is_where_it_should_be(tmp_path: Path) -> None:
    said = run(
        tmp_path / "goods.csv", "Report\nsku,price,store\na,1,\n", Dialect(skip=1)
    )

    assert "header" not in said

"""A delivery with another separator or quote than the Dialect says is refused, and says which."""

import io
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.source import Dialect
from tests.importkit.import_data.goods import goods, skus
from tests.importkit.rules import rules

pytestmark = pytest.mark.django_db

ROWS = 'sku,price,store\na,1.50,\n"b, c",2,\n'


def run(path: Path, content: str, dialect: Dialect, *flags: str, lazy: bool) -> str:
    path.write_text(content, encoding="utf-8")
    out = io.StringIO()
    call_command(goods(path, dialect, lazy=lazy), *flags, stdout=out)
    return out.getvalue()


def refusal(path: Path, content: str, dialect: Dialect, *, lazy: bool = True) -> str:
    with pytest.raises(CommandError) as error:
        run(path, content, dialect, lazy=lazy)
    assert error.value.returncode == 2
    assert skus() == []
    return str(error.value)


@pytest.mark.parametrize("lazy", [True, False])
@pytest.mark.parametrize(
    ("stated", "found", "change"),
    [
        (",", ";", 'semicolons, but the Dialect says commas: its header has the names then'),
        (";", ",", 'write separator="," in the Dialect of the import'),
        (",", "\t", 'write separator="\\t" in the Dialect of the import'),
        ("\t", "|", 'pipes, but the Dialect says tabs'),
        ("~", "|", 'pipes, but the Dialect says "~"'),
    ],
)  # fmt: skip
def test_another_separator_is_named(
    tmp_path: Path, stated: str, found: str, change: str, *, lazy: bool
) -> None:
    content = "sku,price,store\na,1.50,\n".replace(",", found)

    said = refusal(tmp_path / "goods.csv", content, Dialect(stated), lazy=lazy)

    assert change in said


def test_another_separator_is_named_without_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("a;1.50;\n")
    command = goods(path, Dialect(header=False))
    names = {"column_1": "sku", "column_2": "price"}
    made = rules({"sku": pl.String, "price": pl.Decimal(8, 2)}, rename_map=names)
    monkeypatch.setattr(command, "get_cleaning_df_cls", lambda: made)

    with pytest.raises(CommandError, match='write separator=";"'):
        call_command(command)


def test_another_quote_around_names_is_named(tmp_path: Path) -> None:
    content = ROWS.replace("sku,price,store", "'sku','price','store'")

    said = refusal(tmp_path / "goods.csv", content, Dialect())

    assert "single quotes, but the Dialect says double quotes" in said


@pytest.mark.parametrize("quote", ["'", None])
def test_another_quote_around_values_is_named_by_rows_that_need_it(
    tmp_path: Path, quote: str | None
) -> None:
    content = f'{ROWS}z,3,"Row, north"\n'

    said = refusal(tmp_path / "goods.csv", content, Dialect(quote=quote))

    assert "written with double quotes" in said
    assert "line 3 has 3 fields then" in said
    assert "write quote='\"' in the Dialect" in said


def test_one_row_with_other_quotes_among_many_is_a_problem_of_its_row(
    tmp_path: Path,
) -> None:
    content = ROWS.replace('"', "'") + "".join(f"s{n},1,\n" for n in range(40))
    flags = ("--on-error", "skip", "--allow-rejects", "1")

    run(tmp_path / "goods.csv", content, Dialect(), *flags, lazy=True)

    assert len(skus()) == 41


@pytest.mark.parametrize(
    "content",
    [
        "article;cost\na;1\n",  # No separator gives it its names.
        "article,cost\na,1\n",
        "sku,price\na,1\n",
    ],
)
def test_a_header_without_the_names_is_told_as_before(
    tmp_path: Path, content: str
) -> None:
    said = refusal(tmp_path / "goods.csv", content, Dialect())

    assert "seems to be written" not in said


def test_rows_that_no_quote_makes_readable_are_told_as_before(tmp_path: Path) -> None:
    content = ROWS + "x,1,,2\n"

    with pytest.raises(CommandError, match="4 fields instead of 3"):
        run(tmp_path / "goods.csv", content, Dialect(), lazy=True)

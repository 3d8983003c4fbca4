"""A delivery that is written otherwise than the Dialect says is refused, and says how."""

import io
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from importkit.source import Dialect, as_arguments
from tests.importkit.import_data.goods import goods, skus
from tests.importkit.rules import rules

pytestmark = pytest.mark.django_db

ROWS = 'sku,price,store\na,1.50,\n"b, c",2,\n'


def run(
    path: Path, content: str | bytes, dialect: Dialect, *flags: str, lazy: bool
) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    call_command(goods(path, dialect, lazy=lazy), *flags, stdout=out)
    return out.getvalue()


def refusal(
    path: Path, content: str | bytes, dialect: Dialect, *, lazy: bool = True
) -> str:
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


LETTERS = "sku,price,store\n" + "".join(
    f"{word},1.50,\n" for word in ["Grün", "Weiß", "Käse", "Öl", "Straße", "Übergröße"]
)


def warning(path: Path, content: str | bytes) -> str:
    """Return what a run says of a file before it refuses its rows."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(goods(path, Dialect()), stdout=out)
    assert skus() == []
    return out.getvalue()


def test_another_encoding_of_the_rows_is_named_with_a_letter(tmp_path: Path) -> None:
    said = warning(tmp_path / "goods.csv", LETTERS.encode("cp1252"))

    assert "not written in utf-8, as the Dialect says" in said
    assert 'line 2 holds the byte 0xfc. The file seems to be written in cp1252, in which it is "ü"' in said  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_of_the_header_is_named(tmp_path: Path, encoding: str) -> None:
    said = refusal(tmp_path / "goods.csv", LETTERS.encode(encoding), Dialect())

    assert f"seems to be written in {encoding}, but the Dialect says utf-8" in said
    assert f'write encoding="{encoding}" in the Dialect' in said


def test_another_encoding_and_separator_are_named_together(tmp_path: Path) -> None:
    content = LETTERS.replace(",", ";").encode("utf-16")

    said = refusal(tmp_path / "goods.csv", content, Dialect())

    assert (
        "with semicolons and in utf-16, but the Dialect says commas and utf-8" in said
    )
    assert 'write separator=";", encoding="utf-16" in the Dialect' in said


def test_a_few_rows_of_another_encoding_are_problems_of_their_rows(
    tmp_path: Path,
) -> None:
    content = LETTERS.encode() + b"Pl\xe4tze,1,\nS\xe4tze,2,\n"
    flags = ("--on-error", "skip", "--allow-rejects", "2")

    run(tmp_path / "goods.csv", content, Dialect(), *flags, lazy=True)

    assert len(skus()) == 6


def test_rows_that_end_with_one_more_separator_are_told_of_the_file(
    tmp_path: Path,
) -> None:
    content = "sku,price,store\n" + "".join(f"s{n},1.50,x,\n" for n in range(9))

    said = warning(tmp_path / "goods.csv", content)

    assert "trailing=True, but the Dialect says trailing=False" in said


def test_a_header_that_is_gone_is_told_without_the_values_of_the_first_row(
    tmp_path: Path,
) -> None:
    said = refusal(tmp_path / "goods.csv", "Ann Lee,1.50,7\nBo,2.50,8\n", Dialect())

    assert "holds values instead of names: has the file lost its header?" in said
    assert "Ann" not in said


@pytest.mark.parametrize(
    "content", ['[\n {"sku": "a", "price": 1}]', '{"error": "no access"}']
)
def test_json_that_is_called_csv_is_told(tmp_path: Path, content: str) -> None:
    said = refusal(tmp_path / "goods.csv", content, Dialect())

    assert "is JSON, not delimited text. Ask for the data as CSV, or give it" in said
    assert "read it with scan_source in handle_import. See docs/sources" in said


def test_a_file_of_nul_bytes_is_not_shown(tmp_path: Path) -> None:
    said = refusal(tmp_path / "goods.csv", b"\0" * 400, Dialect())

    assert "is not delimited text: it holds NUL bytes" in said


def test_a_file_of_a_header_alone_is_told(tmp_path: Path) -> None:
    said = run(tmp_path / "goods.csv", "sku,price,store\n", Dialect(), lazy=True)

    assert '"goods.csv" has a header and no rows.' in said


def test_a_change_of_the_dialect_is_told_as_python_reads_it() -> None:
    dialect = Dialect(separator="\t", quote='"', escape="\\", skip_blanks=True)
    names = ["separator", "quote", "escape", "skip_blanks"]

    written = as_arguments(dialect, names)

    assert eval(f"Dialect({written})", {"Dialect": Dialect}) == dialect  # noqa: S307  our own text
    assert written == """separator="\\t", quote='"', escape="\\\\", skip_blanks=True"""

"""Columns that a source lacks, and columns that it has and no rule names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from importkit.cleaning import CleaningDF, DType, Policy, clean
from importkit.errors import ConfigurationError, SourceError
from importkit.source import scan_csv
from tests.importkit.rules import rules
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

DTYPES: dict[str, DType] = {"sku": pl.String, "price": pl.Int64}


def refusal(cls: type[CleaningDF], *headers: str) -> str:
    with pytest.raises(SourceError) as error:
        cls({header: ["1"] for header in headers})
    return str(error.value)


def test_a_missing_column_is_named_with_the_nearest_header() -> None:
    assert refusal(rules(DTYPES), "sku", "prices") == (
        'The source lacks 1 of 2 columns: "price" (did you mean "prices"?). '
        'It has "sku", "prices".'
    )


def test_each_column_that_the_source_has_knows_its_header() -> None:
    cls = rules(
        {"sku": pl.String, "price": pl.Int64, "size": pl.String},
        rename_map={"Price (EUR)": "price"},
        on_missing_column=Policy.IGNORE,
    )
    data = pl.DataFrame({"sku": ["a"], "Price (EUR)": ["1"], "new": ["x"]})
    stream = clean(cls, data.lazy())

    stream.df.lazy().collect()

    assert cls(data).headers == {"sku": "sku", "price": "Price (EUR)"}
    assert stream.headers == {"sku": "sku", "price": "Price (EUR)"}


def test_new_columns_are_left_out_with_a_word() -> None:
    cleaned = rules(DTYPES)({"sku": ["a"], "size": ["M"], "price": ["1"], "^x$": [""]})

    assert cleaned.df.to_dicts() == [{"sku": "a", "price": 1}]
    assert cleaned.warnings == ('New columns, not imported: "size", "^x$".',)


def test_nothing_in_a_header_reaches_the_terminal_raw() -> None:
    cleaned = rules(DTYPES)({"sku": ["a"], "price": ["1"], "\x1b[2J\u202ex\n": [""]})

    assert cleaned.warnings == ('New columns, not imported: "\\x1b[2J\\u202ex\\n".',)
    assert refusal(rules(DTYPES), "sku", "price\x1b") == (
        'The source lacks 1 of 2 columns: "price" (did you mean "price\\x1b"?). '
        'It has "sku", "price\\x1b".'
    )


def test_new_columns_may_be_an_error() -> None:
    cls = rules(DTYPES, on_new_column=Policy.ERROR)

    assert refusal(cls, "sku", "price", "size") == (
        'The source has columns that no rule names: "size".'
    )
    assert refusal(cls, "sku", "size") == (
        'The source lacks 1 of 2 columns: "price". It has "sku", "size". '
        'The source has columns that no rule names: "size".'
    )


def test_new_columns_may_be_of_no_interest() -> None:
    cls = rules(DTYPES, on_new_column=Policy.IGNORE)

    assert cls({"sku": ["a"], "price": ["1"], "size": ["M"]}).warnings == ()


@pytest.mark.parametrize(
    ("policy", "warnings"),
    [
        (Policy.WARN, ('Columns that the source lacks are empty: "Price".',)),
        (Policy.IGNORE, ()),
    ],
)
def test_a_missing_column_may_be_empty(
    policy: Policy, warnings: tuple[str, ...]
) -> None:
    cls = rules(DTYPES, rename_map={"Price": "price"}, on_missing_column=policy)

    cleaned = cls({"sku": ["a", "b"]})

    assert cleaned.df.schema == {"sku": pl.String(), "price": pl.Int64()}
    assert cleaned.df.rows() == [("a", None), ("b", None)]
    assert cleaned.warnings == warnings


def test_what_takes_the_place_of_nothing_does_so_in_a_missing_column() -> None:
    cls = rules(DTYPES, fill_null_map={"price": 0}, on_missing_column=Policy.IGNORE)

    assert cls({"sku": ["a"]}).df.rows() == [("a", 0)]


@pytest.mark.parametrize("header", ["prices", "PRICE", "PREIS EUR"])
def test_a_misspelt_header_is_never_an_empty_column(header: str) -> None:
    cls = rules(
        DTYPES,
        rename_map={"Preis EUR": "price"},
        on_missing_column=Policy.IGNORE,
        on_new_column=Policy.IGNORE,
    )

    assert refusal(cls, "sku", header) == (
        f'The source lacks 1 of 2 columns: "Preis EUR" (did you mean "{header}"?). '
        f'It has "sku", "{header}". '
        "A column is not left empty where its header may be misspelt."
    )


def test_a_required_column_that_is_missing_is_an_error() -> None:
    cls = rules(DTYPES, no_null_cols=("sku",), on_missing_column=Policy.IGNORE)

    assert refusal(cls, "price") == (
        'The source lacks 1 of 2 columns: "sku" (must not be empty). It has "price".'
    )


def test_a_source_without_any_of_the_columns_is_an_error() -> None:
    cls = rules(DTYPES, on_missing_column=Policy.IGNORE)

    assert refusal(cls, "name") == (
        'The source lacks 2 of 2 columns: "sku"; "price". It has "name".'
    )


@pytest.mark.parametrize("name", ["on_new_column", "on_missing_column"])
def test_a_policy_is_one_that_there_is(name: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        rules(DTYPES, **{name: "warning"}).check_rules()

    assert str(error.value) == (
        f"{name} is 'warning', not one of Policy.ERROR, Policy.WARN, Policy.IGNORE."
    )


def test_a_misspelt_policy_is_refused_when_the_class_is_written() -> None:
    with pytest.raises(ConfigurationError, match=r'mean "on_new_column"\?'):
        rules(DTYPES, on_new_columns=Policy.IGNORE)


@pytest.mark.django_db
@pytest.mark.parametrize("flags", [[], ["--batch_size", "1"]])
def test_an_import_warns_once(
    flags: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 16)
    file = tmp_path / "goods.csv"
    file.write_text("sku,size\na,M\nb,M\nc,M\nd,M\ne,M\n")
    command = Import(
        lambda df: {Product: df},
        source=scan_csv(file),
        rules=rules({"sku": pl.String}),
    )

    assert run(command, *flags) == (
        'New columns, not imported: "size".\nProducts: 5 new.\n'
    )


@pytest.mark.django_db
def test_an_import_that_fails_has_warned_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("sku,price,size\na,x,M\n")
    command = Import(
        lambda df: {Product: df.select("sku")},
        source=scan_csv(file),
        rules=rules(DTYPES),
    )

    with pytest.raises(CommandError, match="price: not a whole number"):
        call_command(command, no_color=True)

    assert capsys.readouterr().out == ('New columns, not imported: "size".\n')


@pytest.mark.django_db
def test_the_columns_of_a_file_of_rejects_are_not_new(tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    own = "_line,_column,_code,_message"
    file.write_text(f"sku,{own},_problem,{own}\na,2,,,,,2,,,\n")
    command = Import(
        lambda df: {Product: df},
        source=scan_csv(file),
        rules=rules({"sku": pl.String}, on_new_column=Policy.ERROR),
    )

    assert run(command) == "Products: 1 new.\n"


@pytest.mark.parametrize("by_column", [False, True])
def test_of_two_headers_of_a_column_the_source_has_either(*, by_column: bool) -> None:
    renamed: Mapping[str, Any] = {"Preis": "price", "Price": "price"}
    if by_column:
        renamed = {"price": ("Preis", "Price")}
    cls = rules(DTYPES, rename_map=renamed)

    assert cls({"sku": ["a"], "Preis": ["1"]}).df.rows() == [("a", 1)]
    assert cls({"Price": ["1"], "sku": ["a"]}).df.rows() == [("a", 1)]
    assert refusal(cls, "sku", "Price", "Preis") == (
        'The source has 2 headers of the column "price", which is read from one of them: '
        '"Preis", "Price". Remove all but one from the file, or give them to different '
        "columns in get_rename_map."
    )


def test_the_name_of_a_column_is_none_of_its_headers_unless_it_is_named() -> None:
    cls = rules(DTYPES, rename_map={"Preis": "price", "Price": "price"})
    named = rules(DTYPES, rename_map={"Preis": "price", "price": "price"})

    assert refusal(cls, "sku", "price") == (
        'The source lacks 1 of 2 columns: "Preis" or "Price" (did you mean "price"?). '
        'It has "sku", "price".'
    )
    assert named({"sku": ["a"], "price": ["1"]}).df.rows() == [("a", 1)]


def test_a_missing_column_that_may_be_empty_is_told_with_all_its_headers() -> None:
    renamed = {"Preis": "price", "Cost": "price"}
    cls = rules(DTYPES, rename_map=renamed, on_missing_column=Policy.WARN)

    assert cls({"sku": ["a"]}).warnings == (
        'Columns that the source lacks are empty: "Preis" or "Cost".',
    )
    assert '"Cost" (did you mean "Costs"?)' in refusal(cls, "sku", "Costs")


@given(st.data())
def test_whichever_headers_a_source_has_in_whatever_order_the_frame_is_the_same(
    data: st.DataObject,
) -> None:
    names = ["a", "b", "c", "d"]
    aliases = {
        name: tuple(f"{name.upper()} {n}" for n in range(data.draw(st.integers(1, 4))))
        for name in names
    }
    renamed: dict[str, Any] = dict(aliases)
    if data.draw(st.booleans()):
        pairs = [(header, name) for name in names for header in aliases[name]]
        renamed = dict(data.draw(st.permutations(pairs)))
    headers = {data.draw(st.sampled_from(aliases[name])): name for name in names}
    order = data.draw(st.permutations([*headers]))
    cls = rules(dict.fromkeys(names, pl.String), rename_map=renamed)
    source = pl.DataFrame({header: [f"value of {headers[header]}"] for header in order})

    cleaned = cls(source)

    assert cleaned.df.equals(
        pl.DataFrame({name: [f"value of {name}"] for name in names})
    )
    assert cleaned.headers == {name: header for header, name in headers.items()}
    more = [h for hs in aliases.values() for h in hs if h not in headers]
    if more:
        second = data.draw(st.sampled_from(more))
        with pytest.raises(SourceError, match=f'2 headers of .*"{second}"'):
            cls(source.with_columns(pl.lit("x").alias(second)))

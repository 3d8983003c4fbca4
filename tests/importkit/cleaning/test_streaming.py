"""A lazy source gives what the eager one gives, however it is sliced."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.cleaning import CleaningDF, Contradiction, DType
from importkit.cleaning.stream import CleanStream, clean
from importkit.errors import CleaningError
from importkit.source import read_csv, scan_csv
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product, Store

SLICES = (1, 7, 64, 1000, 8_000_000)


class GoodsCleaningDF(CleaningDF):
    """Rules that look at rows one by one, and at their keys."""

    on_contradiction = Contradiction.KEEP_FIRST

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "price": pl.Decimal(8, 2)}

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)

    @classmethod
    def get_drop_null_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


class SortedCleaningDF(GoodsCleaningDF):
    """Rules that look at all rows at once."""

    @classmethod
    def get_sort_cols(cls) -> tuple[tuple[str, bool], ...]:
        return (("price", True),)

    @classmethod
    def get_add_on_duplicate_cols(cls) -> tuple[str, ...]:
        return ("price",)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [f'"s\n{n}",{n}.50' if n % 5 == 0 else f"s{n},{n}" for n in range(40)]
    # Line 46 on: repeats near and far, and a row without a key.
    path = tmp_path / "goods.csv"
    path.write_text("\n".join(["sku,price", *rows, "s1,9", ",5", "s39,1", ""]))
    return path


@pytest.fixture(params=SLICES)
def _slices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the file in slices of some size."""
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", request.param)


def streamed(rules: type[CleaningDF], path: Path) -> tuple[pl.DataFrame, CleanStream]:
    stream = clean(rules, scan_csv(path))
    assert isinstance(stream, CleanStream)
    return stream.df.collect(), stream


@pytest.mark.usefixtures("_slices")
@pytest.mark.parametrize("rules", [GoodsCleaningDF, SortedCleaningDF])
def test_rows_lines_and_what_is_left_out_are_the_same(
    file: Path, rules: type[CleaningDF]
) -> None:
    whole = rules(read_csv(file))

    df, stream = streamed(rules, file)

    assert df.drop("_line").equals(whole.df)
    assert df["_line"].equals(whole.lines)
    found, wanted = (sorted(left.rows()) for left in (stream.left_out, whole.left_out))
    assert found == wanted
    reasons = {reason for _, reason in wanted}
    if rules is GoodsCleaningDF:
        assert [line for line, _ in wanted] == [50, 51, 52]
        assert len(reasons) == 2
    else:
        assert dict(df.select("sku", "price").rows())["s1"] == 10


@pytest.mark.usefixtures("_slices")
@pytest.mark.parametrize("rules", [GoodsCleaningDF, SortedCleaningDF])
def test_problems_are_the_same_and_all_of_them(
    file: Path, rules: type[CleaningDF]
) -> None:
    text = file.read_text().replace("s2,2\n", "s2,two\n").replace("s38,38", "s38,1.234")
    file.write_text(text)
    with pytest.raises(CleaningError) as eager:
        rules(read_csv(file))

    with pytest.raises(CleaningError) as lazy:
        streamed(rules, file)

    assert str(lazy.value) == str(eager.value)
    assert "line 5: 'two'" in str(lazy.value)
    assert lazy.value.problems is not None
    assert eager.value.problems is not None
    assert lazy.value.problems.equals(eager.value.problems)


@pytest.mark.usefixtures("_slices")
def test_a_row_of_another_width_is_named(file: Path) -> None:
    file.write_text(file.read_text().replace("s2,2", "s2,two") + "x,1,2\n")

    with pytest.raises(CleaningError) as error:
        streamed(GoodsCleaningDF, file)

    assert str(error.value) == (
        "2 problems in 2 rows:\n"
        "  price: not a number of up to 6 digits and 2 decimals, 1 row\n"
        "    line 5: 'two'\n"
        "  3 fields instead of 2, 1 row\n"
        "    line 53\n"
        "    Check the separator, and put quotes around text that holds it."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [GoodsCleaningDF, SortedCleaningDF])
def test_a_file_that_cannot_go_batch_by_batch_is_told(
    file: Path, rules: type[CleaningDF]
) -> None:
    command = Import(lambda df: {Product: df}, source=scan_csv(file), rules=rules)

    output = run(command, "-v2")

    told = output.startswith("The source is held in memory as a whole: sorting")
    assert told == (rules is SortedCleaningDF)


def test_a_stream_may_be_read_twice_and_in_part(file: Path) -> None:
    whole, stream = streamed(GoodsCleaningDF, file)

    assert stream.df.collect().equals(whole)
    assert stream.df.head(3).collect().equals(whole.head(3))
    cheap = pl.col("price") < 3
    assert stream.df.filter(cheap).collect().equals(whole.filter(cheap))
    assert stream.df.select("price").collect().equals(whole.select("price"))
    assert stream.df.collect().equals(whole)
    assert stream.left_out.height == 3


def importing(file: Path) -> Import:
    def bulks(df: Any) -> dict[Any, Any]:
        lazy: pl.LazyFrame = df
        stores = lazy.select(name=pl.col("sku").str.slice(0, 1)).unique()
        return {
            Store: stores.sort("name"),
            Product: lazy.with_columns(store=pl.col("sku").str.slice(0, 1)),
        }

    keys = {Product: ("sku",), Store: ("name",)}
    return Import(bulks, keys, source=scan_csv(file), rules=GoodsCleaningDF)


@pytest.mark.django_db
@pytest.mark.usefixtures("_slices")
def test_a_stream_is_imported_planned_and_imported_again(file: Path) -> None:
    plan = run(importing(file), "--dry_run", "--batch_size", "7")
    output = run(importing(file), "--batch_size", "7")

    assert plan == f"{output}Dry run: nothing was written.\n"
    assert output.endswith(
        "Stores: 1 new, 0 changed, 0 unchanged.\n"
        "Products: 40 new, 0 changed, 0 unchanged.\n"
    )
    assert (
        "sku as in an earlier row, whose other values are kept (lines 50, 52)."
        in output
    )
    assert run(importing(file)).endswith("Products: 0 new, 0 changed, 40 unchanged.\n")
    assert Product.objects.filter(store__name="s").count() == 40


@pytest.mark.django_db
@pytest.mark.usefixtures("_slices")
def test_a_value_that_does_not_fit_the_model_is_named_with_its_line(
    file: Path,
) -> None:
    file.write_text(file.read_text().replace("s38", "s38" * 7))

    with pytest.raises(CommandError) as error:
        run(importing(file), "--batch_size", "3")

    value = "s38" * 7
    assert str(error.value) == (
        "1 problem in 1 row:\n  sku: longer than 20 characters, 1 row\n"
        f"    line 48: {value!r}\nNothing was written."
    )
    assert not Store.objects.exists()


@pytest.mark.django_db
def test_problems_of_cleaning_stop_the_import_and_name_lines(file: Path) -> None:
    file.write_text(file.read_text().replace("s38,38", "s38,x"))

    with pytest.raises(CommandError) as error:
        run(importing(file))

    assert error.value.returncode == 1
    assert "line 48: 'x'\nNothing was written." in str(error.value)
    assert not Store.objects.exists()

"""A spreadsheet runs no cell of a file of rejects, and no value changes on the way."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importkit.source import Dialect
from importkit.source.delimited.formulas import (
    guarded,
    guarded_value,
    unguarded,
    unguarded_cells,
    unguarded_value,
)

TEXT = st.text("=+-@\t\r\n'\",;.1a ", max_size=12)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("=1+1,+x,-x,@x,x=", "'=1+1,'+x,'-x,'@x,x="),
        ('"=HYPERLINK(""a"")","\t=1","\r1"', '"\'=HYPERLINK(""a"")","\'\t=1","\'\r1"'),
        ('-1.5,+49,"-1,099.00",-,-1-1,+1e5', "-1.5,+49,\"-1,099.00\",-,'-1-1,'+1e5"),
        ("'=1,''@x,'x,'-1", "''=1,'''@x,'x,'-1"),
        ('""=1,"a"=1,"=open', '"\'"=1,"a"=1,"\'=open'),
        ('a "b",=1', 'a "b",\'=1'),
        ("a\r=1,=2", "a\r'=1,'=2"),
        ("", ""),
    ],
)
def test_a_formula_gets_an_apostrophe_and_nothing_else_does(
    record: str, expected: str
) -> None:
    found = guarded(record, Dialect())

    assert found == expected
    assert unguarded(found, Dialect()) == record


@given(TEXT, st.sampled_from([Dialect(), Dialect(";", None), Dialect("\t")]))
def test_any_record_gets_back_what_it_was(text: str, dialect: Dialect) -> None:
    assert unguarded(guarded(text, dialect), dialect) == text


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_apostrophes_that_are_quotes_keep_their_meaning(values: list[str]) -> None:
    dialect = Dialect(",", "'")
    text = io.StringIO(newline="")
    csv.writer(text, quotechar="'", lineterminator="").writerow(values)

    found = guarded(text.getvalue(), dialect)

    [fields] = csv.reader(io.StringIO(found, newline=""), quotechar="'", strict=True)
    assert fields == [guarded_value(value) for value in values]
    back = unguarded(found, dialect)
    assert list(csv.reader(io.StringIO(back, newline=""), quotechar="'")) == [values]


@given(st.lists(TEXT))
def test_frames_and_values_are_undone_alike(values: list[str]) -> None:
    kept = [guarded_value(value) for value in values]
    df = pl.DataFrame(
        {"a": [*kept, *values], "n": 1}, schema_overrides={"a": pl.String}
    )

    found = df.with_columns(unguarded_cells())["a"].to_list()

    assert found == [*values, *(unguarded_value(value) for value in values)]

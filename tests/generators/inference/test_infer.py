"""Columns get the kind that loses nothing, and say why."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.inference.as_imported import are_readable
from generators.inference.column import Column, Kind
from generators.inference.infer import infer_columns, natural_key
from importkit.cleaning import moments, parsing
from importkit.cleaning.casting import cast
from tests.generators.columns import infer, read


def test_columns_come_in_order_without_the_line_numbers() -> None:
    frame = pl.DataFrame({"sku": ["a", "b"], "^.*$": ["1", None], "_line": [2, 3]})

    assert infer_columns(frame) == (
        Column(
            header="sku",
            kind=Kind.TEXT,
            rows=2,
            nulls=0,
            unique=True,
            width=1,
            evidence="no other kind fits, width up to 1",
        ),
        Column(
            header="^.*$",
            kind=Kind.INTEGER,
            rows=2,
            nulls=1,
            unique=False,
            width=1,
            minimum=1,
            maximum=1,
            evidence="1 of 1 are whole numbers",
        ),
    )


def test_a_frame_without_columns_has_none() -> None:
    assert infer_columns(pl.DataFrame()) == ()


@pytest.mark.parametrize("cells", [(), (None, None), ("  ", None)])
def test_a_column_without_values_is_text(cells: tuple[str | None, ...]) -> None:
    column = infer("note", *cells)

    assert (column.kind, column.nulls) == (Kind.TEXT, len(cells))
    assert column.evidence == "no row has a value"


def test_text_is_measured_in_characters_without_the_spaces_around_it() -> None:
    column = infer("name", "  Zoë  ", "Zoë", None)

    assert (column.width, column.unique, column.nullable) == (3, False, True)


@pytest.mark.parametrize(
    ("cells", "evidence"),
    [
        (("1", "x", "2"), "2 of 3 look like numbers, the rest does not"),
        (("1", "x", "y"), "no other kind fits, width up to 1"),
        (("2024-01-01", "soon"), "1 of 2 look like dates, the rest does not"),
        (
            ("2024-02-30", "2024-02-01"),
            "2 of 2 look like dates, but no one reading fits",
        ),
        (
            ("10:00", "24:00"),
            "2 of 2 look like times, but 1 is 24:00, the end of a day",
        ),
        (("12e10", "34e5"), "2 of 2 look like numbers, but no one reading fits"),
        (("1.2.3", "10.0.0.1"), "2 of 2 look like numbers, but no one reading fits"),
        (("inf", "1.5"), "1 of 2 look like numbers, the rest does not"),
        (("$5", "$6"), "2 of 2 look like numbers of several kinds"),
        (("9:58", "8:30"), "2 of 2 look like times, but no one reading fits"),
    ],
)
def test_a_mixed_column_is_text_and_says_how_many_fit(
    cells: tuple[str, ...], evidence: str
) -> None:
    assert read(*cells) == (Kind.TEXT, evidence)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("true", "FALSE", "true"), ((), ())),
        (("true",), ((), ())),
        (("Yes", "no", "YES", None), ((), ())),
        (("y", "N"), ((), ())),
        (("T", "f"), ((), ())),
        (("Ja", "nein"), (("ja",), ("nein",))),
        (("oui", "Non"), (("oui",), ("non",))),
        (("да", "Нет"), (("да",), ("нет",))),
    ],
)
def test_pairs_of_words_are_booleans(
    cells: tuple[str, ...], words: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    column = infer("x", *cells)

    assert (column.kind, (column.true, column.false)) == (Kind.BOOLEAN, words)


@pytest.mark.parametrize(
    "cells", [("no", "NO"), ("y",), ("yes", "n"), ("yes", "no", "maybe"), ("m", "f")]
)
def test_words_that_make_no_pair_are_text(cells: tuple[str, ...]) -> None:
    assert infer("x", *cells).kind is Kind.TEXT


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("is_open", ("1", "0"), Kind.BOOLEAN),
        ("hasStock", ("1", "0"), Kind.BOOLEAN),
        ("Export flag", ("1", "0"), Kind.BOOLEAN),
        ("active", ("1", "0"), Kind.BOOLEAN),
        ("active", ("1", "1"), Kind.INTEGER),
        ("active", ("t", "t"), Kind.BOOLEAN),
        ("letter", ("t", "t"), Kind.TEXT),
        ("is_open", ("1", "0", "2"), Kind.INTEGER),
        ("children", ("1", "0"), Kind.INTEGER),
        ("island", ("1", "0"), Kind.INTEGER),
    ],
)
def test_ones_and_zeros_are_booleans_by_name_only(
    header: str, cells: tuple[str, ...], kind: Kind
) -> None:
    assert infer(header, *cells).kind is kind


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        (("+1", "-20", "300"), pl.Int64()),
        (("1,234,567", "1,234"), pl.Int64()),
        ((".5", "1", "-2.25"), pl.Decimal(12, 2)),
        (("1.234,50", "1234,5", "-7"), pl.Decimal(12, 2)),
        (("1\u00a0234,50", "1 234,5"), pl.Decimal(12, 2)),
        (("1e-05", "2.5", "1.E+3", "7"), pl.Float64()),
        (("yes", "NO", "Yes"), pl.Boolean()),
        (("Ja", "NEIN"), pl.Boolean()),
        (("2024-01-31", "2024-02-29"), pl.Date()),
        (("2024-1-31", "2024-02-9"), pl.Date()),
        (("1/31/2024", "01/02/2024"), pl.Date()),
        (("2024-01-31 10:00", "2024-01-31T10:00:59.12"), pl.Datetime("us", "UTC")),
        (("2024-01-31T10:00Z", "2024-01-31 10:00:00+02"), pl.Datetime("us", "UTC")),
        (("2024-01-31T10:00-0530",), pl.Datetime("us", "UTC")),
        (
            ("2024-01-31 10:00:00.5 UTC", "2024-01-31 10:00 +0200"),
            pl.Datetime("us", "UTC"),
        ),
        (("13.1.24", "1.2.99"), pl.Date()),
        (("01-Jan-24", "5-FEB-24"), pl.Date()),
        (("1 January 2024", "2 Feb 2024"), pl.Date()),
        (("Jan 5, 2024", "March 12, 2024"), pl.Date()),
        (("1/31/2024 9:05 AM", "1/2/2024 12:00 pm"), pl.Datetime("us")),
        (("31.1.2024 9:05", "1.2.2024 10:05"), pl.Datetime("us")),
        (("00:00", "23:59:59.5"), pl.Time()),
    ],
)
def test_what_is_inferred_is_what_the_import_reads(
    cells: tuple[str, ...], dtype: pl.DataType
) -> None:
    column = infer("x", *cells)
    value: pl.Expr = pl.lit(pl.Series(cells))
    if column.format:
        read = moments.date if column.kind is Kind.DATE else moments.datetime
        value = read(column.format)(value)
    if column.decimal == "," or column.thousands:
        value = parsing.number(decimal=column.decimal, thousands=column.thousands)(
            value
        )
    if column.true:
        value = parsing.boolean(true=column.true, false=column.false)(value)
    source = pl.select(value).to_series().dtype

    values = pl.select(cast(value, source, dtype)).to_series()

    assert column.kind is not Kind.TEXT
    assert values.dtype == dtype
    assert values.null_count() == 0


@pytest.mark.parametrize(
    ("cells", "kind", "tokens"),
    [
        (("1", "NA", "n/a", "NA"), Kind.INTEGER, ("NA", "n/a")),
        (("1.5", "-", "--"), Kind.DECIMAL, ("-", "--")),
        (("2024-01-01", "NULL", "0000-00-00"), Kind.DATE, ("0000-00-00", "NULL")),
        (("yes", "no", "?"), Kind.BOOLEAN, ("?",)),
        (("1", r"\N", "nd"), Kind.INTEGER, (r"\N", "nd")),
        (("1.5", "2.5", "3.5", "4.5", "x"), Kind.DECIMAL, ("x",)),
        (("1.5", "2.5", "3.5", "4.5", "."), Kind.DECIMAL, (".",)),
    ],
)
def test_words_for_nothing_are_nulls_among_typed_values(
    cells: tuple[str, ...], kind: Kind, tokens: tuple[str, ...]
) -> None:
    column = infer("x", *cells, None)

    assert (column.kind, column.null_tokens) == (kind, tokens)
    words = sum(cell in tokens for cell in cells)
    assert column.nulls == words + 1
    assert column.evidence.endswith(f"; words for nothing: {words}")


@pytest.mark.parametrize(
    "cells",
    [
        *(("NA", "DE"), ("NA", "-"), ("007", "NA")),
        *(("1", "2", "3", "4", "5", "x"), ("1.5", "x"), ("a", ".", "--")),
    ],
)
def test_words_for_nothing_are_values_in_text(cells: tuple[str, ...]) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.nulls, column.null_tokens) == (Kind.TEXT, 0, ())


@given(st.lists(st.text() | st.from_regex(r"[0-9.,:/TZ+-]{1,12}", fullmatch=True)))
def test_no_text_breaks_the_rules_or_shows_in_the_evidence(cells: list[str]) -> None:
    column = infer("x", *cells)

    assert column.rows == len(cells)
    assert column.evidence.isascii()


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        (("name", "sku", "id"), "sku"),
        (("Order no.", "name"), "Order no."),
        (("customerEmail",), "customerEmail"),
        (("Code produit",), "Code produit"),
        (("valid", "width", "keyboard"), None),
        (("number_of_rooms",), None),
    ],
)
def test_the_natural_key_is_the_first_column_named_like_one(
    headers: tuple[str, ...], key: str | None
) -> None:
    columns = infer_columns(pl.DataFrame({header: ["a1", "b2"] for header in headers}))

    found = natural_key(columns)

    assert (found.header if found else None) == key


@pytest.mark.parametrize(
    "cells",
    [("a", "a"), ("a", None), ("a",), ("1.5", "2.5"), ("2024-01-01", "2024-01-02")],
)
def test_a_key_never_repeats_is_never_empty_and_is_no_measure(
    cells: tuple[str | None, ...],
) -> None:
    assert natural_key((infer("ref", *cells),)) is None


def test_three_hundred_columns_are_inferred_in_a_moment() -> None:
    kinds = ("text {}", "{}", "{}.50", "2024-01-{:02}")
    frame = pl.DataFrame(
        {
            f"column {number}": [
                kinds[number % 4].format(row % 28 + 1) for row in range(5_000)
            ]
            for number in range(300)
        }
    )

    start = time.perf_counter()
    columns = infer_columns(frame)
    seconds = time.perf_counter() - start

    assert [column.kind for column in columns[:4]] == [
        Kind.TEXT,
        Kind.INTEGER,
        Kind.DECIMAL,
        Kind.DATE,
    ]
    # About half a second on two idle cores; the rest is for busy ones.
    assert seconds < 5


def test_counts_in_the_evidence_are_grouped() -> None:
    _, evidence = read(*map(str, range(3_000)))

    assert evidence == "3,000 of 3,000 are whole numbers"


def test_few_distinct_texts_are_offered_as_choices_and_stay_text() -> None:
    column = infer("size", *["small", "large"] * 10)

    assert column.kind is Kind.TEXT
    assert column.evidence == (
        "no other kind fits, width up to 5; 2 distinct values in 20 rows: choices?"
    )


@pytest.mark.parametrize("cells", [["a", "b"] * 9, ["a"] * 30, list("abc") * 9])
def test_a_few_rows_or_one_value_are_no_choices(cells: list[str]) -> None:
    assert "choices" not in infer("size", *cells).evidence


def test_one_column_decides_about_day_and_month_in_another() -> None:
    frame = pl.DataFrame(
        {
            "paid": ["01/02/2024", "03/04/2024"],
            "sent": ["13/02/2024", "01/02/2024"],
            "short": ["01/02/24", "03/04/24"],
        }
    )

    paid, sent, short = infer_columns(frame)

    assert (paid.kind, paid.format) == (Kind.DATE, "%d/%m/%Y")
    assert paid.evidence == "2 of 2 read as dates DD/MM/YYYY, as column 2 has it"
    assert (sent.order, short.format) == ("DMY", "%d/%m/%y")


def test_columns_that_contradict_each_other_decide_nothing() -> None:
    frame = pl.DataFrame(
        {
            "paid": ["01/02/2024", "03/04/2024"],
            "sent": ["13/02/2024", "01/02/2024"],
            "seen": ["02/13/2024", "01/02/2024"],
        }
    )

    assert infer_columns(frame)[0].kind is Kind.TEXT


def test_text_kept_from_a_spreadsheet_is_text() -> None:
    column = infer("article", '="00123"', '="5"')

    assert (column.kind, column.wrapped, column.width) == (Kind.TEXT, True, 5)
    assert column.evidence == "2 of 2 are kept as text for a spreadsheet"
    assert infer("article", "'00123", "'5").wrapped
    assert not infer("word", "'tis", "'twas").wrapped


# Cells as files write them, alike in form from row to row.
SHAPES = (
    *(r"[+-]?[0-9]{1,4}([.][0-9]{0,3})?", r"[0-9]{1,3}(,[0-9]{3}){0,2}([.][0-9]{2})?"),
    *(r"-?[$][0-9]{1,3}([.][0-9]{0,2})?", r"[0-9]{1,3}([.][0-9]{3})?,[0-9]{2} ?EUR"),
    *(r"[0-9]{1,3}([.][0-9])? ?%", r"[(]?[0-9]{1,3}[.]?[0-9]?[)]?", r"[0-9.]{1,4}-?"),
    *(r"[0-3]?[0-9][./-][01]?[0-9][./-](20)?[0-9]{2}", r"2024-[01][0-9]-[0-3][0-9]"),
    *(r"[0-3]?[0-9]-(Jan|Feb|may)-[0-9]{2}", r"(Jan|June) [0-3]?[0-9], 20[0-9]{2}"),
    r"2024-0?[1-9]-[0-2]?[0-9][T ][0-2]?[0-9]:[0-5][0-9](:[0-6][0-9](.[0-9]{1,7})?)?",
    r"2024-01-0[1-9][T ][0-2][0-9]:[0-5][0-9]( ?UTC|Z| ?[+-]0[0-9]:?00)?",
    *(r"[0-2]?[0-9]:[0-5][0-9](:[0-6][0-9])?", r"1?[0-9]:[0-5][0-9] ?[ap]m"),
    *(r"[0-9]{1,3}:[0-5][0-9]:[0-6][0-9]", r"P([0-9]D)?(T([0-9]H)?([0-9]M)?)?"),
    *(r"1[67][0-9]{8}", r"20[0-9]{2}[01][0-9][0-3][0-9]", r"[+-]?[0-9]{17,20}"),
    *(r"[0-9]{1,2}[.][0-9]{1,9}([eE]-?[0-9]{1,3})?", r"(yes|no|Y|ja|nein|true|1|0)"),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SHAPES).flatmap(
        lambda shape: st.lists(st.from_regex(shape, fullmatch=True), min_size=1)
    ),
    st.sampled_from(["x", "is_x", "price", "date", "created_at", "epoch", "duration"]),
)
def test_each_value_of_an_inferred_column_is_read(
    cells: list[str], header: str
) -> None:
    column = infer(header, *cells)
    read = [cell.strip() for cell in cells if cell.strip() not in column.null_tokens]
    values = pl.Series("x", read)

    if column.kind is not Kind.TEXT:
        unread = values.filter(~are_readable(column, values))
        assert unread.to_list() == []

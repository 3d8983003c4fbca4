"""Where the fields of a record stand."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importkit.source import Dialect
from importkit.source.delimited.records import (
    _Feed,
    field_spans,
    records,
    records_of,
)
from importkit.source.heads import Record


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,b,c\n", ["a", "b", "c"]),
        (",,\r\n", ["", "", ""]),
        ('"a,b",c', ['"a,b"', "c"]),
        ('"a ""b"" c","d\ne"\n', ['"a ""b"" c"', '"d\ne"']),
        ('a "b" c,"d" e,f', ['a "b" c', '"d" e', "f"]),
        ('a,"open,b\nc', ["a", '"open,b\nc']),
        ("a,b\rc,d\n", ["a", "b", "c", "d"]),
    ],
)
def test_fields_stand_in_a_record_with_their_quotes(
    text: str, fields: list[str]
) -> None:
    spans = field_spans(text, Dialect())

    assert [text[start:end] for start, end in spans] == fields


def test_blanks_before_a_field_are_not_in_it() -> None:
    text = 'a,  "b, c",  d\n'

    spans = field_spans(text, Dialect(skip_blanks=True))

    assert [text[start:end] for start, end in spans] == ["a", '"b, c"', "d"]


def test_without_quotes_a_quote_is_a_character() -> None:
    spans = field_spans('"a|b"\n', Dialect("|", None))

    assert spans == [(0, 2), (3, 5)]


@given(st.lists(st.text('ab,"\n ', max_size=4), min_size=1, max_size=4))
def test_there_is_a_place_for_each_field_that_csv_reads(fields: list[str]) -> None:
    text = ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"

    spans = field_spans(text, Dialect())

    if any(fields) and (len(fields) > 1 or fields[0].strip()):
        [record] = records(text, Dialect())
        assert len(spans) == len(record.fields)
    assert ",".join(text[start:end] for start, end in spans) + "\n" == text


def one_by_one(text: str) -> Iterator[Record]:
    """Read records as slowly as they are defined."""
    lines = list(io.StringIO(text, newline="\n"))
    start = 0
    while start < len(lines):
        taken = lines[start:]
        reader = csv.reader(iter(taken), strict=True)
        fields, error, height = [], "", 1
        try:
            fields = next(reader)
            height = reader.line_num
        except csv.Error as problem:
            error = str(problem)
        first, last = start + 1, start + height
        record = "".join(taken[:height])
        if error or (any(fields) and (len(fields) > 1 or fields[0].strip())):
            yield Record(first, last, fields, record, error)
        start += height


@settings(max_examples=500)
@given(st.text('ab,"\n\r', max_size=40))
def test_reading_goes_on_behind_the_first_line_of_what_cannot_be_read(
    text: str,
) -> None:
    lines = io.StringIO(text, newline="\n")

    found = list(records_of(lines, Dialect()))

    cut = ("unexpected end of line", "unexpected end of data")
    assert [row._replace(error=row.error.replace(*cut)) for row in found] == list(
        one_by_one(text)
    )


@pytest.mark.parametrize("last", [[], ['"a" b\n']])
def test_no_line_is_read_more_than_twice(
    monkeypatch: pytest.MonkeyPatch, last: list[str]
) -> None:
    taken = 0
    take = _Feed.__next__

    def counted(feed: _Feed) -> str:
        nonlocal taken
        taken += 1
        return take(feed)

    monkeypatch.setattr(_Feed, "__next__", counted)
    lines = ['"x\n', *['y","x\n'] * 1000, *last]

    found = list(records_of(lines, Dialect()))

    assert len(found) == len(lines)
    assert taken < 4 * len(lines)


def test_an_open_quote_is_not_followed_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importkit.source.delimited.records.RECORD_CHARACTERS", 10)
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        yield '1,"open\n'
        for number in range(2, 1000):
            read = number
            yield f"{number},x\n"

    found = records_of(lines(), Dialect())

    assert next(found).error == "no end of a quote"
    assert read < 6
    assert [row.line for row in found] == list(range(2, 1000))

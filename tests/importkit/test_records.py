"""Where the fields of a record stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importkit.dialect import Dialect
from importkit.records import field_spans, records


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,b,c\n", ["a", "b", "c"]),
        (",,\r\n", ["", "", ""]),
        ('"a,b",c', ['"a,b"', "c"]),
        ('"a ""b"" c","d\ne"\n', ['"a ""b"" c"', '"d\ne"']),
        ('a "b" c,"d" e,f', ['a "b" c', '"d" e', "f"]),
        ('a,"open,b\nc', ["a", '"open,b\nc']),
    ],
)
def test_fields_stand_in_a_record_with_their_quotes(
    text: str, fields: list[str]
) -> None:
    spans = field_spans(text, Dialect())

    assert [text[start:end] for start, end in spans] == fields


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

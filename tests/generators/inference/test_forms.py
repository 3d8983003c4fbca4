"""Text of a known form has a field of its own, if there is enough of it."""

import pytest

from generators.inference.column import Kind
from tests.generators.columns import infer

UUID = "7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5e"


@pytest.mark.parametrize(
    ("cells", "kind", "evidence"),
    [
        ((UUID, UUID.upper(), f"{{{UUID}}}"), Kind.UUID, "3 of 3 are UUIDs"),
        (
            ("a@example.com", "b.c+d@example.co.uk", "e@example.org"),
            Kind.EMAIL,
            "3 of 3 are e-mail addresses",
        ),
        (
            ("http://example.com", "https://a.example/b?c#d", "ftp://localhost:21/x"),
            Kind.URL,
            "3 of 3 are URLs",
        ),
        (
            ("192.0.2.1", "10.0.0.255", "2001:db8::1"),
            Kind.IP,
            "3 of 3 are IP addresses",
        ),
        (('{"a": 1}', "[1, 2]", "{}"), Kind.JSON, "3 of 3 are JSON objects or lists"),
    ],
)
def test_three_values_of_a_form_make_its_kind(
    cells: tuple[str, ...], kind: Kind, evidence: str
) -> None:
    column = infer("x", *cells)

    assert (column.kind, column.evidence) == (kind, evidence)
    assert infer("x", *cells[:2]).kind is Kind.TEXT
    assert infer("x", *cells, "other").kind is Kind.TEXT


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("version", ("10.0.0.1", "10.0.0.2", "10.0.0.3")),
        ("x", ("10.0.0.1", "10.0.0.2", "10.0.0.256")),
        ("x", ("a:b", "c:d", "1:2")),
        ("x", ("[1, 2]", "['a']", "[]")),
        ("x", ("a@b", "c@d", "e@f")),
        ("x", ("a..b@example.com", "c@example.com", "d@example.com")),
        ("x", ("http://intranet/a", "http://intranet/b", "http://intranet/c")),
        ("x", ("www.example.com", "example.com", "example.org")),
        ("x", (UUID.replace("-", ""),) * 3),
    ],
)
def test_what_only_looks_like_a_form_is_text(
    header: str, cells: tuple[str, ...]
) -> None:
    assert infer(header, *cells).kind is Kind.TEXT

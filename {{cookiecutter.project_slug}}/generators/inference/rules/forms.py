"""Rules for text of a known form: UUIDs, e-mail addresses, URLs, IP addresses, JSON."""

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import polars as pl
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from generators.inference.column import Column, Kind
from generators.naming import snake
from importkit.models import VALID_PATTERNS

# Values: fewer may have a form by chance.
MIN_VALUES = 3
HEX_DIGIT = "[0-9a-fA-F]"
UUID = rf"{HEX_DIGIT}{{8}}-{HEX_DIGIT}{{4}}-{HEX_DIGIT}{{4}}-{HEX_DIGIT}{{4}}-{HEX_DIGIT}{{12}}"
IP_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
# Characters, as EmailField has it.
MAX_EMAIL_LENGTH = 254
PATTERNS = {
    Kind.UUID: rf"^(?:{UUID}|\{{{UUID}\}})$",
    Kind.EMAIL: (
        r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
        r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
        r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z][A-Za-z0-9-]+$"
    ),
    Kind.URL: r"^(?i:https?|ftps?)://[^\s/?#.]+(?:[.:][^\s/?#]+)?(?:[/?#]\S*)?$",
    Kind.IP: rf"^(?:(?:{IP_OCTET}\.){{3}}{IP_OCTET}|[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$",
    Kind.JSON: r"(?s)^(?:\{.*\}|\[.*\])$",
}
NOUNS = {
    Kind.UUID: "UUIDs",
    Kind.EMAIL: "e-mail addresses",
    Kind.URL: "URLs",
    Kind.IP: "IP addresses",
    Kind.JSON: "JSON objects or lists",
}
VALIDATORS: Mapping[Kind, Callable[[str], None]] = {
    Kind.EMAIL: validate_email,
    Kind.URL: URLValidator(),
}
# Last words of headers whose values look like IP addresses: 10.0.0.1 of a program.
VERSION_WORDS = "version release build section chapter oid"


def infer_form(draft: Column, values: pl.Series) -> Column | None:
    """Infer text of a known form. Evidence: every value has the form, at least three."""
    total = len(values)
    if total < MIN_VALUES:
        return None
    head = values.head(MIN_VALUES).to_list()
    for kind, pattern in PATTERNS.items():
        is_like = all(re.search(pattern, text) for text in head)
        if not is_like or not _all_have_form(kind, values):
            continue
        if (
            kind is Kind.IP
            and snake(draft.header).split("_")[-1] in VERSION_WORDS.split()
        ):
            return None
        why = f"{total:,} of {total:,} are {NOUNS[kind]}"
        return replace(draft, kind=kind, evidence=why)
    return None


def _all_have_form(kind: Kind, values: pl.Series) -> bool:
    return bool(values.to_frame().select(has_form(kind, pl.first()).all()).item())


def has_form(kind: Kind, text: pl.Expr) -> pl.Expr:
    """Find the texts that have the form of a kind."""
    fits = text.str.contains(PATTERNS[kind])
    if kind is Kind.EMAIL:
        fits &= text.str.len_chars() <= MAX_EMAIL_LENGTH
    if check := {Kind.IP: _is_address, Kind.JSON: _is_json}.get(kind):
        fits &= _passes(check, pl.when(fits).then(text))
    if validator := VALIDATORS.get(kind):
        # A field asks its validator, which refuses more than the pattern does: a URL
        # with the host name of a local network, for example.
        [sure] = [
            text.str.contains(form) for it, form in VALID_PATTERNS if it == validator
        ]
        doubtful = pl.when(fits & ~sure).then(text)
        fits &= sure | _passes(partial(_accepts, validator), doubtful)
    return fits


def _passes(check: Callable[[str], bool], text: pl.Expr) -> pl.Expr:
    return text.map_elements(check, pl.Boolean).fill_null(value=False)


def _is_address(text: str) -> bool:
    return _accepts(ipaddress.ip_address, text)


def _is_json(text: str) -> bool:
    return _accepts(json.loads, text)


def _accepts(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, RecursionError, ValidationError):
        return False
    return True

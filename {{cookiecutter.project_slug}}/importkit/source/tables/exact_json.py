"""Step 1, import: JSON in which polars would change values is read by Python, more slowly.

polars rounds long numbers, keeps one of two values of a key, and reads half of a character as
NUL.
"""

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from secrets import token_hex
from typing import Any

import polars as pl

from importkit.display_names import shown_name
from importkit.errors import SourceError, visible

EXACT = 2**53  # Up to here each whole number is also a float.
LONGEST_INTEGER = 21  # Characters that a whole number of 64 bits does not have.
# Numbers that may be long, and halves of characters, which are escaped in ASCII; both may
# also stand in texts, where Python reads them as polars does.
MAY_BE_LOST = r"[0-9][0-9.]{15,}|[0-9][eE][-+]?[0-9]|\\u[dD][89a-fA-F]"
STRINGS_AND_BRACES = r""""(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]"""
# A value of which polars loses nothing: a text without halves of characters, a short number.
PLAIN = r'(?:"(?:[^"\\]|\\[^u]|\\u(?:[^dD]|[dD][^89a-fA-F]))*"|-?[0-9.]{1,15}|true|false|null)'
MOST_KEYS = 100  # With more the pattern of an object gets too large to be fast.


def are_plain(lines: bytes) -> bool:
    """Return whether lines are seen at a glance to hold nothing that polars loses.

    One pattern costs a tenth of the search for every key. It matches objects that all have
    the keys of the first one, each once, and plain values; most files are so.
    """
    try:
        text = lines.decode()
    except UnicodeDecodeError:
        return False
    pattern = _pattern(text)
    return bool(pattern) and bool(pl.Series([text]).str.contains(pattern).item())


def may_lose(data: bytes) -> bool:
    """Return whether a text may hold what polars loses; it need not."""
    try:
        text = pl.Series([data.decode()])
    except UnicodeDecodeError:
        return False  # polars says what is wrong with it.
    if text.str.contains(MAY_BE_LOST).item():
        return True
    tokens = text.str.extract_all(STRINGS_AND_BRACES).explode()
    df = pl.select(
        key=pl.when(tokens.str.ends_with(":")).then(tokens.str.strip_chars(": \t\r\n")),
        row=(tokens == "{").cum_sum(),
        closed=(tokens == "}").cum_sum(),
    )
    is_nested = bool((df["row"].cast(pl.Int64) - df["closed"].cast(pl.Int64) > 1).any())
    keys = df.drop_nulls("key").select("row", "key")
    is_escaped = keys["key"].str.contains("\\", literal=True).any()
    return is_nested or is_escaped or keys.n_unique() < keys.height


def _pattern(lines: str) -> str:
    """Return the pattern of lines with the keys of the first object; empty for none."""
    decoder = json.JSONDecoder(object_pairs_hook=list)
    try:
        pairs, _ = decoder.raw_decode(lines, lines.index("{"))
    except (ValueError, RecursionError):
        return ""
    keys = [json.dumps(key, ensure_ascii=False) for key, _ in pairs]
    if not 0 < len(set(keys)) == len(keys) <= MOST_KEYS or "\\" in "".join(keys):
        return ""
    first, *others = (rf"{re.escape(key)}\s*:\s*{PLAIN}\s*" for key in keys)
    rest = "".join(rf"(?:,\s*{other})?" for other in others)
    return rf"^(?:\s*\{{\s*{first}{rest}\}})*\s*$"


def parsed(path: Path, text: str, where: str) -> Any:
    """Read JSON without a loss: a number of which digits would be lost becomes ``_Long``.

    Args:
        path: The file, for messages.
        text: The text.
        where: What the text is, for messages.

    Raises:
        SourceError: An object has a key twice, or a text holds half a character.
        ValueError: The text is not JSON.
    """

    def keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        known = dict(pairs)
        if len(known) < len(pairs):
            [key, *_] = [k for k, n in Counter(k for k, _ in pairs).items() if n > 1]
            what = f'an object has the key "{visible(key)}" twice'
            raise SourceError(_wrong(path, where, what))
        return known

    try:
        found = json.loads(
            text,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_refused,
            object_pairs_hook=keys_once,
        )
        json.dumps(found, default=str, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = (
            "a text has half of a character (\\ud800 to \\udfff without its other half)"
        )
        raise SourceError(_wrong(path, where, what)) from None
    except RecursionError:
        raise SourceError(_wrong(path, where, "it is nested too deeply")) from None
    return found


def _wrong(path: Path, where: str, what: str) -> str:
    place = "" if where == "row" else f"{where}: "
    return f'"{shown_name(path)}" cannot be read: {place}{what}. Correct the file.'


class _Long:
    """A number of which a float or an integer of 64 bits loses digits, as it is written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def _whole(text: str) -> int | _Long:
    number = int(text) if len(text) < LONGEST_INTEGER else 2**63
    return number if -(2**63) <= number < 2**63 else _Long(text)


def _fraction(text: str) -> float | _Long:
    number = float(text)
    try:
        is_exact = Decimal(repr(number)) == Decimal(text)
    except InvalidOperation:
        is_exact = False
    return number if is_exact else _Long(text)


def _refused(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def frame_of(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows as polars reads them, columns with long numbers as text."""
    names = {name for row in rows for name, value in row.items() if _has_long(value)}
    names |= _rounded(rows)
    for row in rows:
        for name in names & row.keys():
            row[name] = _as_written(row[name])
    data = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return pl.read_ndjson(data.encode(), infer_schema_length=None)


def _rounded(rows: list[dict[str, object]]) -> set[str]:
    """Return the columns in which a long integer would become a float, as others are."""
    cells = [(name, value) for row in rows for name, value in row.items()]
    floats = {name for name, value in cells if isinstance(value, float)}
    long = {n for n, value in cells if isinstance(value, int) and abs(value) > EXACT}
    return floats & long


def _has_long(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_long, value.values()))
    if isinstance(value, list):
        return any(map(_has_long, value))
    return isinstance(value, _Long)


def _as_written(value: object) -> str | None:
    """Return a value as text, one of lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return value
    mark = token_hex(8)
    text = json.dumps(value, default=lambda long: f"{mark}{long}", ensure_ascii=False)
    return re.sub(rf'"{mark}([^"]*)"', r"\1", text)

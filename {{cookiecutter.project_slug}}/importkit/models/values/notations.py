"""Step 3, transform: arrays, ranges and maps of PostgreSQL, as texts write them.

PostgreSQL's own notation (``{a,"b c",NULL}``, ``[1,10)``, ``a=>1``) is read, and JSON.
Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO,
https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO
"""

import json
import re

# An item in quotes, a bare one, or a mark.
ARRAY_TOKEN = re.compile(
    r'\s*(?:"((?:[^"\\]|\\.)*)"|([{},])|([^{},"\\]+))\s*', re.DOTALL
)
PART = r'(?:"((?:[^"\\]|\\.)*)"|([^,\[\]()"]*))'
RANGE = re.compile(rf"\s*([\[(])\s*{PART}\s*,\s*{PART}\s*([\])])\s*", re.DOTALL)
WORD = r'(?:"((?:[^"\\]|\\.)*)"|([^\s,="]+))'
PAIR = re.compile(rf"\s*{WORD}\s*=>\s*{WORD}\s*(,|$)", re.DOTALL)


def array_items(text: str) -> list[object]:
    """Read an array as PostgreSQL or JSON writes it; items are texts or lists.

    Raises:
        ValueError: The text is no array.
    """
    if text.lstrip().startswith("["):
        read = json.loads(text, parse_float=str)  # A decimal keeps its digits.
        if not isinstance(read, list):
            raise ValueError("no array")
        return read
    tokens = _tokens(text)
    if not tokens or tokens.pop(0) != ("mark", "{"):
        raise ValueError("no array")
    items = _items(tokens)
    if tokens:
        raise ValueError("more behind the array")
    return items


def _tokens(text: str) -> list[tuple[str, str | None]]:
    tokens: list[tuple[str, str | None]] = []
    place = 0
    while place < len(text):
        found = ARRAY_TOKEN.match(text, place)
        if found is None:
            raise ValueError("no array")
        place = found.end()
        quoted, mark, bare = found.groups()
        if mark:
            tokens.append(("mark", mark))
        elif quoted is not None:
            tokens.append(("item", _unquoted(quoted)))
        else:
            bare = bare.strip()
            tokens.append(("item", None if bare.upper() == "NULL" else bare))
    return tokens


def _items(tokens: list[tuple[str, str | None]]) -> list[object]:
    """Take the items of an array up to its end from the tokens."""
    items: list[object] = []
    if tokens[:1] == [("mark", "}")]:
        tokens.pop(0)
        return items
    while tokens:
        kind, value = tokens.pop(0)
        if kind == "mark" and value != "{":
            raise ValueError("an item is missing")
        items.append(_items(tokens) if kind == "mark" else value)
        if not tokens or tokens[0] not in {("mark", ","), ("mark", "}")}:
            break
        if tokens.pop(0) == ("mark", "}"):
            return items
    raise ValueError("the array has no end")


def range_parts(text: str) -> dict[str, object]:
    """Read a range as PostgreSQL or JSON writes it.

    Returns:
        ``lower``, ``upper`` and ``bounds``, or ``empty``.

    Raises:
        ValueError: The text is no range.
    """
    if text.strip().lower() == "empty":
        return {"empty": True}
    if text.lstrip().startswith("{"):
        read = json.loads(text, parse_float=str)
        if not set(read) <= {"lower", "upper", "bounds", "empty"}:
            raise ValueError("no range")
        return dict(read)
    found = RANGE.fullmatch(text)
    if found is None:
        raise ValueError("no range")
    start, lower, bare_lower, upper, bare_upper, end = found.groups()
    return {
        "lower": _unquoted(lower) if lower is not None else bare_lower.strip() or None,
        "upper": _unquoted(upper) if upper is not None else bare_upper.strip() or None,
        "bounds": start + end,
    }


def map_pairs(text: str) -> dict[str, object]:
    """Read a map of texts as PostgreSQL (hstore) or JSON writes it.

    Raises:
        ValueError: The text is no map.
    """
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    pairs: dict[str, object] = {}
    place = 0
    while place < len(text):
        found = PAIR.match(text, place)
        if found is None:
            raise ValueError("no map")
        place = found.end()
        key, bare_key, value, bare_value, _ = found.groups()
        name = _unquoted(key) if key is not None else bare_key
        if name in pairs:
            raise ValueError("a key twice")
        is_null = value is None and bare_value.upper() == "NULL"
        written = _unquoted(value) if value is not None else bare_value
        pairs[name] = None if is_null else written
    return pairs


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)|\"\"", lambda found: found[1] or '"', text, flags=re.DOTALL)

"""Step 2, clean: text is stripped, words for nothing are null, control characters found."""

import polars as pl

# All but tab, line feed and carriage return, which text of several lines has.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}]"
FIRST_PLAIN, LAST_PLAIN = ord(" "), ord("~")
ROWS = 50_000  # So that the bytes of a column stay near the processor.


def stripped(text: pl.Expr, words: tuple[str, ...] = ()) -> pl.Expr:
    """Return text without space around it; null where nothing or a word for it is left."""
    plain = text.str.strip_chars()
    return pl.when(~plain.is_in(("", *words))).then(plain)


def with_controls(texts: pl.DataFrame) -> list[str]:
    """Return the columns, all of text, in which some value holds a control character."""
    return [
        name for name in _not_plain(texts) if texts[name].str.contains(CONTROL).any()
    ]


def first_control(text: pl.Expr) -> pl.Expr:
    """Return the first control character of text; null where it has none."""
    return text.str.extract(f"({CONTROL})")


def _not_plain(texts: pl.DataFrame) -> list[str]:
    """Return the columns that are not printable ASCII throughout.

    To look at bytes costs a quarter of what it takes to search each value, and is all
    that most columns need.
    """
    found: set[str] = set()
    as_bytes = pl.all().str.join("").cast(pl.Binary).cast(pl.List(pl.UInt8))
    for part in texts.iter_slices(ROWS):
        plain = (
            part.select(as_bytes)
            .select(pl.all().explode().is_between(FIRST_PLAIN, LAST_PLAIN).all())
            .row(0, named=True)
        )
        found |= {name for name, is_plain in plain.items() if not is_plain}
    return [name for name in texts.columns if name in found]

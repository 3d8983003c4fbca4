"""What is said of the columns of a sample, by one of the names that they have."""

from collections.abc import Iterable, Sequence

import polars as pl

from generators.columns import Kind
from generators.names import identifiers, literal, normal
from importkit.errors import did_you_mean, visible


def find_kinds(types: Sequence[str], df: pl.DataFrame) -> dict[str, Kind]:
    """Return per header the kind that the user says: ``name=kind``."""
    headers = _headers_by_name(df)
    kinds = {}
    for text in types:
        name, _, word = text.rpartition("=")
        if word not in {*Kind}:
            raise ValueError(
                f"--type {visible(text)}: say NAME=KIND, with one of {', '.join(Kind)}."
            )
        header = headers.get(name) or headers.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --type"
                f"{nearest(name, df.columns)}"
            )
        kinds[header] = Kind(word)
    return kinds


def _headers_by_name(df: pl.DataFrame) -> dict[str, str]:
    """Return headers by what they may be called: loosely, as fields, as they stand."""
    headers = {normal(header): header for header in df.columns}
    headers |= zip(identifiers(df.columns), df.columns, strict=True)
    return headers | {header: header for header in df.columns}


def find_key(text: str, df: pl.DataFrame) -> tuple[str, ...]:
    """Return the headers of a natural key that is written with commas.

    A header may be called loosely, by the name of its field, or as it stands, best last.
    """
    headers = _headers_by_name(df)
    # A header may hold a comma itself.
    wanted = [text] if text in headers else [part.strip() for part in text.split(",")]
    key = []
    for name in wanted:
        header = headers.get(name) or headers.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --natural-key"
                f"{nearest(name, df.columns)}"
            )
        if header not in key:
            key.append(header)
    _refuse_repeats(key, df)
    return tuple(key)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest, else all."""
    names = [visible(name) for name in known]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{did_you_mean(word, names) or f'; there is {listed}'}."


def _refuse_repeats(key: Sequence[str], df: pl.DataFrame) -> None:
    # By position: to polars, a header such as "^x$" is a pattern.
    cells = [df[header].alias(str(position)) for position, header in enumerate(key)]
    text = pl.col(pl.String)
    whole = pl.DataFrame(cells).with_columns(text.str.strip_chars()).drop_nulls()
    repeats = whole.height - whole.n_unique()
    if repeats:
        names = ", ".join(f'"{visible(header)}"' for header in key)
        raise ValueError(
            f"{names} cannot be the natural key: {repeats:,} of {df.height:,} sample "
            "rows repeat an earlier one."
        )

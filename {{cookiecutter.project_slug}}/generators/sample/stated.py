"""What is said of the columns of a sample, by one of the names that they have."""

from collections.abc import Iterable, Sequence

from generators.inference import Kind
from generators.naming import identifiers, literal, normal
from importkit.errors import did_you_mean, visible


def find_kinds(types: Sequence[str], headers: Sequence[str]) -> dict[str, Kind]:
    """Return per header the kind that the user says: ``name=kind``."""
    known = _headers_by_name(headers)
    kinds = {}
    for text in types:
        name, _, word = text.rpartition("=")
        if word not in {*Kind}:
            raise ValueError(
                f"--type {visible(text)}: say NAME=KIND, with one of {', '.join(Kind)}."
            )
        header = known.get(name) or known.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --type"
                f"{nearest(name, headers)}"
            )
        kinds[header] = Kind(word)
    return kinds


def _headers_by_name(headers: Sequence[str]) -> dict[str, str]:
    """Return headers by what they may be called: loosely, as fields, as they stand."""
    known = {normal(header): header for header in headers}
    known |= zip(identifiers(headers), headers, strict=True)
    return known | {header: header for header in headers}


def find_key(text: str, headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of a natural key that is written with commas.

    A header may be called loosely, by the name of its field, or as it stands, best last.
    """
    known = _headers_by_name(headers)
    # A header may hold a comma itself.
    wanted = [text] if text in known else [part.strip() for part in text.split(",")]
    key = []
    for name in wanted:
        header = known.get(name) or known.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --natural-key"
                f"{nearest(name, headers)}"
            )
        if header not in key:
            key.append(header)
    return tuple(key)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest, else all."""
    names = [visible(name) for name in known]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{did_you_mean(word, names) or f'; there is {listed}'}."


def refuse_repeats(key: Sequence[str], repeats: int, rows: int) -> None:
    """Refuse a natural key that rows of the sample share.

    Raises:
        ValueError: There are such rows.
    """
    if repeats:
        names = ", ".join(f'"{visible(header)}"' for header in key)
        raise ValueError(
            f"{names} cannot be the natural key: {repeats:,} of {rows:,} sample "
            "rows repeat an earlier one."
        )

"""The values of a column that a reader may see: never those of persons, and no secrets."""

from collections.abc import Iterable, Mapping

import polars as pl

from generators.code import ColumnPlan
from generators.inference import Kind
from generators.naming import snake
from importkit.errors import visible
from importkit.problems import MASK
from importkit.source import LINE, as_text


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHOWN = 3  # Values of a column.
LIKELY_ENOUGH = 1_000  # Rows, of which most have three values.
# Words of a header that say that its values are about one person, without accents. Those
# of six letters may also be a part of a longer word.
PERSONAL = _each("""
    address adresse anschrift direccion indirizzo endereco street strasse rue calle
    birth birthday birthdate dob geburt naissance nacimiento nascita
    contact ansprechpartner patient email mail phone telephone telefon mobile handy fax
    forename firstname lastname surname fullname username login maiden
    vorname nachname zuname prenom apellido cognome sobrenome
    iban ssn passport salary gehalt wage gender geschlecht religion
""")
PART = 6
# With one of these words, a column is about a person, and does not name one.
THINGS = _each("id ids count total type typ status category")
# With one of these words beside it, a name is that of a person.
PERSONS = _each("""
    first last given family middle full user customer client kunde employee member
    mitarbeiter passenger guest gast student owner
""")
PERSONAL_KINDS = frozenset({Kind.EMAIL, Kind.IP})
NAME = frozenset({"name", "nom", "nombre", "nome"})


def find_personal(columns: Iterable[ColumnPlan]) -> frozenset[str]:
    """Return the headers of the columns whose values are secrets, or about persons.

    A column that is called just ``Name`` is about persons where another column is.
    """
    known = tuple(columns)
    found = {column.column.header for column in known if _is_personal(column)}
    if found:
        found |= {c.column.header for c in known if _words(c) and _words(c) <= NAME}
    return frozenset(found)


def first_values(
    columns: Iterable[ColumnPlan], rows: pl.DataFrame
) -> Mapping[str, tuple[str, ...]]:
    """Return the first values of each column, by its header, as they stand in the file.

    Args:
        columns: The columns.
        rows: Rows of the sample.

    Returns:
        Up to three different values, safe to print; one mask for those of persons.
    """
    columns = tuple(columns)
    hidden = find_personal(columns)
    texts = as_text(rows.drop(LINE, strict=False))
    return {
        header: (MASK,) if header in hidden else _first(column, texts[header])
        for column in columns
        if (header := column.column.header) in texts.columns
    }


def values_of(column: ColumnPlan, cells: pl.Series) -> pl.Series:
    """Return the cells of a column that hold a value, stripped."""
    nothing = ["", *column.column.null_tokens]
    # Without its name: to polars, a header such as "^x$" is a pattern.
    texts = cells.alias("").str.strip_chars().drop_nulls()
    return texts.filter(~texts.is_in(nothing))


def _first(column: ColumnPlan, cells: pl.Series) -> tuple[str, ...]:
    for part in (cells.head(LIKELY_ENOUGH), cells):
        found = values_of(column, part).unique(maintain_order=True).head(SHOWN)
        if len(found) == SHOWN:
            break
    return tuple(map(visible, found))


def _is_personal(column: ColumnPlan) -> bool:
    if column.is_secret or column.column.kind in PERSONAL_KINDS:
        return True
    words = _words(column)
    if words & THINGS:
        return False
    names_person = bool(words & NAME and words & PERSONS)
    return names_person or any(map(_speaks_of_persons, words))


def _speaks_of_persons(word: str) -> bool:
    is_part = any(part in word for part in PERSONAL if len(part) >= PART)
    return word in PERSONAL or is_part


def _words(column: ColumnPlan) -> set[str]:
    return {*snake(column.column.header).split("_")}

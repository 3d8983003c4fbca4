"""Step 3, transform: texts as the database compares them.

By default MariaDB and MySQL take ``Abc``, ``abc`` and ``abc `` as one value, and so do some
columns of other databases. What is unique, a natural key or the key of a parent is compared
in the form that such texts share.
"""

import json
from collections.abc import Callable, Collection, Iterable
from functools import partial

import polars as pl
from django.db import connections, router
from django.db.models import Model

from importkit.models.fields import (
    TEXTS,
    AnyField,
    column_of,
    field_of,
    overridden_method,
    value_field,
)

CHUNK = 10_000  # Texts in one query.
# The same for texts that a collation takes as the same; it knows of no spaces at the end.
WEIGHTS = (
    "SELECT HEX(WEIGHT_STRING({text} COLLATE {collation})) FROM JSON_TABLE(%s, '$[*]' "
    "COLUMNS(place FOR ORDINALITY, known LONGTEXT PATH '$')) texts ORDER BY place"
)
NO_PADDING = (
    "_nopad_",
    "_0900_",
)  # In the names of collations that tell "a" from "a ".

type Form = Callable[[pl.Series], pl.Series]


class Comparison:
    """Turns columns of a table into forms that are equal where the database says so."""

    def __init__(self, model: type[Model], attnames: Iterable[str]) -> None:
        """Look up how the database compares the texts of some fields.

        Args:
            model: The model.
            attnames: Its fields; those that are no texts are compared as they are.
        """
        texts = [
            name
            for name in attnames
            if value_field(field_of(model, name)).get_internal_type() in TEXTS
        ]
        forms = _forms(model, texts) if texts else {}
        prepared = {name: form for name in texts if (form := _prepared(model, name))}
        self._forms = {
            name: _chained(prepared.get(name), forms.get(name))
            for name in texts
            if name in forms or name in prepared
        }

    def __bool__(self) -> bool:
        """Return whether texts that differ may be the same to the database."""
        return bool(self._forms)

    def of(self, df: pl.DataFrame) -> pl.DataFrame:
        """Return a frame with the forms in the place of the texts; this may query."""
        known = [name for name in self._forms if name in df.columns]
        return df.with_columns(
            self._forms[name](df[name].cast(pl.String)) for name in known
        )

    def of_rows(
        self, names: Collection[str], rows: list[tuple[object, ...]]
    ) -> list[tuple[object, ...]]:
        """Return tuples of values with the forms in the place of the texts."""
        if not self or not rows:
            return rows
        columns: list[Iterable[object]] = list(zip(*rows, strict=True))
        for place, name in enumerate(names):
            if name in self._forms:
                columns[place] = self._of_values(name, columns[place])
        return list(zip(*columns, strict=True))

    def _of_values(self, name: str, values: Iterable[object]) -> list[object]:
        """Return the forms of texts; the key of a row to come is no text."""
        texts = [value if isinstance(value, str) else None for value in values]
        forms = self._forms[name](pl.Series(name, texts, pl.String))
        pairs = zip(values, forms, strict=True)
        return [value if form is None else form for value, form in pairs]


def _prepared(model: type[Model], attname: str) -> Form | None:
    """Return the form in which a field of a project stores texts; None if unchanged."""
    field = value_field(field_of(model, attname))
    if not overridden_method(field):
        return None
    return partial(_stored_texts, field)


def _stored_texts(field: AnyField, texts: pl.Series) -> pl.Series:
    """Return texts as a field stores them; each distinct text is prepared once."""
    distinct = texts.drop_nulls().unique()
    forms = pl.Series(
        [str(field.get_prep_value(text)) for text in distinct], dtype=pl.String
    )
    return texts.replace_strict(distinct, forms, default=None, return_dtype=pl.String)


def _chained(*forms: Form | None) -> Form:
    """Return a form that is made by several, one after the other."""

    def form(texts: pl.Series) -> pl.Series:
        for each in filter(None, forms):
            texts = each(texts).alias(texts.name)
        return texts

    return form


def _forms(model: type[Model], names: Collection[str]) -> dict[str, Form]:
    using = router.db_for_write(model)
    vendor = connections[using].vendor
    columns = {name: column_of(field_of(model, name)) for name in names}
    if vendor == "mysql":
        found = _collations(using, model._meta.db_table)
        return {
            name: partial(_weights, using, found[column])
            for name, column in columns.items()
            if column in found
        }
    if vendor == "postgresql":
        types = _column_types(using, model._meta.db_table)
        kinds = {name: types.get(column, "") for name, column in columns.items()}
        return {n: POSTGRESQL[kind] for n, kind in kinds.items() if kind in POSTGRESQL}
    stated = {
        name: getattr(field_of(model, name), "db_collation", None) for name in names
    }
    if vendor == "sqlite":
        known = {str(collation).upper(): form for collation, form in SQLITE.items()}
        collations = {name: str(stated[name]).upper() for name in names}
        return {
            n: known[collation]
            for n, collation in collations.items()
            if collation in known
        }
    return {}


def _without_case(texts: pl.Series) -> pl.Series:
    """Return texts as NOCASE compares them: only the letters of ASCII have a case."""
    capitals = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    small = [letter.lower() for letter in capitals]
    expression = pl.col(texts.name).str.replace_many(capitals, small)
    return texts.to_frame().select(expression).to_series()


SQLITE: dict[str, Form] = {
    "NOCASE": _without_case,
    "RTRIM": lambda texts: texts.str.strip_chars_end(" "),
}

POSTGRESQL: dict[str, Form] = {
    "bpchar": SQLITE["RTRIM"],  # char(n), which is filled up with spaces.
    "citext": lambda texts: texts.str.to_lowercase(),
}


def text_collations(model: type[Model], using: str) -> dict[str, tuple[str, str]]:
    """Return the character set and the collation of each column of texts.

    Databases other than MariaDB and MySQL compare texts of a query as those of a table.
    """
    if connections[using].vendor != "mysql":
        return {}
    return _collations(using, model._meta.db_table)


def _column_types(using: str, table: str) -> dict[str, str]:
    """Return the types of the columns of a table, as PostgreSQL calls them inside."""
    connection = connections[using]
    query = (
        "SELECT attname, typname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid "
        "WHERE attrelid = to_regclass(%s) AND attnum > 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [connection.ops.quote_name(table)])
        return dict(cursor.fetchall())


def _collations(using: str, table: str) -> dict[str, tuple[str, str]]:
    """Return the character set and the collation of each column of texts."""
    query = (
        "SELECT column_name, character_set_name, collation_name "
        "FROM information_schema.columns WHERE table_schema = DATABASE() "
        "AND table_name = %s AND collation_name IS NOT NULL"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(query, [table])
        return {column: (kind, name) for column, kind, name in cursor.fetchall()}


def _weights(using: str, known: tuple[str, str], texts: pl.Series) -> pl.Series:
    """Ask the database for the forms of texts, each distinct text once."""
    kind, collation = known
    distinct = texts.drop_nulls().unique()
    padded = not any(mark in collation for mark in NO_PADDING)
    text = f"CONVERT(known USING {kind})"
    query = WEIGHTS.format(
        text=f"RTRIM({text})" if padded else text, collation=collation
    )
    found: list[str] = []
    with connections[using].cursor() as cursor:
        for part in distinct.to_frame().iter_slices(CHUNK):
            cursor.execute(query, [json.dumps(part.to_series().to_list())])
            found += [form for (form,) in cursor.fetchall()]
    forms = pl.Series(found, dtype=pl.String)
    return texts.replace_strict(distinct, forms, default=None, return_dtype=pl.String)

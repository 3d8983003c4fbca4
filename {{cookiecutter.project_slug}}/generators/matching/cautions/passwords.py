"""Passwords of users: raw text never goes into the field of their hashes."""

from collections.abc import Sequence

import polars as pl

from generators.code import AnyField
from generators.matching.filling import Pair
from importkit.errors import visible
from importkit.models import are_hashed, is_password


def refuse_raw_passwords(pairs: Sequence[Pair], cells: pl.DataFrame) -> None:
    """Refuse a column of raw text that would fill the field of a user's password.

    Args:
        pairs: The columns and the fields that they fill.
        cells: The sample's rows.

    Raises:
        ValueError: Names the column, and shows the code that hashes.
    """
    for pair in pairs:
        if is_password(pair.field) and not _are_hashes(cells[pair.column.header]):
            raise ValueError(_refusal(pair.column.header, pair.field))


def _are_hashes(cells: pl.Series) -> bool:
    texts = cells.cast(pl.String).str.strip_chars()
    return are_hashed(texts.filter(texts != "")).all()


def _refusal(header: str, field: AnyField) -> str:
    model = field.model
    name = getattr(model, "USERNAME_FIELD", model._meta.pk.name)
    own = model.__name__
    return (
        f'"{visible(header)}" is not imported into "{field.name}" of '
        f"{model._meta.label}: the field holds hashes, so that with raw text nobody "
        "could log in and everybody who reads the table would know the passwords. "
        "Nothing was written. Either put hashes that Django knows into the column; or "
        "write the import by hand with this method, which hashes the passwords of new "
        "users and leaves those of known users as they are:\n"
        "\n"
        "    # from django.contrib.auth.hashers import make_password\n"
        "    def get_bulks_by_model(self, df):\n"
        f'        known = list({own}._base_manager.values_list("{name}", flat=True))\n'
        f'        new = df.filter(~pl.col("{name}").is_in(known))\n'
        f'        raw = pl.col("{field.name}")\n'
        "        hashed = raw.map_elements(make_password, return_dtype=pl.String)\n"
        f"        return {{{own}: new.with_columns(hashed)}}"
    )

"""Hide the values of personal columns on screen, in reports and in logs."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from importkit.errors import ImportKitError
from importkit.problems.codes import Code
from importkit.secret_names import names_secret

MASK = "***"


@dataclass(frozen=True)
class Masking:
    """Which columns of a cleaning class are personal.

    Attributes:
        columns: All columns of the clean frame.
        personal: The columns whose values must not be shown; without any, all values
            may be shown, except those of fields that are named as secrets.
    """

    columns: Collection[str] = ()
    personal: Collection[str] = ()

    def hides(self, name: str) -> bool:
        """Return whether values under a name are hidden.

        Values under an unknown name are hidden, too, if any column is personal: it may be
        the field that a personal column was renamed to. A field that no column is named
        after is hidden if its name is that of a secret.

        Args:
            name: A column, several columns joined by ``, ``, or a foreign key whose
                parent is found by columns such as ``store__name``.
        """
        names = [name] if name in self.columns else name.split(", ")
        return any(self._hides(one) for one in names)

    def hide_in(self, error: ImportKitError) -> None:
        """Hide the values that the message of an error shows of hidden columns."""
        if error.shown and any(map(self.hides, error.names)):
            error.hide(repr(MASK))

    def masked(self, problems: pl.DataFrame) -> pl.DataFrame:
        """Return problems without the values of hidden columns."""
        hidden = [name for name in problems["column"].unique() if self.hides(name)]
        is_hidden = pl.col("column").is_in(hidden)
        # The text of a validator may hold the value, that of a database the whole row.
        repeats = pl.col("reason").str.contains(pl.col("value"), literal=True)
        # It may hold the item of an array, which is a part of the value.
        repeats |= pl.col("reason").str.starts_with("item ")
        tells = (is_hidden & (pl.col("code") == Code.INVALID) & repeats) | (
            pl.lit(bool(self.personal)) & (pl.col("code") == Code.REFUSED)
        )
        return problems.with_columns(
            value=pl.when(is_hidden & pl.col("value").is_not_null())
            .then(pl.lit(MASK))
            .otherwise("value"),
            reason=pl.when(tells).then(pl.lit("refused")).otherwise("reason"),
        )

    def _hides(self, name: str) -> bool:
        field = name.removesuffix("_id")
        sources = [
            column
            for column in self.columns
            if column in {name, field} or column.startswith(f"{field}__")
        ]
        if not sources:
            return bool(self.personal) or names_secret(name)
        return any(column in self.personal for column in sources)

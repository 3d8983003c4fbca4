"""What personal columns hold is shown to nobody: not on screen, in reports or logs."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from importkit.problems import Code

MASK = "***"


@dataclass(frozen=True)
class Masking:
    """Which columns must not be shown, of those that a cleaning class knows.

    Attributes:
        columns: All columns of the clean frame.
        personal: Those whose values are personal; without any, all may be shown.
    """

    columns: Collection[str] = ()
    personal: Collection[str] = ()

    def hides(self, name: str) -> bool:
        """Say whether the values under a name are hidden.

        So are those under a name that the rules do not know, for example of a field
        that a personal column was renamed to.

        Args:
            name: A column, several with ``, `` between them, or a field that is
                looked up by columns such as ``store__name``.
        """
        if not self.personal:
            return False
        names = [name] if name in self.columns else name.split(", ")
        return any(self._hides(one) for one in names)

    def masked(self, problems: pl.DataFrame) -> pl.DataFrame:
        """Return problems without the values of hidden columns."""
        if not self.personal:
            return problems
        hidden = [name for name in problems["column"].unique() if self.hides(name)]
        is_hidden = pl.col("column").is_in(hidden)
        # A validator may repeat the value that it refuses, a database the whole row.
        repeats = pl.col("reason").str.contains(pl.col("value"), literal=True)
        tells = (is_hidden & (pl.col("code") == Code.INVALID) & repeats) | (
            pl.col("code") == Code.REFUSED
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
        return not sources or any(column in self.personal for column in sources)

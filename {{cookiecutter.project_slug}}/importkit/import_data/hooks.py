"""What the command of a project says about its import: where rows come from, and go to."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Model, Q

from importkit.cleaning import CleaningDF, match_columns
from importkit.commands import ABCBaseCommand
from importkit.import_data.expectations import Expectation
from importkit.loading import Bulk, OnEmpty
from importkit.source import Frame


class ImportHooks(ABCBaseCommand):
    """What a subclass of ``ImportDataBaseCommand`` implements, or may override.

    Attributes:
        keeps_undo: How many of the last runs of this command can be undone; each of them
            notes the rows that it writes, which costs time and space.
    """

    keeps_undo: ClassVar[int] = 0

    @abstractmethod
    def handle_import(self) -> Frame:
        """Return the raw source, for example ``scan_csv(self.get_option("file"))``.

        A lazy frame is read, cleaned and written batch by batch.
        """

    @abstractmethod
    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        """Return the class that cleans the source."""

    def has_columns(self, headers: Sequence[str]) -> bool:
        """Return whether headers are those of all columns of the cleaning class."""
        rules = self.get_cleaning_df_cls()
        return not match_columns(
            rules.get_rename_map(), rules.dtypes(), headers
        ).missing

    @abstractmethod
    def get_bulks_by_model(self, df: Any) -> Mapping[type[Model], Bulk]:
        """Return the rows to write of each model, in any order of the models.

        Args:
            df: The clean frame. If the source is lazy, this frame is lazy too and has
                a column ``_line`` with the line of each row in the file.

        Returns:
            Per model its instances, or a frame whose columns are fields of the model.
            The column of a foreign key ``store`` is ``store_id`` with the primary key,
            or ``store`` with the natural key of the parent. A natural key of several
            fields has one column for each: ``store__code`` and ``store__country``.
        """

    def get_natural_keys(self) -> Mapping[type[Model], tuple[str, ...]]:
        """Return per model the fields by which a stored row is found again."""
        return {}

    def get_on_empty(self) -> Mapping[type[Model], Mapping[str, OnEmpty]]:
        """Return per model and field what an empty cell of a frame does.

        ``OnEmpty.CLEAR``, for all fields that are not named, empties the field of a stored
        row too. ``OnEmpty.KEEP`` keeps the stored value, and ``OnEmpty.DEFAULT`` writes the
        default of the field.
        """
        return {}

    def get_scope(self) -> Mapping[type[Model], Q]:
        """Return per model the rows that the source speaks for; by default all rows.

        The import sees no other row: only these are found by their natural key, changed,
        missing in the source or parents of other rows.
        """
        return {}

    def get_models_with_signals(self) -> Collection[type[Model]]:
        """Return the models whose rows are saved one by one, with their signals."""
        return ()

    def get_expectations(self) -> Sequence[Expectation]:
        """Return what a delivery should show as a whole, such as ``[Rows(at_least=1)]``.

        Nothing is written of a delivery that does not.
        """
        return ()

"""An import whose source, rules and bulks a test gives."""

import io
from argparse import ArgumentParser
from collections.abc import Callable, Collection, Mapping
from typing import Any

import polars as pl
from django.core.management import call_command
from django.db.models import Model, Q

from importkit.cleaning import CleaningDF, DType
from importkit.import_data import ImportDataBaseCommand
from importkit.loading import Bulk
from importkit.source.frames import Frame

type Bulks = Mapping[type[Model], Bulk]
type Keys = Mapping[type[Model], tuple[str, ...]]

NOTHING = pl.DataFrame({"nothing": [1]})


class AnythingCleaningDF(CleaningDF):
    """Rules for tests in which the source does not matter."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        """Keep the one column."""
        return {"nothing": pl.Int64}


class Import(ImportDataBaseCommand):
    """Import the bulks of a test."""

    def __init__(  # noqa: PLR0913  what each step of a test returns
        self,
        bulks: Bulks | Callable[[Any], Bulks],
        keys: Keys | None = None,
        *,
        signals: Collection[type[Model]] = (),
        scope: Mapping[type[Model], Q] | None = None,
        source: Frame = NOTHING,
        rules: type[CleaningDF] = AnythingCleaningDF,
    ) -> None:
        """Take what the steps return."""
        super().__init__()
        self._bulks = bulks
        self._keys = keys or {}
        self._signals = signals
        self._scope = scope or {}
        self._source = source
        self._rules_of_source = rules

    def add_command_arguments(self, parser: ArgumentParser) -> None:
        """Add nothing."""

    def handle_import(self) -> Frame:
        """Return the source."""
        return self._source

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        """Return the rules."""
        return self._rules_of_source

    def get_bulks_by_model(self, df: Any) -> Bulks:
        """Return the bulks."""
        return self._bulks(df) if callable(self._bulks) else self._bulks

    def get_natural_keys(self) -> Keys:
        """Return the keys."""
        return self._keys

    def get_scope(self) -> Mapping[type[Model], Q]:
        """Return the scope."""
        return self._scope

    def get_models_with_signals(self) -> Collection[type[Model]]:
        """Return the models."""
        return self._signals


def run(command: ImportDataBaseCommand, *flags: str) -> str:
    """Run a command with flags as a shell gives them, and return what it prints."""
    out = io.StringIO()
    call_command(command, *flags, stdout=out, no_color=True)
    return out.getvalue()

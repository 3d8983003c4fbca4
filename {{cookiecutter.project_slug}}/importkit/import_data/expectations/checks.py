"""Expectations: those that cannot work are refused before anything is read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.core.management import CommandError
from django.db.models import Model

from importkit.cleaning import Masking, Measure
from importkit.commands import USAGE
from importkit.errors import ConfigurationError, did_you_mean
from importkit.import_data.expectations.kinds import Expectation
from importkit.import_data.options import BATCH

SHOWS_VALUES = (Measure.SUM, Measure.NEWEST)


def checked(stated: Any) -> Sequence[Expectation]:
    """Return what ``get_expectations`` has returned.

    Raises:
        ConfigurationError: It is not expectations, or two have one name.
    """
    found = list(stated) if isinstance(stated, Iterable) else [stated]
    if wrong := [each for each in found if not isinstance(each, Expectation)]:
        raise ConfigurationError(
            f"get_expectations returned {wrong[0]!r}, which is no expectation. Return a "
            "list of them, such as [Rows(at_least=1)]."
        )
    names = [each.name for each in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigurationError(
            f"get_expectations has {', '.join(twice)} twice. State all limits in one: "
            'Rows(at_least=1, change="20%").'
        )
    return found


def check_options(
    stated: Sequence[Expectation], accepted: Iterable[str], *, by_batch: bool
) -> None:
    """Refuse options that do not go together with the expectations.

    Args:
        stated: The expectations.
        accepted: The names that ``--accept`` gives.
        by_batch: Whether each batch is committed by itself.

    Raises:
        CommandError: An option does not (exit code 2).
    """
    if stated and by_batch:
        raise CommandError(
            f"--commit {BATCH}: batches would be written before all rows are known, and "
            f"get_expectations has {', '.join(each.name for each in stated)}.",
            returncode=USAGE,
        )
    names = [each.name for each in stated]
    for name in accepted:
        if name not in names:
            known = f"they are {', '.join(names)}" if names else "there are none"
            raise CommandError(
                f'--accept: get_expectations has none with the name "{name}"'
                f"{did_you_mean(name, names)}; {known}.",
                returncode=USAGE,
            )


def check_columns(
    stated: Sequence[Expectation], dtypes: Mapping[str, pl.DataType], masking: Masking
) -> None:
    """Refuse expectations of columns that do not have what is expected.

    Args:
        stated: The expectations.
        dtypes: The columns of the cleaning class with their types.
        masking: The columns of which no value may be shown.

    Raises:
        ConfigurationError: A column does not exist, or its type has no such number.
    """
    for each in stated:
        for measure, column in each.asked:
            what = f'get_expectations: {type(each).__name__}("{column}")'
            if column not in dtypes:
                raise ConfigurationError(
                    f"{what}: get_col_dtype_map has no such column"
                    f"{did_you_mean(column, dtypes)}."
                )
            if not measure.fits(dtypes[column]):
                raise ConfigurationError(
                    f"{what}: the column is {dtypes[column]}, {FITTING[measure]}."
                )
            if measure in SHOWS_VALUES and masking.hides(column):
                raise ConfigurationError(
                    f"{what}: the column is personal, and this may show a value of it."
                )


def check_models(
    stated: Sequence[Expectation], models: Collection[type[Model]]
) -> None:
    """Refuse expectations of models that a run does not write.

    Raises:
        ConfigurationError: There is one.
    """
    for each in stated:
        if each.of_model and each.of_model not in models:
            label = each.of_model._meta.label
            raise ConfigurationError(
                f"get_expectations: {type(each).__name__}(model={label}), and "
                "get_bulks_by_model returns no rows of this model."
            )


FITTING = {
    Measure.NULLS: "",
    Measure.DISTINCT: "whose values are not counted",
    Measure.SUM: "not a number",
    Measure.NEWEST: "neither a date nor a date with a time",
}

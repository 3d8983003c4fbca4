"""What the tests of the import command share."""

from pathlib import Path

import pytest

from tests.importkit.import_data.goods import GOODS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of goods of which five rows have a problem."""
    path = tmp_path / "goods.csv"
    path.write_text(GOODS)
    return path

"""What holds for every test of the template."""

from pathlib import Path

import pytest
from hypothesis import settings

# The suite shares its machine with itself: slow is not wrong.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Start no workers for single files: that takes longer than most of these do."""
    paths = [Path(str(argument).partition("::")[0]) for argument in config.args]
    return 0 if all(path.is_file() for path in paths) else None

"""Undoing is tried on each database that can note what a run does."""

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks a database on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("django_db") is None:
        return
    metafunc.parametrize(
        "database",
        [
            pytest.param(name, marks=getattr(pytest.mark, name))
            for name in ("sqlite", "postgresql")
        ],
        indirect=True,
        scope="session",
    )

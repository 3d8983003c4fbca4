"""An import into two databases says what stands where, when one of them fails."""

from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connections

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Label, Store

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "other"]),
    pytest.mark.only_on("sqlite", "postgresql"),
]


@pytest.mark.parametrize(("fails", "stands"), [("other", "default"), ("default", "")])
def test_a_commit_that_fails_names_what_the_other_database_has_committed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, fails: str, stands: str
) -> None:
    settings.DATABASE_ROUTERS = ["tests.importkit.shop.routers.StoresElsewhere"]

    def commit() -> None:
        raise OperationalError("the disk is full")

    monkeypatch.setattr(connections[fails], "_commit", commit)
    bulks: Any = {
        Label: pl.DataFrame({"name": ["x"]}),
        Store: [Store(name="y")],
    }
    with pytest.raises(CommandError) as error:
        run(Import(bulks))
    monkeypatch.undo()

    text = str(error.value)
    assert "the disk is full" in text
    assert (error.value.returncode == 3) == bool(stands)
    if stands:
        assert f'the database "{stands}" has committed its rows' in text
        assert f'then "{fails}" failed, and nothing was written there' in text
    else:
        assert text.endswith("Nothing was written.")
    assert Label.objects.exists() == bool(stands)
    assert not Store.objects.using("other").exists()

"""A file that changes during its import: nothing is written, and the reason is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.import_data.run import Run
from tests.importkit.import_data.goods import goods, skus
from tests.importkit.shop.imports import run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--on-error", "skip")])
@pytest.mark.parametrize("rows", ["8,8,\n", "8,bad,\n"])
def test_rows_that_are_added_during_an_import_stop_it(
    file: Path, flags: tuple[str, ...], rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_skipped: Callable[[Run, pl.DataFrame], None] = Run.add_skipped

    def while_rejects_are_written(own: Run, found: pl.DataFrame) -> Any:
        with file.open("a") as upload:
            upload.write(rows)
        add_skipped(own, found)

    file.write_text("sku,price,store\n1,1,\n")
    monkeypatch.setattr(Run, "add_skipped", while_rejects_are_written)

    with pytest.raises(CommandError) as error:
        run(goods(file), *flags)

    assert str(error.value) == (
        '"goods.csv" has changed while it was read: it had 21 bytes, and has '
        f"{21 + len(rows)} now. Wait until the file is complete, and run the command "
        "again.\nNothing was written."
    )
    assert error.value.returncode == 2
    assert skus() == []
    assert [path.name for path in file.parent.iterdir()] == ["goods.csv"]

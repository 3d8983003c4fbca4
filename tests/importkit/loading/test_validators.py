"""Validators of a project run where Django runs them: on the connection of the import."""

import threading
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import connection, models

from importkit.models.checks.field_checks import runs_code_of_project
from importkit.models.checks.frame_checks import fit
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Everything, Product

pytestmark = pytest.mark.django_db


def test_a_validator_sees_the_rows_that_the_run_has_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[bool, bool, int]] = []

    def first_of_its_batch(value: Any) -> None:
        here = threading.current_thread() is threading.main_thread()
        rows = Product.objects.count()
        seen.append((here, connection.in_atomic_block, rows))
        if value == "taken" and Product.objects.filter(sku="b").exists():
            raise ValidationError("b is there")

    monkeypatch.setattr(
        Product._meta.get_field("sku"), "validators", [first_of_its_batch]
    )
    df = pl.DataFrame({"sku": ["a", "b", "c", "taken"]})

    with pytest.raises(CommandError, match="b is there"):
        run(Import({Product: df}, {Product: ("sku",)}), "--batch_size", "1")

    assert seen == [(True, True, rows) for rows in range(4)]
    assert not Product.objects.exists()


def test_only_code_of_a_project_keeps_batches_from_being_checked_beside_writing() -> (
    None
):
    fields = {field.name: field for field in Everything._meta.concrete_fields}

    assert not any(map(runs_code_of_project, fields.values()))
    for validators, wanted in (
        ([RegexValidator("a")], False),
        ([MaxValueValidator(5)], False),
        ([MaxValueValidator(lambda: 5)], True),
        ([lambda _value: None], True),
    ):
        field = models.CharField(validators=validators)
        assert runs_code_of_project(field) is wanted
    assert runs_code_of_project(models.CharField(choices=lambda: [("a", "a")]))


OUTSIDE = ("invalid", "names a file outside of the storage")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        *((name, None) for name in ("a.pdf", "2024/a.pdf", "a..pdf", "", "a" * 100)),
        *((name, OUTSIDE) for name in ("../../etc/passwd", "/etc/passwd", "a/../b")),
        *((name, OUTSIDE) for name in ("..", "..\\b", "C:\\b", "\\\\host\\b")),
        ("a" * 101, ("length", "longer than 100 characters")),
    ],
)
def test_a_name_of_a_file_that_no_storage_makes_is_a_problem_of_its_row(
    name: str, problem: tuple[str, str] | None
) -> None:
    class Paper(models.Model):  # noqa: DJ008  is never shown
        file = models.FileField(blank=True)

        class Meta:
            app_label = "papers"

    try:
        _, found = fit(Paper, pl.DataFrame({"file": [name], "_line": [2]}))
    finally:
        from django.apps import apps  # noqa: PLC0415

        del apps.all_models["papers"]
        apps.clear_cache()

    assert found.select("line", "code", "reason").rows() == (
        [(2, *problem)] if problem else []
    )

"""``startimport``: the options that name things and state what columns are."""

from pathlib import Path

from tests.generators.startimport.runs import Start


def test_the_app_is_the_one_that_is_asked_for(start: Start, project: Path) -> None:
    start("gadgets", "--app", "stock_room")

    command = project / "stock_room/management/commands/import_gadgets.py"
    assert "from stock_room.models import Gadget\n" in command.read_text("utf-8")
    assert not (project / "gadgets").exists()


def test_the_model_is_called_as_it_is_asked_for(start: Start, project: Path) -> None:
    start("gadgets", "--model-name", "Gizmo")

    assert "class Gizmo(models.Model):" in (project / "gadgets/models.py").read_text()


def test_a_natural_key_takes_the_place_of_the_guess(
    start: Start, project: Path
) -> None:
    start("gadgets", "--natural-key", "Price")

    cleaning = (project / "gadgets/cleaning/gadgets.py").read_text(encoding="utf-8")
    assert 'return (("price",),)' in cleaning
    assert "never repeats" not in cleaning


def test_a_natural_key_may_be_called_by_its_field_and_counts_once(
    start: Start, sample: Path, project: Path
) -> None:
    sample.write_text("class,price\nA,1\nB,2\n", encoding="utf-8")

    start("gadgets", "--natural-key", "class_value, class")

    cleaning = (project / "gadgets/cleaning/gadgets.py").read_text(encoding="utf-8")
    assert 'return (("class_value",),)' in cleaning


def test_rows_without_a_natural_key_repeat_nothing(start: Start, sample: Path) -> None:
    sample.write_text("sku,price\nA,1\n,2\n,3\n", encoding="utf-8")

    assert "CharField(10), unique" in start("gadgets", "--natural-key", "sku")


def test_a_natural_key_may_have_several_columns(start: Start, project: Path) -> None:
    start("gadgets", "--natural-key", "sku, price")

    models = (project / "gadgets/models.py").read_text(encoding="utf-8")
    assert 'fields=("sku", "price")' in models


def test_kinds_that_the_user_says_are_taken(start: Start) -> None:
    output = start(
        "gadgets", "--type", "Price=float", "--type", "sku=text", "--dry_run"
    )

    assert "FloatField" in output
    assert "2 of 2 are float, as --type says" in output

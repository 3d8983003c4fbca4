"""``startimport`` in a project that has an import, or that a person has changed."""

from pathlib import Path

from tests.generators.startimport.runs import SAMPLE, again, contents
from tests.processes import run, succeed


def test_a_file_that_differs_is_a_conflict_and_nothing_at_all_is_written(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/admin.py").write_text("# mine\n", encoding="utf-8")
    (made / "gadgets/cleaning/__init__.py").unlink()
    before = contents(made)

    code, output = again(made, sample)

    assert code == 1
    assert "   conflict  gadgets/models.py\n" in output
    assert "       skip  gadgets/admin.py\n" in output
    assert (
        "nothing was written. Use --model gadgets.Gadget to import into the model as it "
        "is, --diff to see the differences, --force to replace the files, or another name "
        "for the import."
    ) in output
    assert contents(made) == before


def test_a_class_that_is_no_model_is_not_offered_as_one(
    made: Path, sample: Path
) -> None:
    models = made / "gadgets/models.py"
    text = models.read_text(encoding="utf-8")
    part = "\n\nclass Part:\n    pass\n"
    models.write_text(f"{text}{part}", encoding="utf-8")

    result = run(
        ["python", "manage.py", "startimport", "parts", sample, "--app", "gadgets"],
        made,
    )

    assert result.returncode == 1
    assert (
        "nothing was written. Use --diff to see the differences, --force"
        in result.stdout
    )


def test_a_class_for_a_package_of_models_is_printed(made: Path, sample: Path) -> None:
    (made / "gadgets/models").mkdir()
    (made / "gadgets/models.py").rename(made / "gadgets/models/__init__.py")
    before = contents(made)
    command: list[str | Path] = [
        "python",
        "manage.py",
        "startimport",
        "parts",
        sample,
        "--app",
        "gadgets",
    ]

    result = run(command, made)

    assert result.returncode == 1
    assert "gadgets/models/ is a package, so nothing was written." in result.stdout
    assert "class Part(models.Model):" in result.stdout
    assert contents(made) == before


def test_force_replaces_what_belongs_to_the_import_and_nothing_else(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/admin.py").write_text("# mine\n", encoding="utf-8")
    migration = (made / "gadgets/migrations/0001_initial.py").read_bytes()

    code, output = again(made, sample, "--force")

    assert code == 0
    assert "price = models.DecimalField(" in (made / "gadgets/models.py").read_text()
    assert "null=True" in (made / "gadgets/models.py").read_text()
    assert (made / "gadgets/admin.py").read_text() == "# mine\n"
    assert (made / "gadgets/migrations/0001_initial.py").read_bytes() == migration
    assert "uv run manage.py makemigrations gadgets\n" in output


def test_a_check_holds_a_new_file_against_the_code_as_its_owner_has_it(
    made: Path, sample: Path
) -> None:
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    command += [sample, "--check"]
    # A sample of another day has more rows, which is no other kind of file.
    sample.write_text(f"{SAMPLE}A-3,7.00\n", encoding="utf-8")
    before = contents(made)

    assert succeed(command, made) == (
        "sample.csv fits import_gadgets: 3 rows, 2 columns.\n"
    )
    code, output = again(made, sample, "--check")
    assert code == 1
    assert output == (
        "CommandError: sample.csv does not fit import_gadgets (2 rows, 2 columns):\n"
        "  empty: Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.\n"
        '    "price": must not be empty, 1 of 2 rows, on line 3\n'
    )
    assert contents(made) == before

    rules, model = made / "gadgets/cleaning/gadgets.py", made / "gadgets/models.py"
    for path, old, new in (
        (rules, '("sku", "price")', '("sku",)'),
        (model, "decimal_places=2", "decimal_places=2, null=True, blank=True"),
    ):
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")

    assert again(made, sample, "--check") == (
        0,
        "sample.csv fits import_gadgets: 2 rows, 2 columns.\n",
    )


def test_a_diff_shows_the_code_that_another_sample_would_give(
    made: Path, sample: Path
) -> None:
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    assert "+++" not in succeed([*command, sample, "--diff"], made)

    code, output = again(made, sample, "--diff")

    assert code == 0
    assert '-        return ("sku", "price")\n' in output


def test_a_module_in_another_encoding_is_left_alone(
    untouched: Path, sample: Path
) -> None:
    settings = untouched / "config/settings.py"
    text = b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + settings.read_bytes()
    settings.write_bytes(text)

    output = succeed(
        ["python", "manage.py", "startimport", "gadgets", sample], untouched
    )

    assert (
        "config/settings.py was not changed, because it is not valid Python in UTF-8"
        in output
    )
    assert settings.read_bytes() == text


def test_a_settings_list_that_cannot_be_edited_is_left_alone(
    untouched: Path, sample: Path
) -> None:
    settings = untouched / "config/settings.py"
    text = (
        settings.read_text(encoding="utf-8") + "\nINSTALLED_APPS = [*INSTALLED_APPS]\n"
    )
    settings.write_text(text, encoding="utf-8")

    output = succeed(
        ["python", "manage.py", "startimport", "gadgets", sample], untouched
    )

    said = " ".join(output.split())
    assert 'Add this line to INSTALLED_APPS: "gadgets",' in said
    assert settings.read_text(encoding="utf-8") == text


def test_a_model_that_cannot_be_added_is_printed_and_nothing_is_written(
    made: Path, sample: Path
) -> None:
    models = made / "gadgets/models.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(f"{text}\nfrom math import *\n", encoding="utf-8")
    before = contents(made)

    result = run(
        ["python", "manage.py", "startimport", "parts", sample, "--app", "gadgets"],
        made,
    )

    assert result.returncode == 1
    assert "Part cannot be added to gadgets/models.py, because" in result.stdout
    assert "class Part(models.Model):" in result.stdout
    assert contents(made) == before


def test_moments_are_imported_also_where_use_tz_is_off(
    untouched: Path, tmp_path: Path
) -> None:
    with (untouched / "config/settings.py").open("a", encoding="utf-8") as file:
        file.write('\nUSE_TZ = False\nTIME_ZONE = "Europe/Berlin"\n')
    sample = tmp_path / "events.csv"
    sample.write_text(
        "code,seen,sent_at\n"
        "A-1,2026-07-01T00:00:00+01:00,1767225600\n"
        "A-2,2026-01-01T00:00:00Z,1767229200\n",
        encoding="utf-8",
    )
    manage: list[str | Path] = ["python", "manage.py"]

    succeed(
        [*manage, "startimport", "events", sample, "--type", "sent_at=datetime"],
        untouched,
    )
    succeed([*manage, "migrate"], untouched)
    succeed(["pytest", "-q", "events"], untouched)
    succeed([*manage, "import_events", "--file", sample], untouched)
    succeed([*manage, "import_events", "--file", sample], untouched)

    code = (
        "from events.models import Event; "
        "print(*(f'{e.seen} {e.sent_at}' for e in Event.objects.order_by('code')), sep='; ')"
    )
    result = run([*manage, "shell", "--no-imports", "-c", code], untouched)
    assert result.stdout == (
        "2026-07-01 01:00:00 2026-01-01 01:00:00; "
        "2026-01-01 01:00:00 2026-01-01 02:00:00\n"
    )


PARTS: list[str | Path] = ["python", "manage.py", "startimport", "parts"]


def printed_class(output: str) -> str:
    """Return the class of a model that a run has printed to be pasted."""
    return output[output.index("class Part(models.Model):") :]


def test_a_class_that_was_pasted_is_taken_and_gets_its_admin_and_table(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/models").mkdir()
    (made / "gadgets/models.py").rename(made / "gadgets/models/__init__.py")
    command = [*PARTS, sample, "--app", "gadgets"]
    first = run(command, made)
    (made / "gadgets/models/part.py").write_text(
        f"from django.db import models\n\n\n{printed_class(first.stdout)}"
    )
    with (made / "gadgets/models/__init__.py").open("a", encoding="utf-8") as file:
        file.write("from gadgets.models.part import Part\n")

    output = succeed(command, made)

    assert "append  gadgets/admin.py\n" in output
    steps = output.partition("Next:\n")[2]
    assert steps.index("makemigrations gadgets\n") < steps.index("manage.py migrate\n")
    for step in ("makemigrations", "migrate"):
        succeed(["python", "manage.py", step], made)
    succeed(["pytest", "-q", "gadgets"], made)
    assert "migrat" not in succeed(command, made).partition("Next:\n")[2]


def test_the_admin_of_a_class_that_was_pasted_is_printed_where_it_cannot_be_added(
    made: Path, sample: Path
) -> None:
    models = made / "gadgets/models.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(f"{text}\nfrom math import *\n", encoding="utf-8")
    (made / "gadgets/admin.py").write_text(
        "from django.contrib.admin import AdminSite\n\nsite = AdminSite()\n",
        encoding="utf-8",
    )
    command = [*PARTS, sample, "--app", "gadgets"]
    first = run(command, made)
    with models.open("a", encoding="utf-8") as file:
        file.write(printed_class(first.stdout))

    output = succeed(command, made)

    assert "gadgets/admin.py was not changed, because it has an AdminSite" in " ".join(
        output.split()
    )
    assert "@admin.register(Part)\nclass PartAdmin(admin.ModelAdmin):" in output


def test_a_class_with_other_fields_in_a_package_of_models_is_refused(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/models").mkdir()
    models = made / "gadgets/models/__init__.py"
    (made / "gadgets/models.py").rename(models)
    with models.open("a", encoding="utf-8") as file:
        file.write("\n\nclass Part(models.Model):\n    sku = models.IntegerField()\n")
    before = contents(made)

    result = run([*PARTS, sample, "--app", "gadgets"], made)

    assert result.returncode == 1
    assert (
        "gadgets.Part exists, and its fields sku, price differ from what startimport "
        "would write, so nothing was written. Use --model gadgets.Part to import into "
    ) in " ".join(result.stdout.split())
    assert contents(made) == before

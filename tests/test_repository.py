"""What holds for every file of the repository."""

from pathlib import Path

from tests.processes import succeed
from tests.template.baking import FOLDER, REPOSITORY, template_files


def test_the_code_is_clean_formatted_and_strictly_typed() -> None:
    # A project leaves the generators out; through the link they are checked here.
    succeed(["ruff", "check", ".", "generators"], REPOSITORY)
    succeed(["ruff", "format", "--check", ".", "generators"], REPOSITORY)
    succeed(["mypy"], REPOSITORY, timeout=300)


def test_no_file_is_left_out_of_the_checks() -> None:
    code = {
        str(REPOSITORY / name)
        for name in template_files()
        if name.endswith(".py")
        and not name.startswith("tests/golden/")
        and "/migrations/" not in name  # Django writes them.
    }

    printed = succeed(["ruff", "check", "--show-files", ".", "generators"], REPOSITORY)
    checked = {str(Path(line).resolve()) for line in printed.splitlines()}

    assert code <= checked


def test_the_layers_and_doors_of_the_generator_are_kept() -> None:
    path = {"PYTHONPATH": str(REPOSITORY / FOLDER)}

    succeed(["lint-imports", "--no-cache"], REPOSITORY, variables=path)

"""A name, however odd, gives a project that works, and what was changed is told."""

import json
import keyword
import re
import sys
import tomllib
from collections import OrderedDict
from pathlib import Path

import pytest
from click.testing import CliRunner
from cookiecutter.cli import main as cookiecutter
from cookiecutter.prompt import prompt_for_config

from tests.processes import run
from tests.template.baking import FOLDER, REPOSITORY, bake

CODE = "__import__('os').system('touch hacked')"
CODE_IN_QUOTES = '"""); open("hacked", "w"); print("""'

NAMES = {
    "My Shop": "my_shop",
    'O\'Brien "Q" & Co': "o_brien_q_co",
    "back\\slash": "back_slash",
    "trailing\\": "trailing",
    "Étoile": "etoile",
    "北京": "bei_jing",
    "smile 😀": "smile",
    "😀": "my_project",
    "3 shops": "my_3_shops",
    "class": "my_class",
    "test": "my_test",
    "Django": "my_django",
    "Calendar": "my_calendar",
    "--": "my_project",
    "a{{b}}": "a_b",
    "{% raw %}": "raw",
    "{{ cookiecutter }}": "my_cookiecutter",
    '"""': "my_project",
    "'''": "my_project",
    CODE: "import_os_system_touch_hacked",
    CODE_IN_QUOTES: "open_hacked_w_print",
    "${{ secrets.X }} $(id) `id`": "secrets_x_id_id",
    "../up": "up",
    "x" * 300: "x" * 50,
}

NOT_A_NAME = (
    "its name begins with a small letter, and has small letters, digits and single "
    "underscores"
)
TAKEN = "Python, Windows or a package of the project has that name"
TURNED = {
    "parts-depot": ("parts_depot", NOT_A_NAME),
    "Parts Depot": ("parts_depot", NOT_A_NAME),
    "MyShop": ("myshop", NOT_A_NAME),
    "3shops": ("my_3shops", NOT_A_NAME),
    "Köln": ("koln", NOT_A_NAME),
    "北京": ("bei_jing", NOT_A_NAME),
    "two\nlines": ("two_lines", NOT_A_NAME),
    "shop_": ("shop", NOT_A_NAME),
    "my__shop": ("my_shop", NOT_A_NAME),
    '"""': ("my_project", NOT_A_NAME),
    "'''": ("my_project", NOT_A_NAME),
    "--": ("my_project", NOT_A_NAME),
    "../up": ("up", NOT_A_NAME),
    CODE: ("import_os_system_touch_hacked", NOT_A_NAME),
    "class": ("my_class", TAKEN),
    "test": ("my_test", TAKEN),
    "Django": ("my_django", TAKEN),
    "importkit": ("my_importkit", TAKEN),
    "CON": ("my_con", TAKEN),
    "lpt1": ("my_lpt1", TAKEN),
}


@pytest.mark.parametrize(
    ("name", "slug"), NAMES.items(), ids=lambda name: ascii(name)[:30]
)
def test_a_name_typed_at_the_prompt_gives_a_project(
    name: str, slug: str, template: Path, tmp_path: Path
) -> None:
    config = tmp_path / "cookiecutter.yml"
    config.write_text(json.dumps({"replay_dir": str(tmp_path / "replay")}))
    out = tmp_path / "out"

    arguments = [str(template), "--config-file", str(config), "-o", str(out)]
    result = CliRunner().invoke(cookiecutter, arguments, input=f"{name}\n\n\n\n\n")

    project = out / slug
    assert result.exit_code == 0, result.output
    assert [path.name for path in out.iterdir()] == [slug]
    assert (project / "README.md").read_text("utf-8").startswith(f"# {name}\n")
    assert f"(c) the authors of {name}\n" in (project / "LICENSE").read_text("utf-8")
    metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert metadata["project"]["name"] == slug
    assert list(tmp_path.rglob("hacked")) == []


def test_a_name_of_two_lines_becomes_one_heading(
    template: Path, tmp_path: Path
) -> None:
    project = bake(template, tmp_path / "out", project_name="two\nlines")

    readme = (project / "README.md").read_text()
    assert (project.name, readme.splitlines()[0]) == ("two_lines", "# two lines")


@pytest.mark.parametrize("typed", TURNED, ids=lambda typed: ascii(typed)[:30])
def test_a_folder_name_that_cannot_be_is_turned_into_one_that_can(
    typed: str, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    slug, why = TURNED[typed]

    project = bake(template, tmp_path / "out", project_slug=typed)

    assert project.name == slug
    metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert metadata["project"]["name"] == slug
    told = f"The folder is named '{slug}', not {typed!r}: {why}.\n"
    assert capfd.readouterr().out.startswith(told)
    assert list(tmp_path.rglob("hacked")) == []


@pytest.mark.parametrize("name", ["shop", "shop2", "my_shop"])
def test_nothing_is_told_of_a_folder_name_that_is_kept(
    name: str, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake(template, tmp_path / "out", project_slug=name)

    assert project.name == name
    assert "The folder is named" not in capfd.readouterr().out


def folder_of(**answers: str) -> str:
    """Ask cookiecutter which folder it would make."""
    questions = json.loads((REPOSITORY / "cookiecutter.json").read_text("utf-8"))
    context = {"cookiecutter": OrderedDict(questions, **answers)}
    return str(prompt_for_config(context, no_input=True)["project_slug"])


@pytest.mark.parametrize("name", [name for name in NAMES if "{" not in name], ids=ascii)
def test_a_name_and_a_folder_typed_alike_give_the_same_folder(name: str) -> None:
    assert folder_of(project_slug=name) == folder_of(project_name=name) == NAMES[name]


def test_a_name_with_unknown_jinja_on_the_command_line_leaves_nothing(
    template: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    result = run(
        ["cookiecutter", template, "--no-input", "-o", out, "project_name=a{{b}}"],
        tmp_path,
    )

    assert result.returncode == 1
    assert "Unable to render variable 'project_name'" in result.stdout
    assert not out.exists()


def test_no_word_of_python_or_of_the_project_becomes_a_folder_name() -> None:
    inner = tomllib.loads((REPOSITORY / FOLDER / "pyproject.toml").read_text("utf-8"))
    required = [*inner["project"]["dependencies"]]
    for group in inner["dependency-groups"].values():
        required += group
    packages = {re.split(r"[\[<>=]", entry)[0].replace("-", "_") for entry in required}
    folders = {path.name for path in (REPOSITORY / FOLDER).iterdir() if path.is_dir()}
    words = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    words |= {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)),
    }
    words |= packages | {folder for folder in folders if folder.isidentifier()}

    kept = {word for word in words if folder_of(project_name=word) in words}

    assert len(words) > 200
    assert kept == set()

"""A name, however odd, gives a project that works, or one sentence and no project."""

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
from cookiecutter.exceptions import FailedHookException
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

NOT_A_NAME = "is not made of letters, digits and single words joined by underscores"
TAKEN = "is already taken by Python or by a package of the project"
REFUSED = {
    "my-shop": (NOT_A_NAME, "my_shop"),
    "3shops": (NOT_A_NAME, "my_3shops"),
    "Étoile": (NOT_A_NAME, "toile"),
    "北京": (NOT_A_NAME, "my_project"),
    "two words": (NOT_A_NAME, "two_words"),
    "two\nlines": (NOT_A_NAME, "two_lines"),
    "shop_": (NOT_A_NAME, "shop"),
    '"""': (NOT_A_NAME, "my_project"),
    "'''": (NOT_A_NAME, "my_project"),
    "--": (NOT_A_NAME, "my_project"),
    CODE: (NOT_A_NAME, "import_os_system_touch_hacked"),
    "class": (TAKEN, "my_class"),
    "test": (TAKEN, "my_test"),
    "json": (TAKEN, "my_json"),
    "Django": (TAKEN, "my_django"),
    "importkit": (TAKEN, "my_importkit"),
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


@pytest.mark.parametrize("slug", REFUSED, ids=lambda slug: ascii(slug)[:30])
def test_a_folder_name_that_cannot_be_is_refused_in_one_sentence(
    slug: str, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    why, advice = REFUSED[slug]
    out = tmp_path / "out"

    with pytest.raises(FailedHookException):
        bake(template, out, project_slug=slug)

    assert capfd.readouterr().err == (
        f"project_slug {slug!a} {why}: choose another one, such as '{advice}'.\n"
    )
    assert list(out.iterdir()) == []
    assert list(tmp_path.rglob("hacked")) == []


def test_an_advised_name_is_accepted(template: Path, tmp_path: Path) -> None:
    advised = {advice for _, advice in REFUSED.values()}

    made = [bake(template, tmp_path / "out", project_slug=name) for name in advised]

    assert {project.name for project in made} == advised


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
    questions = json.loads((REPOSITORY / "cookiecutter.json").read_text("utf-8"))
    inner = tomllib.loads((REPOSITORY / FOLDER / "pyproject.toml").read_text("utf-8"))
    required = [*inner["project"]["dependencies"]]
    for group in inner["dependency-groups"].values():
        required += group
    packages = {re.split(r"[\[<>=]", entry)[0].replace("-", "_") for entry in required}
    folders = {path.name for path in (REPOSITORY / FOLDER).iterdir() if path.is_dir()}
    words = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    words |= packages | {folder for folder in folders if folder.isidentifier()}

    def derived(word: str) -> str:
        context = {"cookiecutter": OrderedDict(questions, project_name=word)}
        return str(prompt_for_config(context, no_input=True)["project_slug"])

    kept = {word for word in words if derived(word) in words}

    assert len(words) > 200
    assert kept == set()

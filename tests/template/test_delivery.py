"""The same project comes out, whichever way the template is fetched, and updates."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import run, succeed
from tests.template import baking
from tests.template.baking import FOLDER, Options, contents
from tests.template.conftest import Bakery

type Deliver = Callable[..., Path]

DEFAULTS = Options("sqlite", use_docker=False, license="MIT")
AWKWARD = 'O\'Brien "Q" & \\Co a{{b}} 😀'
NO_ANSWERS = "\n" * 5


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Give cookiecutter an empty home of its own."""
    config = tmp_path / "cookiecutter.yml"
    config.write_text(
        json.dumps(
            {
                "cookiecutters_dir": str(tmp_path / "cookiecutters"),
                "replay_dir": str(tmp_path / "replay"),
            }
        )
    )
    return {"COOKIECUTTER_CONFIG": str(config)}


def cookiecutter(
    home: dict[str, str],
    cwd: Path,
    *arguments: str | Path,
    answers: str = "",
) -> str:
    """Run cookiecutter's own command line."""
    return succeed(["cookiecutter", *arguments], cwd, answers=answers, variables=home)


def test_a_project_from_a_relative_path_is_the_same(
    template: Path, baked: Bakery, home: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "elsewhere"

    cookiecutter(home, template.parent, template.name, "--no-input", "-o", out)

    assert contents(out / "my_shop") == contents(baked(DEFAULTS))
    assert not (out / "my_shop" / ".cruft.json").exists()


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_project_from_a_clone_can_be_updated_unless_the_clone_was_changed(
    template: Path, home: dict[str, str], tmp_path: Path, is_changed: bool
) -> None:
    clone = tmp_path / "clone"
    succeed(["git", "clone", "--quiet", f"file://{template}", clone], tmp_path)
    if is_changed:
        append(clone / FOLDER / "config" / "settings.py", "\nMINE = True\n")

    cookiecutter(home, clone, ".", "--no-input", "-o", "..")

    state = tmp_path / "my_shop" / ".cruft.json"
    assert state.exists() is not is_changed
    if not is_changed:
        assert json.loads(state.read_text())["template"] == f"file://{template}"


def test_a_project_from_git_is_the_same_and_can_be_updated(
    template: Path, baked: Bakery, home: dict[str, str], tmp_path: Path
) -> None:
    printed = cookiecutter(home, tmp_path, f"git+file://{template}", "--no-input")

    project = tmp_path / "my_shop"
    assert contents(project) == contents(baked(DEFAULTS))
    assert "    cd my_shop\n" in printed
    state = json.loads((project / ".cruft.json").read_text())
    assert state == {
        "template": f"file://{template}",
        "commit": succeed(["git", "rev-parse", "HEAD"], template).strip(),
        "checkout": None,
        "context": {
            "cookiecutter": {
                "project_name": "My Shop",
                "project_slug": "my_shop",
                "database": "sqlite",
                "use_docker": False,
                "license": "MIT",
            }
        },
        "directory": None,
    }


def test_a_project_from_a_zip_is_the_same(
    template: Path, baked: Bakery, home: dict[str, str], tmp_path: Path
) -> None:
    archive = tmp_path / "template.zip"
    succeed(["git", "archive", "--prefix=template/", "-o", archive, "HEAD"], template)

    cookiecutter(home, tmp_path, archive, "--no-input")

    assert contents(tmp_path / "my_shop") == contents(baked(DEFAULTS))


def test_a_replayed_project_is_the_same(
    template: Path, home: dict[str, str], tmp_path: Path
) -> None:
    answers = f"{AWKWARD}\n\n2\ny\n2\n"
    first, second = tmp_path / "first", tmp_path / "second"
    cookiecutter(home, tmp_path, template, "-o", first, answers=answers)

    cookiecutter(home, tmp_path, template, "--replay", "-o", second)

    project = first / "o_brien_q_co_a_b"
    assert (project / "compose.yml").exists()
    assert contents(second / project.name) == contents(project)


def test_a_folder_name_from_the_settings_of_cookiecutter_is_turned_too(
    template: Path, home: dict[str, str], tmp_path: Path
) -> None:
    config = Path(home["COOKIECUTTER_CONFIG"])
    settings = json.loads(config.read_text())
    defaults = {"default_context": {"project_slug": "parts-depot"}}
    config.write_text(json.dumps(settings | defaults))

    address, again = f"git+file://{template}", tmp_path / "again"
    printed = cookiecutter(home, tmp_path, address, "--no-input")
    replayed = cookiecutter(
        home, tmp_path, address, "--replay", "-o", again, answers="y\n"
    )

    assert "The folder is named 'parts_depot', not 'parts-depot'" in printed
    assert "The folder is named 'parts_depot', not 'parts-depot'" in replayed
    state = json.loads((tmp_path / "parts_depot" / ".cruft.json").read_text())
    assert state["context"]["cookiecutter"]["project_slug"] == "parts_depot"
    assert (again / "parts_depot").exists()


def test_answers_replayed_from_before_with_a_folder_that_cannot_be_are_refused(
    template: Path, home: dict[str, str], tmp_path: Path
) -> None:
    cookiecutter(home, tmp_path, template, "--no-input", "-o", tmp_path / "first")
    replay = tmp_path / "replay" / "template.git.json"
    answers = json.loads(replay.read_text())
    del answers["cookiecutter"]["__typed_slug"]
    answers["cookiecutter"]["project_slug"] = "parts-depot"
    replay.write_text(json.dumps(answers))

    result = run(
        ["cookiecutter", template, "--replay", "-o", tmp_path / "out"],
        tmp_path,
        variables=home,
    )

    assert result.returncode == 1
    assert "run cookiecutter without --replay" in result.stdout
    assert list((tmp_path / "out").iterdir()) == []


def test_a_project_made_with_hooks_off_is_the_same(
    template: Path, baked: Bakery, home: dict[str, str], tmp_path: Path
) -> None:
    cookiecutter(home, tmp_path, template, "--no-input", "--accept-hooks", "no")

    assert contents(tmp_path / "my_shop") == contents(baked(DEFAULTS))


def test_a_project_from_cruft_is_the_same(
    template: Path, baked: Bakery, home: dict[str, str], tmp_path: Path
) -> None:
    succeed(["cruft", "create", "-y", f"file://{template}"], tmp_path, variables=home)

    assert contents(tmp_path / "my_shop") == contents(baked(DEFAULTS))


@pytest.fixture
def changing_template(tmp_path: Path) -> Path:
    """A repository of the template that the test may go on with."""
    folder = tmp_path / "changing.git"
    baking.copy_template(folder)
    baking.commit(folder, "v1")
    return folder


def made_by_cruft(template: Path, home: dict[str, str], cwd: Path) -> Path:
    """Make a project with cruft."""
    succeed(["cruft", "create", "-y", f"file://{template}"], cwd, variables=home)
    return cwd / "my_shop"


def made_by_cookiecutter(template: Path, home: dict[str, str], cwd: Path) -> Path:
    """Make a project with plain cookiecutter, under a name that is hard to keep."""
    answers = f"{AWKWARD}\nmy_shop\n\n\n\n"
    cookiecutter(home, cwd, f"git+file://{template}", answers=answers)
    assert AWKWARD in (cwd / "my_shop" / "README.md").read_text("utf-8")
    return cwd / "my_shop"


def append(path: Path, text: str) -> None:
    """Add a line to the end of a file."""
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize("make", [made_by_cruft, made_by_cookiecutter])
def test_an_update_brings_the_new_and_keeps_the_users_own(
    make: Deliver, changing_template: Path, home: dict[str, str], tmp_path: Path
) -> None:
    project = make(changing_template, home, tmp_path)
    settings = project / "config" / "settings.py"
    last = '    "django.contrib.staticfiles",\n'
    settings.write_text(settings.read_text().replace(last, f'{last}    "shop",\n'))
    (project / ".env").write_text("SECRET_KEY=mine\n")
    baking.commit(project, "Start")
    succeed(["cruft", "check"], project, variables=home)

    inner = changing_template / FOLDER
    append(inner / "README.md", "\nWhat is new in v2.\n")
    append(inner / "config" / "settings.py", "\nNEW_IN_V2 = True\n")
    (inner / "importkit" / "new_in_v2.py").write_text('"""New."""\n')
    baking.commit(changing_template, "v2")
    outdated = run(["cruft", "check"], project, variables=home)
    succeed(["cruft", "update", "-y"], project, variables=home)

    assert outdated.returncode == 1
    assert (project / "importkit" / "new_in_v2.py").read_text() == '"""New."""\n'
    assert (project / "README.md").read_text("utf-8").endswith("in v2.\n")
    assert '    "shop",\n' in settings.read_text()
    assert settings.read_text().endswith("NEW_IN_V2 = True\n")
    assert list(project.rglob("*.rej")) == []
    assert (project / ".env").read_text() == "SECRET_KEY=mine\n"
    succeed(["cruft", "check"], project, variables=home)


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "in one commit"])
def test_an_update_of_the_installed_apps_meets_no_app_of_the_project(
    committed: bool, changing_template: Path, home: dict[str, str], tmp_path: Path
) -> None:
    project = made_by_cruft(changing_template, home, tmp_path)
    if committed:
        # Without this commit git knows no common version, and fits the lines in.
        baking.commit(project, "Start")
    (project / "sample.csv").write_text("SKU,Price\na-1,1.50\nb-2,2.75\n")
    for name in ("products", "parts"):
        startimport = ["python", "manage.py", "startimport", name, "sample.csv"]
        succeed(startimport, project)
    baking.commit(project, "Imports")

    settings = changing_template / FOLDER / "config" / "settings.py"
    text = settings.read_text()
    for old, new in (("admin", "sites"), ("staticfiles", "humanize")):
        line = f'    "django.contrib.{old}",\n'
        text = text.replace(line, f'{line}    "django.contrib.{new}",\n')
    settings.write_text(text)
    baking.commit(changing_template, "v2")
    succeed(["cruft", "update", "-y"], project, variables=home)

    mine = (project / "config" / "settings.py").read_text()
    assert 'apps here.\n    "products",\n    "parts",\n]' in mine
    assert mine.replace('    "products",\n    "parts",\n', "") == text
    assert list(project.rglob("*.rej")) == []

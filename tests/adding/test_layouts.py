"""An import runs in projects that exist, with the oldest and the newest Django there is.

Each Python has only what the command says is needed, and no other package of ours.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from adding import packages
from tests.adding.layouts import LAYOUTS
from tests.processes import run, succeed
from tests.template.baking import FOLDER, REPOSITORY

DJANGO = ["5.2", "6.1"]
SAMPLE = """\
Code;Name;Since;Credit
C-001;Ann;05.05.2021;1.250,50
C-002;Bert;17.01.2022;20,00
C-003;Cleo;28.02.2023;0,75
"""
CHANGED = SAMPLE.replace("20,00", "25,00") + "C-004;Dora;13.03.2024;7,00\n"
# All commands of one process, since to start Django takes longer than each of them.
SCRIPT = """
from django.core.management import call_command
call_command("makemigrations", "shop", verbosity=0)
call_command("makemigrations", check=True, verbosity=0)
call_command("migrate", verbosity=0)
for name in ("customers", "stock"):
    for file in ("customers.csv", "customers.csv", "changed.csv"):
        call_command(f"import_{name}", "--file", f"FOLDER/{file}")
call_command("imports")
from django.contrib import admin
from django.apps import apps
assert admin.site.is_registered(apps.get_model("shop", "Stock"))
call_command("test", "CUSTOMERS", "SHOP")
"""


def requirements() -> list[str]:
    """Return what the template states of the packages that the command asks for."""
    project = tomllib.loads((REPOSITORY / FOLDER / "pyproject.toml").read_text())
    stated = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = (*packages.RUNTIME, *packages.DEVELOPMENT)
    return [text for text in stated if text.startswith(names)]


@pytest.fixture(
    scope="session",
    # Each worker of xdist would make an environment of its own.
    params=[
        pytest.param(d, marks=pytest.mark.xdist_group(f"Django {d}")) for d in DJANGO
    ],
)
def python(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A Python with a version of Django."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv, which makes environments, is not installed.")
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    program = folder / "bin" / "python"
    succeed([uv, "venv", "--python", sys.base_prefix, folder], folder.parent)
    wanted = [f"django=={request.param}.*", *requirements()]
    command: list[str | Path] = [uv, "pip", "install", "--python", program, *wanted]
    result = run(command, folder.parent)
    if result.returncode:
        pytest.skip(f"No packages for Django {request.param}: {result.stdout}")
    return program


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_import_is_started_and_run(name: str, python: Path, tmp_path: Path) -> None:
    layout, folder = LAYOUTS[name], tmp_path / "project"
    layout.make(folder)
    (tmp_path / "customers.csv").write_text(SAMPLE)
    (tmp_path / "changed.csv").write_text(CHANGED)
    root = next(folder.rglob("manage.py")).parent
    sample = tmp_path / "customers.csv"

    add: list[str | Path] = [
        "python",
        REPOSITORY / "add_importkit.py",
        folder,
        "--python",
        python,
    ]
    added = succeed(add, tmp_path)
    settings = folder / layout.settings
    last = '    "django.contrib.sessions",\n'
    settings.write_text(
        settings.read_text().replace(last, f'{last}    "importruns",\n')
    )
    start: list[str | Path] = [python, "manage.py", "startimport"]
    succeed([*start, layout.name, sample], root)
    succeed([*start, "stock", sample, "--app", "shop"], root)
    script = SCRIPT.replace("FOLDER", str(tmp_path)).replace("CUSTOMERS", layout.name)
    script = script.replace("SHOP", layout.name.replace("customers", "shop"))
    ran = succeed([python, "manage.py", "shell", "-v0", "-c", script], root)

    assert "need" not in added
    assert re.search(r"Ran \d\d tests in .*\n\nOK\n", ran)
    assert (folder / layout.app / "models.py").exists()
    assert layout.line in settings.read_text()
    admin = (folder / layout.shop / "admin.py").read_text()
    assert "admin.site.register(Store)" in admin
    assert "class StockAdmin(admin.ModelAdmin):" in admin
    assert len(re.findall(r"^[1-6]  .* done ", ran, re.MULTILINE)) == 6
    for what in ("Customers", "Stock"):
        assert [line for line in ran.splitlines() if line.startswith(what)] == [
            f"{what}: 3 new, 0 changed, 0 unchanged.",
            f"{what}: 0 new, 0 changed, 3 unchanged.",
            f"{what}: 1 new, 1 changed (credit 1), 2 unchanged.",
        ]

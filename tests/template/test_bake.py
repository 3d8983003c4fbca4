"""A bake has the promised files, whole and well formed, for every set of options."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml

from tests.processes import succeed
from tests.template.baking import (
    COMBINATIONS,
    CONDITIONAL,
    FOLDER,
    RENDERED,
    REPOSITORY,
    Options,
    bake,
    contents,
    copy_template,
    template_files,
)
from tests.template.conftest import Bakery

EVERY_OPTION = pytest.mark.parametrize("options", COMBINATIONS, ids=str)
DOCKER_FILES = {"Dockerfile", "compose.yml", ".dockerignore"}


def inner_files() -> dict[str, str]:
    """Map each file of the template's folder to its name in a bake with everything."""
    names = [name for name in template_files() if name.startswith(f"{FOLDER}/")]
    inner = [name.removeprefix(f"{FOLDER}/") for name in names]
    return {name: CONDITIONAL.get(name, name) for name in inner}


@EVERY_OPTION
def test_a_bake_has_exactly_the_files_of_the_template(
    baked: Bakery, options: Options
) -> None:
    left_out = set() if options.use_docker else set(DOCKER_FILES)
    left_out |= set() if options.license == "MIT" else {"LICENSE"}

    project = baked(options)

    assert set(contents(project)) == set(inner_files().values()) - left_out


@EVERY_OPTION
def test_a_bake_differs_from_the_template_only_where_answers_appear(
    baked: Bakery, options: Options
) -> None:
    names = {baked: name for name, baked in inner_files().items()}

    files = contents(baked(options))

    changed = {
        name
        for name, text in files.items()
        if text != (REPOSITORY / FOLDER / names[name]).read_bytes()
    }
    assert changed <= RENDERED


@EVERY_OPTION
def test_no_variable_is_left_in_a_bake(baked: Bakery, options: Options) -> None:
    files = contents(baked(options))

    left = [
        name
        for name, text in files.items()
        if re.search(rb"\{[{%#][^\n]*cookiecutter", text)
        or (name in RENDERED and re.search(rb"\{\{|\{%|\{#", text))
    ]
    assert left == []


@EVERY_OPTION
def test_the_configuration_of_a_bake_can_be_parsed(
    baked: Bakery, options: Options
) -> None:
    project = baked(options)

    tool = tomllib.loads((project / "pyproject.toml").read_text())
    workflow = yaml.safe_load((project / ".github/workflows/ci.yml").read_text())

    assert tool["project"]["name"] == project.name == "my_shop"
    assert set(workflow["jobs"]) == {"check", "test"}
    if options.use_docker:
        compose = yaml.safe_load((project / "compose.yml").read_text())
        postgres = options.database == "postgres"
        services = {"migrate", "web", "worker"} | ({"db"} if postgres else set())
        assert set(compose["services"]) == services
        for name in ("web", "worker"):
            assert compose["services"][name]["depends_on"] == {
                "migrate": {"condition": "service_completed_successfully"}
            }
        assert "migrate" not in str(compose["services"]["web"].get("command"))


@EVERY_OPTION
def test_the_env_example_can_be_taken_as_it_is(baked: Bakery, options: Options) -> None:
    lines = (baked(options) / ".env.example").read_text().splitlines()

    active = [line for line in lines if line and not line.startswith("#")]

    assert active == (
        ["DATABASE_URL=postgres://postgres:postgres@localhost:5432/my_shop"]
        if options.database == "postgres"
        else []
    )


@EVERY_OPTION
def test_ruff_finds_nothing_in_a_bake(baked: Bakery, options: Options) -> None:
    project = baked(options)

    succeed(["ruff", "check"], project)
    succeed(["ruff", "format", "--check"], project)


@EVERY_OPTION
def test_the_deployment_checks_find_nothing_in_a_bake(
    baked: Bakery, options: Options
) -> None:
    variables = {"SECRET_KEY": "0123456789abcdef" * 4, "ALLOWED_HOSTS": "example.com"}

    output = succeed(
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        baked(options),
        variables=variables,
    )

    assert output == "System check identified no issues (1 silenced).\n"


def test_the_env_example_names_every_setting_that_is_read() -> None:
    settings = (REPOSITORY / FOLDER / "config" / "settings.py").read_text()
    example = (REPOSITORY / FOLDER / ".env.example").read_text()

    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    named = set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", example))

    assert read == named


def test_five_questions_are_asked() -> None:
    asked = json.loads((REPOSITORY / "cookiecutter.json").read_text(encoding="utf-8"))

    assert [name for name in asked if not name.startswith("_")] == [
        "project_name",
        "project_slug",
        "database",
        "use_docker",
        "license",
    ]


def test_every_answer_is_used_and_every_use_has_an_answer() -> None:
    asked = json.loads((REPOSITORY / "cookiecutter.json").read_text(encoding="utf-8"))
    rendered = [
        name
        for name in template_files()
        if name.startswith((FOLDER, "hooks/", "cookiecutter.json"))
        and (not name.endswith(".py") or name.startswith("hooks/"))
    ]
    texts = [name + (REPOSITORY / name).read_text("utf-8") for name in rendered]

    used = set(re.findall(r"cookiecutter\.([a-z_]+)", "".join(texts)))

    private = {"_taken", "__typed_slug"}
    assert (
        used - {"json", "update"}
        == {n for n in asked if not n.startswith("_")} | private
    )


def test_no_python_file_of_the_template_holds_jinja() -> None:
    files = [
        REPOSITORY / name
        for name in template_files()
        if name.startswith(FOLDER) and name.endswith(".py")
    ]

    holding = [
        path.name
        for path in files
        if re.search(r"\{%|\{\{\s*cookiecutter", path.read_text("utf-8"))
    ]

    assert files
    assert holding == []


def test_every_name_in_the_template_is_legal_on_windows() -> None:
    inner = list(inner_files())

    illegal = [n for n in inner if re.search(r'[<>:"\\|?*]|[. ](/|$)', n)]
    links = [n for n in inner if (REPOSITORY / FOLDER / n).is_symlink()]

    assert (illegal, links) == ([], [])


def test_both_projects_ask_for_the_same_packages() -> None:
    outer = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    inner = tomllib.loads((REPOSITORY / FOLDER / "pyproject.toml").read_text())
    wanted = [*inner["project"]["dependencies"], *inner["dependency-groups"]["dev"]]
    extras = inner["project"]["optional-dependencies"]
    # boto3 would hold back python-dateutil, of which what is measured takes the newest.
    wanted += chain.from_iterable(extras[name] for name in extras if name != "s3")

    assert set(wanted) <= set(outer["dependency-groups"]["dev"])


def test_the_generators_are_found_beside_the_template() -> None:
    link = REPOSITORY / "generators"

    assert link.resolve() == REPOSITORY / FOLDER / "generators"


@pytest.mark.parametrize("name", [".mypy_cache", "config/__pycache__"])
def test_a_cache_in_a_local_checkout_neither_breaks_a_bake_nor_is_delivered(
    name: str, template: Path, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    copy_template(checkout)
    cache = checkout / FOLDER / name
    cache.mkdir()
    (cache / "no_template").write_bytes(b"{% that ends")

    project = bake(checkout, tmp_path / "out")

    assert contents(project) == contents(bake(template, tmp_path / "clean"))
    assert not (project / name).exists()

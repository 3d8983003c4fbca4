"""The app of an import is found, or its place: the folder, and the packages above it."""

from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from django.apps import AppConfig, apps
from django.core.management import get_commands

from generators.code import Place
from generators.naming import (
    Identifier,
    Source,
    check_import_name,
    is_inside,
    packages_folder,
)

# Packages of the project itself, into which no import is written.
OWN = frozenset({"config", "generators", "importkit", "importruns", "tests"})
# Packages of an app that an import needs.
PACKAGES = ("cleaning", "management")


def find_place(name: Identifier, app: str | None, root: Path) -> Place:
    """Return the app of an import, which may not exist yet.

    Args:
        name: The import's name.
        app: The label or the dotted name of the app; the import's name if not given.
        root: The project's folder.

    Raises:
        ValueError: The app cannot have the import.
    """
    wanted = app or name
    if wanted.rpartition(".")[2] in OWN:
        raise ValueError(
            f'"{wanted}" is a part of the project itself: choose another name, or an '
            "app for the import with --app."
        )
    installed = (c for c in apps.get_app_configs() if wanted in {c.label, c.name})
    config = next(installed, None)
    place = _new_app(wanted, root) if config is None else _existing_app(config, root)
    command = f"import_{name}"
    owner = get_commands().get(command)
    if owner is not None and owner != place.module:
        raise ValueError(
            f'The app "{owner}" has a command "{command}" already: '
            "choose another name for the import."
        )
    return place


def is_own(config: AppConfig, root: Path) -> bool:
    """Return whether an app is one of the project into which an import may be written."""
    return config.label not in OWN and is_inside(config.label, root)


def _existing_app(config: AppConfig, root: Path) -> Place:
    if not is_own(config, root):
        raise ValueError(
            f'"{config.label}" is an installed app to which startimport adds no files: '
            "choose another name, or an app of this project with --app."
        )
    folder = Path(config.path).resolve()
    for package in PACKAGES:
        if (folder / f"{package}.py").exists():
            raise ValueError(
                f'"{config.label}/{package}.py" would be hidden by the package '
                f'"{package}/" that the import needs: rename the file, or choose '
                "another app with --app."
            )
    return Place(
        module=Source(config.name),
        label=Identifier(config.label),
        folder=PurePosixPath(folder.relative_to(root.resolve()).as_posix()),
        is_new=False,
        tests_in_package=not (folder / "tests.py").exists(),
    )


def _new_app(wanted: str, root: Path) -> Place:
    *packages, last = wanted.split(".")
    label = check_import_name(last)
    _refuse_label(label)
    base = _package(packages, root) if packages else _home(root)
    folder = base / label
    if folder.exists():
        raise ValueError(
            f'"{wanted}" exists but is not an installed app: add "{wanted}" to '
            "INSTALLED_APPS if it is one, or choose another name."
        )
    if not packages and find_spec(label) is not None:
        raise ValueError(
            f'An app "{label}" would hide the Python module "{label}": choose another '
            "name, or an app for the import with --app."
        )
    made = [parent for parent in _parents(base, len(packages)) if not parent.exists()]
    return Place(
        Source(wanted),
        label,
        _within(folder, root),
        is_new=True,
        packages=tuple(_within(parent, root) for parent in made),
    )


def _refuse_label(label: str) -> None:
    """Refuse a label that an app elsewhere has: Django tells apps apart by labels."""
    taken = next((c.name for c in apps.get_app_configs() if c.label == label), None)
    if taken is not None:
        raise ValueError(
            f'The app "{taken}" has the label "{label}" already: choose another name.'
        )


def _package(names: list[str], root: Path) -> Path:
    """Return the folder of a package of the project, which may not exist yet."""
    first = names[0]
    spec = find_spec(first)
    if spec is None:
        check_import_name(first)
        top = _code(root) / first
    else:
        places = spec.submodule_search_locations
        top = Path(next(iter(places))).resolve() if places else Path("/")
        if not top.is_relative_to(root.resolve()):
            raise ValueError(
                f'"{first}" is no package of this project: choose another name.'
            )
    return top.joinpath(*map(check_import_name, names[1:]))


def _home(root: Path) -> Path:
    """Return the folder for an app that is in no package: that of the others, if one."""
    code = _code(root)
    folders = {
        Path(config.path).resolve().parent
        for config in apps.get_app_configs()
        if "." not in config.name and is_own(config, root)
    }
    return folders.pop() if len(folders) == 1 else code


def _code(root: Path) -> Path:
    """Return the folder of the project's packages; the project's own where it is outside."""
    folder = packages_folder()
    return folder if folder.is_relative_to(root.resolve()) else root.resolve()


def _parents(base: Path, count: int) -> list[Path]:
    """Return the folders of as many packages, the outermost first."""
    return [base, *base.parents][:count][::-1]


def _within(path: Path, root: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(root.resolve()).as_posix())

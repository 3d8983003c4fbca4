"""Where an import goes: its app, found or new, and every name that is taken there."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from django.apps import AppConfig, apps
from django.core.management import get_commands
from django.db.models import Model

from generators.names import Identifier, Source, check_import_name, literal

OWN = frozenset({"config", "generators", "importkit", "tests"})
# Names that the modules of an import bring in or define themselves.
TAKEN_CLASSES = frozenset(
    {"ArgumentParser", "CleaningDF", "CleaningError", "Command", "DType", "Decimal"}
    | {"Dialect", "ImportDataBaseCommand", "Model", "Parser", "Path", "ZoneInfo"}
)
CLASS_LENGTH = 50
PACKAGES = ("cleaning", "management")


@dataclass(frozen=True)
class Place:
    """The app that an import goes into.

    Attributes:
        module: The app's dotted name.
        label: Its label.
        folder: Its folder, relative to the project.
        is_new: Whether this import makes the app.
        tests_in_package: Whether its tests go into ``tests/``; false where the app has
            a ``tests.py``, which such a package would hide.
    """

    module: Source
    label: Identifier
    folder: PurePosixPath
    is_new: bool
    tests_in_package: bool = True


def find_place(name: Identifier, app: str | None, root: Path) -> Place:
    """Return the app for an import.

    Args:
        name: The import's name, also the app's where none is given.
        app: The label or module of an app; one that does not exist is made.
        root: The project's folder.

    Raises:
        ValueError: The app is not the project's own, or a name is taken.
    """
    wanted = app or name
    config = _installed(wanted)
    place = _new(wanted, root) if config is None else _existing(config, root)
    command = f"import_{name}"
    owner = get_commands().get(command)
    if owner is not None and owner != place.module:
        raise ValueError(
            f'The app "{owner}" has a command "{command}" already: '
            "choose another name for the import."
        )
    return place


def own_app(model: type[Model], root: Path) -> str:
    """Return the label of a model's app, for the import to live beside the model.

    Raises:
        ValueError: The app is not the project's own.
    """
    config = apps.get_app_config(model._meta.app_label)
    if not _is_own(config, root):
        raise ValueError(
            f'"{model._meta.label}" is a model of an app outside this project: '
            "say with --app which app the import goes into."
        )
    return config.label


def find_model(label: str) -> type[Model]:
    """Return the model of a label such as ``shop.Product``.

    Raises:
        ValueError: There is none; names the nearest.
    """
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        labels = [model._meta.label for model in apps.get_models()]
        raise ValueError(
            f"There is no model {literal(label)}{did_you_mean(label, labels)}"
        ) from None


def is_inside(label: str, root: Path) -> bool:
    """Say whether an app's code is the project's, not a package that it installed."""
    folder = Path(apps.get_app_config(label).path).resolve()
    return folder.is_relative_to(root.resolve()) and "site-packages" not in folder.parts


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest known ones."""
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=3)
    if near:
        names = " or ".join(str(literal(by_folded[choice])) for choice in near)
        return f". Did you mean {names}?"
    known = ", ".join(str(literal(choice)) for choice in choices)
    return f"; there is {known}." if known else "."


def check_class_name(name: str) -> Identifier:
    """Return the name of a model, or say why it cannot be one.

    Raises:
        ValueError: It is no class name, or taken where the import uses it.
    """
    valid = name.isidentifier() and name[0].isupper() and not name.endswith("_")
    if not valid or "__" in name or len(name) > CLASS_LENGTH or name == "None":
        raise ValueError(
            f"{literal(name)} cannot name a model: it must be a Python name in "
            f"CamelCase, of at most {CLASS_LENGTH} characters."
        )
    if name in TAKEN_CLASSES:
        raise ValueError(
            f'The import itself uses a class "{name}": choose another name for the '
            "model with --model-name."
        )
    return Identifier(name)


def _installed(wanted: str) -> AppConfig | None:
    configs = apps.get_app_configs()
    return next((item for item in configs if wanted in {item.label, item.name}), None)


def _is_own(config: AppConfig, root: Path) -> bool:
    return config.label not in OWN and is_inside(config.label, root)


def _existing(config: AppConfig, root: Path) -> Place:
    if not _is_own(config, root):
        raise ValueError(
            f'"{config.label}" is an installed app that is not yours to add to: '
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


def _new(wanted: str, root: Path) -> Place:
    label = check_import_name(wanted)
    if label in OWN:
        raise ValueError(
            f'"{label}" is a part of the project itself: choose another name, or an '
            "app for the import with --app."
        )
    if (root / label).exists():
        raise ValueError(
            f'"{label}" exists but is not an installed app: add "{label}" to '
            "INSTALLED_APPS if it is one, or choose another name."
        )
    if find_spec(label) is not None:
        raise ValueError(
            f'An app "{label}" would hide the Python module "{label}": choose another '
            "name, or an app for the import with --app."
        )
    return Place(Source(label), label, PurePosixPath(label), is_new=True)

"""Find out what a run does with each file, in a new app and in one that exists."""

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db.models import Model

from generators.code import (
    ImportPlan,
    format_files,
    render,
    render_app,
    render_import,
    render_model,
)
from generators.naming import own_apps
from generators.writing import edits
from generators.writing.classes import put_admin, put_class
from generators.writing.files import (
    Change,
    Status,
    compare,
    shown,
)
from generators.writing.installed_apps import add_installed_app
from generators.writing.known_models import known_model, lacks_table, other_fields
from generators.writing.settings_files import find_settings_file


@dataclass(frozen=True)
class Outcome:
    """What a run does.

    Attributes:
        changes: The files.
        refusal: Why no file may be written; empty where they may.
        advice: What the user has to do by hand; empty where nothing.
        lacks_table: Whether Django knows the model already, and the database does not.
    """

    changes: tuple[Change, ...]
    refusal: str = ""
    advice: str = ""
    lacks_table: bool = False

    @property
    def needs_migration(self) -> bool:
        """Whether the model is new to the database: it is written now, or by the user."""
        return self.lacks_table or any(
            change.status.writes and change.path.name == "models.py"
            for change in self.changes
        )


def find_outcome(plan: ImportPlan, root: Path, *, force: bool) -> Outcome:
    """Compare a plan with the project, without writing.

    An existing app gets the files of the import, its model and the admin of that. All
    other files of the app are the user's: they are compared but never changed, not even by
    ``--force``.

    Args:
        plan: The plan.
        root: The project's folder.
        force: Whether files that differ are to be replaced.

    Raises:
        ValueError: A file cannot be written to its path, or ruff cannot format it.
    """
    if plan.place.is_new:
        changes = compare(root, format_files(render(plan), root), force=force)
        installed, advice = _install(plan, root)
        return _outcome([*changes, *installed], root, advice=advice)
    sources = format_files(render_import(plan), root)
    own = [_kept_package(item) for item in compare(root, sources, force=force)]
    model, advice = _put_model(plan, root, force=force)
    if advice:
        return Outcome((), advice)
    files = format_files(render_app(plan), root)
    if plan.is_new_model and _is_first(model, own):
        admin, advice = _put_admin(plan, root, files)
        model += admin
    put = {change.path for change in model}
    around = [
        _kept(item)
        for item in compare(root, files)
        if item.status is not Status.CREATE and item.path not in put
        if item.path.name != "models.py"
    ]
    own_class = any(change.status is Status.CONFLICT for change in model)
    known = known_model(plan) if plan.is_new_model else None
    label = plan.model_label if own_class and known else ""
    outcome = _outcome([*around, *model, *own], root, label, advice)
    return replace(outcome, lacks_table=known is not None and lacks_table(known))


def _is_first(model: list[Change], own: list[Change]) -> bool:
    """Return whether a run writes the model, or the import of one that was pasted.

    Only then is an admin without the model one that has not got it yet.
    """
    return any(change.status is Status.APPEND for change in model) or any(
        change.status is Status.CREATE and change.path.name != "__init__.py"
        for change in own
    )


def _outcome(
    changes: list[Change], root: Path, model: str = "", advice: str = ""
) -> Outcome:
    """Return the outcome; where a model is in the way, offer to import into the model."""
    changes.sort(key=lambda change: change.path)
    conflicts = [
        shown(change.path, root)
        for change in changes
        if change.status is Status.CONFLICT
    ]
    if not conflicts:
        return Outcome(tuple(changes), advice=advice)
    one = len(conflicts) == 1
    verb, what = ("differs", "the file") if one else ("differ", "the files")
    ways = f"--model {model} to import into the model as it is, " if model else ""
    return Outcome(
        tuple(changes),
        f"{', '.join(conflicts)} {verb} from what startimport would write, so nothing "
        f"was written. Use {ways}--diff to see the differences, --force to replace "
        f"{what}, or another name for the import.",
    )


def _install(plan: ImportPlan, root: Path) -> tuple[list[Change], str]:
    """Add the app to the settings, or return the advice to do so by hand."""
    module = settings.SETTINGS_MODULE
    path = find_settings_file(module, root) if module else None
    line = f'"{plan.place.module}",'
    if path is None:
        return [], f"Add this line to INSTALLED_APPS in your settings:\n    {line}"
    before = path.read_bytes()
    added = add_installed_app(_text(before), plan.place.module, own_apps(root))
    if isinstance(added, edits.Cannot):
        return [], (
            f"{shown(path, root)} was not changed, because {added.reason}. "
            f"Add this line to INSTALLED_APPS:\n    {line}"
        )
    return [_spliced(path, before, added)], ""


def _put_model(
    plan: ImportPlan, root: Path, *, force: bool
) -> tuple[list[Change], str]:
    """Put a new model into the models module of an app that exists.

    Where that is not safe, the advice holds the class for the user to paste. No file is
    written until the app has the class, because the other files import it.
    """
    if not plan.is_new_model:
        return [], ""
    name, module = plan.model.name, str(plan.place.folder / "models.py")
    source = format_files({module: render_model(plan)}, root)[module]
    path = root.absolute() / module
    known = known_model(plan)
    if path.with_suffix("").is_dir():
        return [], _refusal(plan, known) if known else _advice_on_package(plan, source)
    before = path.read_bytes() if path.is_file() else b""
    put = put_class(_text(before), name, source)
    if not isinstance(put, edits.Cannot):
        return [_spliced(path, before, put, force=force)], ""
    if known:
        return [], _refusal(plan, known)
    return [], (
        f"{name} cannot be added to {shown(path, root)}, because {put.reason}, so "
        f"nothing was written. Add the class there, then run startimport again:\n\n{source}"
    )


def _refusal(plan: ImportPlan, known: type[Model]) -> str:
    """Return why a model that Django knows cannot be the new one; empty if it can."""
    others = other_fields(plan, known)
    if not others:
        return ""
    noun, verb = ("field", "differs") if len(others) == 1 else ("fields", "differ")
    return (
        f"{plan.model_label} exists, and its {noun} {', '.join(others)} {verb} from what "
        f"startimport would write, so nothing was written. Use --model {plan.model_label} "
        "to import into the model as it is, or --model-name to name a new one."
    )


def _advice_on_package(plan: ImportPlan, source: str) -> str:
    return (
        f"{plan.place.folder}/models/ is a package, so nothing was written. Add the class "
        f"{plan.model.name} to a module of it, and import it in its __init__.py; then run "
        f"startimport again:\n\n{source}"
    )


def _put_admin(
    plan: ImportPlan, root: Path, files: dict[str, str]
) -> tuple[list[Change], str]:
    """Put the admin of a new model into an app that exists, or return it as advice."""
    folder = root.absolute() / plan.place.folder
    path, package = folder / "admin.py", folder / "admin"
    source = files[str(plan.place.folder / "admin.py")]
    if package.exists():
        return [], _advice_on_admin(
            plan, shown(package, root), "it is a package", source
        )
    if not path.exists():
        return [Change(path, Status.CREATE, None, source.encode())], ""
    before = path.read_bytes()
    put = put_admin(_text(before), plan.model.name, source)
    if isinstance(put, edits.Cannot):
        return [], _advice_on_admin(plan, shown(path, root), put.reason, source)
    return [_spliced(path, before, put)], ""


def _advice_on_admin(plan: ImportPlan, where: str, reason: str, source: str) -> str:
    return (
        f"{where} was not changed, because {reason}. To have {plan.model.name} in the "
        f"admin, add:\n\n{source}".rstrip()
    )


def _spliced(
    path: Path,
    before: bytes,
    result: edits.Edited | edits.AlreadyThere | edits.Differs,
    *,
    force: bool = False,
) -> Change:
    """Return the change of a file that a person wrote."""
    match result:
        case edits.Edited(text):
            return Change(path, Status.APPEND, before, text.encode())
        case edits.Differs(text):
            status = Status.FORCE if force else Status.CONFLICT
            return Change(path, status, before, text.encode())
        case edits.AlreadyThere():
            return Change(path, Status.IDENTICAL, before, before)


def _text(content: bytes) -> str:
    # Bytes that are not UTF-8 become text that is not valid Python.
    return content.decode(errors="surrogateescape")


def _kept_package(change: Change) -> Change:
    # The folder is a package, whatever its __init__.py holds.
    return _kept(change) if change.path.name == "__init__.py" else change


def _kept(change: Change) -> Change:
    if change.before is None or change.status is Status.IDENTICAL:
        return change
    return Change(change.path, Status.SKIP, change.before, change.before)

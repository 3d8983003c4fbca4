"""Say as JSON what a project has: run by the Python of the project, through its manage.py.

    python probe.py MANAGE_PY PACKAGE ...

Python 3.6 can run this file, to be refused with a sentence afterwards.
"""

import json
import os
import runpy
import sys
from importlib import import_module, util
from typing import Any

MARK = "importkit probe: "


def versions(names: "list[str]") -> "dict[str, str | None]":
    """Return the installed version of each package; None where there is none."""
    try:
        metadata = import_module("importlib.metadata")
    except ImportError:
        return {}
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def place(name: str) -> "str | None":
    """Return the folder in which the first package of a dotted name stands."""
    spec = util.find_spec(name.partition(".")[0])
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return os.path.dirname(
            os.path.abspath(next(iter(spec.submodule_search_locations)))
        )
    return os.path.dirname(os.path.abspath(spec.origin or ""))


def settings() -> "dict[str, Any]":
    """Return where the settings are, and what they hold."""
    name = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if not name:
        return {"error": "manage.py names no DJANGO_SETTINGS_MODULE"}
    found: dict[str, Any] = {"settings": name, "root": place(name)}
    for package in ("importkit", "importruns", "generators"):
        found[package] = place(package)
    try:
        module = import_module(name)
    except (Exception, SystemExit) as error:
        found["error"] = told(error)
        return found
    apps = getattr(module, "INSTALLED_APPS", None)
    databases = getattr(module, "DATABASES", {}).values()
    return dict(
        found,
        file=os.path.abspath(str(module.__file__)),
        apps=list(apps) if isinstance(apps, (list, tuple)) else None,
        tuple=isinstance(apps, tuple),
        debug=hasattr(module, "DEBUG"),
        debugs=bool(getattr(module, "DEBUG", False)),
        postgresql=any("postg" in each.get("ENGINE", "") for each in databases),
    )


def told(error: BaseException) -> str:
    """Return the first line of what an error says."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"


def main() -> None:
    """Run manage.py, but stop where it would run a command."""
    manage, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    found: dict[str, Any] = {
        "python": list(sys.version_info[:3]),
        "packages": versions(names),
    }
    sys.path[0] = os.path.dirname(manage)
    sys.argv = [manage, "check"]

    def stand_in(_: object = None) -> None:
        found.update(settings())

    try:
        management = import_module("django.core.management")
        # Set where manage.py takes it from, so that no command is run.
        vars(management)["execute_from_command_line"] = stand_in
        runpy.run_path(manage, run_name="__main__")
    except (Exception, SystemExit) as error:
        if "settings" not in found:
            found["error"] = told(error)
    print("\n" + MARK + json.dumps(found))


main()

"""What a benchmark ran on, and with."""

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which

PACKAGES = (
    "django",
    "polars",
    "psycopg",
    "duckdb",
    "winidjango",
    "django-import-export",
    "django-postgres-copy",
)


def machine() -> dict[str, str]:
    """Describe the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "CPU": _cpu(),
        "cores": str(os.cpu_count()),
        "RAM": f"{memory / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions(postgres: str) -> dict[str, str]:
    """List what was measured, and what it ran on.

    Args:
        postgres: The version of the server; empty where none was started.
    """
    found = {
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "sqlite3": _shell(),
        "PostgreSQL": postgres,
        **{name: _installed(name) for name in PACKAGES},
    }
    return {name: number or "none" for name, number in found.items()}


def _cpu() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return names[0].strip() if names else platform.processor() or "unknown"


def _shell() -> str:
    if not (shell := which("sqlite3")):
        return ""
    asked = subprocess.run(  # noqa: S603  a program of the PATH, asked for its version
        [shell, "--version"], capture_output=True, text=True, check=True
    )
    return asked.stdout.split()[0]


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""

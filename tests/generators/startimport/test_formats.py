"""Files of each format: their generated tests are green, and their admin pages open."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.processes import succeed

ROWS = 40
# A price list in German, a sheet below a title, and formats that give types.
PRICES = "Artikel-Nr.;Preis;MwSt.;Gültig ab;Lieferbar;Telefon\r\n" + "".join(
    f"{number:05};{number * 7},50 €;19 %;{number % 28 + 1:02}.03.2026;"
    f"{'ja' if number % 2 else 'nein'};+49 30 12 34 {number + 10}\r\n"
    for number in range(1, ROWS)
)
EVENTS = [
    {
        "event_id": f"ev-{number:04}",
        "state": ("open", "done")[number % 2],
        "at": f"2026-03-{number % 28 + 1:02}T10:00:00Z",
        "amount": number * 1.5,
        "data": {"pieces": number},
    }
    for number in range(ROWS)
]
PARTS = pl.DataFrame(
    {
        "code": [f"P-{number:03}" for number in range(ROWS)],
        "pieces": [*range(ROWS)],
        "day": [date(2026, 3, number % 28 + 1) for number in range(ROWS)],
    }
)
# Opens each page of the admin of the apps: what its options ask of the table, too.
PAGES = """
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["*"], False
client = Client()
client.force_login(User.objects.create_superuser("name"))
for model, of_model in admin.site._registry.items():
    options, row = model._meta, model.objects.first()
    if options.app_label not in apps:
        continue
    queries = ["", "add/", f"{row.pk}/change/"]
    for name in of_model.search_fields:
        queries.append(f"?q={getattr(row, name.lstrip('='))}")
    for name in of_model.list_filter:
        value = getattr(row, name)
        queries.append(f"?{name}__exact={int(value) if value in (True, False) else value}")
    if name := of_model.date_hierarchy:
        day = getattr(row, name)
        queries.append(f"?{name}__year={day.year}&{name}__month={day.month}")
    for query in queries:
        page = client.get(f"/admin/{options.app_label}/{options.model_name}/{query}")
        # The value that is asked for is on its page.
        assert str(row) in page.content.decode() or query == "add/", query
        print(page.status_code, query)
"""

# One worker runs them all, because they share the project.
pytestmark = pytest.mark.xdist_group("formats")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sample of each format, by the name of its import."""
    folder = tmp_path_factory.mktemp("samples")
    found = {
        "prices": folder / "prices.csv",
        "stores": folder / "stores.xlsx",
        "events": folder / "events.ndjson",
        "companies": folder / "companies.json",
        "parts": folder / "parts.parquet",
    }
    found["prices"].write_bytes(PRICES.encode("cp1252"))
    PARTS.write_excel(found["stores"], "Stores", position=(2, 0))
    lines = (f"{json.dumps(event)}\n" for event in EVENTS)
    found["events"].write_text("".join(lines), encoding="utf-8")
    companies = [{"code": f"C{n:03}", "name": f"Firm {n}"} for n in range(ROWS)]
    found["companies"].write_text(json.dumps(companies), encoding="utf-8")
    PARTS.write_parquet(found["parts"])
    return found


@pytest.fixture(scope="module")
def project(
    compiled: Path, files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project with an import of each file, and with the rows of the files."""
    folder = tmp_path_factory.mktemp("formats") / "project"
    shutil.copytree(compiled, folder)
    manage = ["python", "manage.py"]
    for name, path in files.items():
        succeed([*manage, "startimport", name, path, "-v0"], folder)
    succeed([*manage, "migrate", "-v0"], folder)
    for name, path in files.items():
        succeed([*manage, f"import_{name}", "--file", path, "-v0"], folder)
    return folder


def test_the_generated_tests_are_green_in_both_runners(
    project: Path, files: dict[str, Path]
) -> None:
    by_django = succeed(["python", "manage.py", "test"], project)
    by_pytest = succeed(["python", "-m", "pytest", "-q", *files], project)

    ran = re.findall(r"Ran (\d+) tests|(\d+) passed", by_django + by_pytest)
    assert [*map("".join, ran)] == ["45", "45"]


def test_a_file_is_tested_in_the_format_of_the_sample(
    project: Path, files: dict[str, Path]
) -> None:
    tests = {
        name: (project / name / f"tests/test_import_{name}.py").read_text("utf-8")
        for name in files
    }

    written = {
        name: re.findall(r"\.(write_\w+|writerows)\(", text)
        for name, text in tests.items()
    }
    assert written == {
        "prices": ["writerows"],
        "stores": ["write_excel"],
        "events": ["write_ndjson"],
        "companies": ["write_json"],
        "parts": ["write_parquet"],
    }


def test_the_migrations_are_those_that_django_would_make(
    project: Path, files: dict[str, Path]
) -> None:
    succeed(["python", "manage.py", "makemigrations", "--check", *files], project)


def test_the_pages_of_the_admin_open(project: Path, files: dict[str, Path]) -> None:
    code = f"apps = {[*files]!r}\n{PAGES}"

    output = succeed(["python", "manage.py", "shell", "-v0", "-c", code], project)

    assert {line.split()[0] for line in output.splitlines()} == {"200"}
    for query in ("?q=", "?state__exact=", "?lieferbar__exact=", "?gultig_ab__year="):
        assert query in output

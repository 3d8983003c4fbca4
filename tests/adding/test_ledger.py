"""The ledger of imports comes with the rest, and is on only where the project says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.adding.running import PYTHON, add
from tests.processes import run, succeed

SAID = '"importruns" in INSTALLED_APPS, and then migrate, keeps a record of each import'
SAMPLE = "code,price\nA-1,1.50\nA-2,2.00\n"
ON = 'INSTALLED_APPS += ["importruns"]\n'
# A second database, and a router that has a say on all tables of both.
ROUTER = """
class Router:
    def db_for_read(self, model, **hints):
        return "second" if model._meta.app_label == "goods" else "replica"

    def db_for_write(self, model, **hints):
        return "second" if model._meta.app_label == "goods" else "default"

    def allow_migrate(self, db, app_label, **hints):
        return db == ("second" if app_label == "goods" else "default")
"""
TWO = """
DATABASES["replica"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
DATABASES["second"] = {**DATABASES["default"], "NAME": BASE_DIR / "second.sqlite3"}
DATABASE_ROUTERS = ["site_of_ours.routers.Router"]
"""
# A test that sees its rows committed, in a database that is a file.
TEST = """
from django.core.management import call_command
from django.test import TransactionTestCase

from goods.models import Good


class Tests(TransactionTestCase):
    def test_an_import(self):
        call_command("import_goods", file="{}")
        self.assertEqual(Good.objects.count(), 2)
"""


@pytest.fixture
def goods(site: Path) -> Path:
    """A project with an import, and with the ledger on."""
    add(site)
    (site / "goods.csv").write_text(SAMPLE)
    manage(site, "startimport", "goods", "goods.csv")
    settings(site, ON)
    return site


def settings(site: Path, text: str) -> None:
    with (site / "site_of_ours/settings.py").open("a") as file:
        file.write(text)


def manage(site: Path, *arguments: str) -> str:
    return succeed(["python", "manage.py", *arguments], site)


def test_that_it_can_be_switched_on_is_said_until_it_is(site: Path) -> None:
    first = add(site)
    settings(site, ON)
    second = add(site)

    assert f"\n\n{SAID}" in first
    assert SAID not in second


def test_without_its_line_nothing_is_on_record(site: Path) -> None:
    add(site)
    (site / "goods.csv").write_text(SAMPLE)
    manage(site, "startimport", "goods", "goods.csv")
    manage(site, "migrate")

    assert "2 new" in manage(site, "import_goods", "--file", "goods.csv")
    assert "\nOK\n" in manage(site, "test")

    assert not list(site.glob("ledger*"))
    assert (
        "Unknown command: 'imports'"
        in run([PYTHON, "manage.py", "imports"], site).stdout
    )


def test_routers_of_the_project_do_not_lead_the_record_astray(goods: Path) -> None:
    (goods / "site_of_ours/routers.py").write_text(ROUTER)
    settings(goods, TWO)
    manage(goods, "makemigrations", "--check")
    manage(goods, "migrate")
    manage(goods, "migrate", "--database", "second")

    imported = manage(goods, "import_goods", "--file", "goods.csv")

    assert imported == "Goods: 2 new, 0 changed, 0 unchanged.\n"
    assert " done " in manage(goods, "imports")
    with closing(sqlite3.connect(goods / "ledger.sqlite3")) as ledger:
        found = ledger.execute("SELECT status FROM importruns_importrun").fetchall()
    assert found == [("done",)]


def test_makemigrations_asks_no_other_database_than_before(goods: Path) -> None:
    settings(
        goods, 'DATABASES["far"] = {**DATABASES["default"], "NAME": "/no/such/db"}\n'
    )
    manage(goods, "migrate")

    assert manage(goods, "makemigrations", "--check") == "No changes detected\n"


@pytest.mark.parametrize("options", [[], ["--parallel", "2"], ["--keepdb"]])
def test_tests_of_the_project_leave_no_record(options: list[str], goods: Path) -> None:
    settings(
        goods, 'DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "tests.sqlite3"}\n'
    )
    (goods / "goods/tests/test_more.py").write_text(TEST.format(goods / "goods.csv"))

    printed = manage(goods, "test", *options)

    assert "\nOK\n" in printed
    assert "edger" not in printed
    assert not list(goods.glob("ledger*"))


@pytest.mark.parametrize(
    ("default", "why"),
    [
        ("{}", "Please supply the ENGINE value."),
        (
            '{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}',
            "run manage.py migrate.",
        ),
    ],
)
def test_a_project_without_a_lasting_database_keeps_no_record(
    default: str, why: str, goods: Path
) -> None:
    (goods / "site_of_ours/routers.py").write_text(ROUTER)
    settings(
        goods, f'{TWO}DATABASES["default"] = {default}\ndel DATABASES["replica"]\n'
    )
    manage(goods, "check")
    manage(goods, "migrate", "--database", "second")

    imported = manage(goods, "import_goods", "--file", "goods.csv")
    listed = run([PYTHON, "manage.py", "imports"], goods)

    assert imported == "Goods: 2 new, 0 changed, 0 unchanged.\n"
    assert listed.returncode == 1
    assert listed.stdout.startswith("CommandError: There is no record of imports")
    assert why in listed.stdout
    assert not list(goods.glob("ledger*"))

"""The project answers, and its migrations match its models."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
def test_the_health_page_asks_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


def test_the_health_page_says_when_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("config.health.connection", SimpleNamespace(cursor=refuse))

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.content == b"The database does not answer."


@pytest.mark.django_db
def test_the_health_page_answers_a_load_balancer(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["shop.example.com"]

    by_address = client.get("/healthz", headers={"host": "10.0.0.7"})
    page = client.get("/admin/", headers={"host": "shop.example.com"})

    assert by_address.status_code == 200
    assert page.status_code == 301
    assert page["Location"] == "https://shop.example.com/admin/"


@pytest.mark.django_db
def test_the_admin_has_its_style_sheets_with_debug_off(
    client: Client, settings: Settings
) -> None:
    page = client.get("/admin/login/", secure=True)
    style = client.get("/static/admin/css/base.css", secure=True)

    assert not settings.DEBUG
    assert b"/static/admin/css/base.css" in page.content
    assert style.status_code == 200
    assert style["Content-Type"].startswith("text/css")
    style.close()


@pytest.mark.django_db
def test_the_migrations_are_in_step_with_the_models() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True)

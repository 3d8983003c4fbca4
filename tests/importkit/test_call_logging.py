"""What is logged about a call, and above all what is not."""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from importkit.call_logging import LoggingMixin, describe


class Till(LoggingMixin):
    """A class that handles money and secrets."""

    def add(self, first: int, second: int = 1) -> int:
        """Add two numbers."""
        return first + second

    def echo(self, value: object) -> object:
        """Return what is given."""
        return value

    def get_option(self, option: str) -> object:
        """Return the value of an option."""
        return {"api_token": 4711, "batch_size": 500}[option]

    def get_password(self) -> int:
        """Return a secret by name."""
        return 4711

    def handle(self, *args: object, **options: object) -> None:
        """Take anything."""

    def fail(self) -> None:
        """Raise, with data in the message."""
        raise ValueError("Jane Doe")

    def count(self, upto: int) -> Iterator[int]:
        """Yield numbers."""
        yield from range(upto)

    async def wait(self) -> int:
        """Return a number later."""
        return 7

    @classmethod
    def named(cls, name: str) -> None:
        """Belong to the class."""

    @staticmethod
    def free(number: int) -> None:
        """Belong to nobody."""

    @abstractmethod
    def __str__(self) -> str:
        """Be magic."""


class OpenTill(Till):
    """A till that can be made."""

    def __str__(self) -> str:
        """Be magic, and not logged."""
        return "Jane Doe"


@pytest.fixture
def till(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> OpenTill:
    """Return a till whose calls are all logged, as if a second lay between them."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("importkit.call_logging.is_due", lambda *_: True)
    monkeypatch.setattr("importkit.call_logging.time.monotonic", lambda: 0.0)
    return OpenTill()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged."""
    return [record.getMessage() for record in caplog.records]


def test_a_call_is_two_lines(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    assert till.add(2, second=3) == 5

    assert lines(caplog) == [
        "Till - Calling add with (first=2, second=3)",
        "Till - add finished in 0.000 seconds, returning 5",
    ]


def test_magic_methods_are_not_logged(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    assert str(till) == "Jane Doe"

    assert lines(caplog) == []


def test_class_and_static_methods_are_logged(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    till.named("x")
    till.free(3)

    assert [line for line in lines(caplog) if "Calling" in line] == [
        "Till - Calling named with (name=str of 1)",
        "Till - Calling free with (number=3)",
    ]


def test_a_method_is_logged_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    till = OpenTill()
    till.add(1)
    caplog.clear()

    for _ in range(100):
        till.add(1)
    till.echo(None)

    assert [line.split()[3] for line in lines(caplog) if "Calling" in line] == ["echo"]


def test_an_error_is_logged_by_its_type_only(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="Jane"):
        till.fail()

    assert lines(caplog) == [
        "Till - Calling fail with ()",
        "Till - fail raised ValueError after 0.000 seconds",
    ]


def test_a_wrong_call_still_says_what_is_wrong(till: Till) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        till.add()  # type: ignore[call-arg]  # the point of the test


@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING])
def test_a_generator_and_a_coroutine_are_logged_when_they_are_called(
    level: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(level)
    till = OpenTill()

    assert list(till.count(3)) == [0, 1, 2]
    assert asyncio.run(till.wait()) == 7
    assert "__str__" in Till.__abstractmethods__
    called = [line.split()[3] for line in lines(caplog) if "Calling" in line]
    assert called == (["count", "wait"] if level == logging.DEBUG else [])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (12_345, "12345"),
        (4_111_111_111_111_111, "int"),
        (19.99, "float"),
        ("Jane Doe", "str of 8"),
        (b"Jane", "bytes of 4"),
        ({"name": "Jane Doe"}, "dict of 1"),
        (["Jane"] * 1_000_000, "list of 1000000"),
        (pl.DataFrame({"name": ["Jane"], "age": [9]}), "DataFrame of 1 x 2"),
        (pl.Series(["Jane"]), "Series of 1"),
        (pl.LazyFrame({"name": ["Jane"]}), "LazyFrame"),
        (OpenTill(), "OpenTill"),
    ],
)
def test_a_value_is_its_type_and_size(value: object, shown: str) -> None:
    assert describe("value", value) == shown


def test_a_value_is_never_written_out_to_be_described() -> None:
    class Untold:
        def __repr__(self) -> str:
            raise AssertionError

    assert describe("value", [Untold()] * 3) == "list of 3"
    assert describe("value", Untold()) == "Untold"
    assert describe("value", pl.DataFrame({"n": [1, 2]})) == "DataFrame of 2 x 1"


@pytest.mark.parametrize(
    "name",
    ["password", "API_TOKEN", "client_secret", "api_key", "apikey", "key", "pin"],
)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert describe(name, 4711) == "***"


@pytest.mark.parametrize("name", ["monkey", "keyboard", "passing", "pinned", "author"])
def test_an_innocent_name_is_no_secret(name: str) -> None:
    assert describe(name, 4711) == "4711"


def test_secrets_and_data_do_not_reach_the_log(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    options: dict[str, Any] = {"password": 4711, "dsn": "postgres://me:4711@db"}

    till.get_option("api_token")
    till.get_password()
    till.handle("4711", **options)
    till.echo(options)
    till.echo({"row": "Jane Doe"})
    till.echo("Jane Doe")

    logged = "\n".join(lines(caplog))
    assert "4711" not in logged
    assert "Jane" not in logged
    assert "Calling get_option with (option='api_token')" in logged
    assert "(args=tuple of 1, password=***, dsn=***)" in logged


def test_an_option_that_is_no_secret_is_shown(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    till.get_option("batch_size")

    assert lines(caplog)[-1].endswith("returning 500")


def test_nothing_is_described_when_nothing_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr("importkit.call_logging.describe", None)
    monkeypatch.setattr("importkit.call_logging.named_arguments", None)
    monkeypatch.setattr("importkit.call_logging.is_due", None)

    assert OpenTill().add(1) == 2


def test_a_property_stays_a_property() -> None:
    class Shop(LoggingMixin):
        @property
        def is_open(self) -> bool:
            return False

    assert Shop().is_open is False

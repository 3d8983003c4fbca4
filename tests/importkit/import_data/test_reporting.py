"""What is printed at the end of a run, and in which colours."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.importkit.import_data.goods import goods
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db
ESCAPE = "\x1b["
ALLOWED = ["--on-error", "skip", "--allow-rejects", "9"]


class Terminal(io.StringIO):
    """An output that takes itself for a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run on a terminal that has colours, whatever these tests run on."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("DJANGO_COLORS", raising=False)
    monkeypatch.setattr("django.core.management.color.supports_color", lambda: True)


def printed(file: Path, out: io.StringIO, *flags: str) -> str:
    call_command(goods(file), *ALLOWED, "--dry_run", *flags, stdout=out)
    return out.getvalue()


def test_a_terminal_has_colours(file: Path) -> None:
    assert ESCAPE in printed(file, Terminal())


@pytest.mark.parametrize("value", ["1", "0", "no"])
def test_no_color_is_heard(
    file: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("NO_COLOR", value)

    assert ESCAPE not in printed(file, Terminal())
    assert ESCAPE in printed(file, Terminal(), "--force-color")


def test_no_color_that_is_empty_says_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")

    assert ESCAPE in printed(file, Terminal())


def test_djangos_own_flag_is_heard(file: Path) -> None:
    assert ESCAPE not in printed(file, Terminal(), "--no-color")


def test_what_is_no_terminal_has_no_colours(file: Path) -> None:
    assert ESCAPE not in printed(file, io.StringIO())


@pytest.mark.parametrize(("no_color", "is_coloured"), [("", True), ("1", False)])
def test_errors_on_a_terminal_are_in_colour_unless_no_color_is_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, no_color: str, *, is_coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    err = Terminal()
    monkeypatch.setattr("sys.stderr", err)

    with pytest.raises(SystemExit) as ended:
        goods(file).run_from_argv(["manage.py", "import_goods", "--skip-checks"])

    assert ended.value.code == 1
    assert (ESCAPE in err.getvalue()) == is_coloured


def test_v0_prints_only_errors_and_ends_with_their_code(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["manage.py", "import_goods", "-v0", "--skip-checks", "--on-error", "skip"]
    with pytest.raises(SystemExit) as ended:
        goods(file).run_from_argv(argv)

    out, err = capsys.readouterr()
    assert (out, ended.value.code) == ("", 1)
    assert err.startswith("CommandError: 5 problems in 5 rows:\n")


def test_a_value_cannot_speak_to_the_terminal(file: Path) -> None:
    file.write_text("sku,price,store\na,\x1b]0;owned\a\u202e,\n")

    with pytest.raises(CommandError) as error:
        call_command(goods(file), stdout=io.StringIO())

    assert str(error.value) == (
        "1 problem in 1 row:\n"
        "  price: not a number of up to 6 digits and 2 decimals [unreadable], 1 row\n"
        "    2 | a,\\x1b]0;owned\\x07\\u202e,\n"
        "      |   ^^^^^^^^^^^^^^^^^^^^^^ '\\x1b]0;owned\\x07'\n"
        "    Correct the value, or declare how it is read in get_col_parser_map.\n"
        "docs/codes.md says what each code in brackets means.\n"
        "Nothing was written."
    )


def test_an_output_of_few_characters_does_not_stop_a_run_that_is_done(
    file: Path,
) -> None:
    file.write_text("sku,price,store\né,zwei,\nb,2,\n", encoding="utf-8")
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")

    call_command(goods(file), *ALLOWED, stdout=out, no_color=True)

    out.flush()
    assert b"2 | \\xe9,zwei,\n" in raw.getvalue()
    assert Product.objects.count() == 1

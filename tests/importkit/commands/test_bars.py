"""A bar of rows on a terminal: its numbers can be read, and nothing of it stays."""

import io

import pytest

from importkit.commands.bars import RowsBar


def test_a_bar_has_thousands_marks_and_clears_its_whole_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    terminal = io.StringIO()
    monkeypatch.setattr("sys.stderr", terminal)

    bar = RowsBar("products", 0, is_shown=True)
    bar.update(1_234_567)
    bar.refresh()
    bar.close()

    assert "\rproducts: 1,234,567 rows [00:00, " in terminal.getvalue()
    assert terminal.getvalue().endswith(f"\r{' ' * 59}\r")


def test_a_bar_that_was_not_shown_clears_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr("sys.stderr", terminal)

    for bar in RowsBar("x", 0, is_shown=False), RowsBar("x", 60, is_shown=True):
        bar.update(1)
        bar.close()

    assert terminal.getvalue() == ""


def test_a_bar_that_is_interrupted_while_it_is_drawn_is_cleared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def write(self, text: str) -> int:
            super().write(text)
            if "1,000" in text:
                raise KeyboardInterrupt
            return len(text)

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    bar = RowsBar("products", 0.001, is_shown=True)

    with pytest.raises(KeyboardInterrupt):
        bar.update(1000)
        bar.refresh()
    bar.close()

    assert terminal.getvalue().rpartition("1,000")[2].endswith(" \r")

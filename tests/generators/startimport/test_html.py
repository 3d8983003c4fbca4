"""``startimport --html``: one page is written, and no code."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.generators.startimport.runs import Start, contents


def test_a_page_loads_nothing_and_runs_nothing(start: Start, tmp_path: Path) -> None:
    page = tmp_path / "sample.html"

    output = start("gadgets", "--html", str(page))

    text = page.read_text(encoding="utf-8")
    assert output.endswith(f'The page is "{page}".\n')
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
    assert "<script" not in text


def test_a_page_alone_is_written(start: Start, project: Path, tmp_path: Path) -> None:
    start("gadgets", "--html", str(tmp_path / "sample.html"))

    assert contents(project) == {}


def test_a_file_that_is_there_stays_unless_it_is_a_page_and_forced(
    start: Start, tmp_path: Path, sample: Path
) -> None:
    page = tmp_path / "sample.html"
    page.write_text("mine", encoding="utf-8")

    with pytest.raises(CommandError, match="exists: name another file, or") as caught:
        start("gadgets", "--html", str(page))
    assert caught.value.returncode == 2
    assert page.read_text(encoding="utf-8") == "mine"
    start("gadgets", "--html", str(page), "--force")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    before = sample.read_bytes()
    with pytest.raises(CommandError, match=r"has to end with \.html"):
        start("gadgets", "--html", str(sample), "--force")
    assert sample.read_bytes() == before

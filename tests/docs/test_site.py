"""The documentation site is built from the documents, and asks no other server."""

import re
import tomllib
from pathlib import Path

from tests.processes import succeed
from tests.template.baking import FOLDER, REPOSITORY


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    printed = succeed(["python", "docs/site/build.py", tmp_path], REPOSITORY)

    assert "No issues found" in printed
    for guide in (REPOSITORY / FOLDER / "docs").glob("[a-z]*.md"):
        assert (tmp_path / "site" / "guides" / guide.stem / "index.html").exists()
    loaded = [
        address
        for page in (tmp_path / "site").rglob("*.html")
        for address in re.findall(
            r"<(?:script|link|img)[^>]*(?:src|href)=\"?(http[^\" >]+)", page.read_text()
        )
    ]
    assert loaded == []
    start = (tmp_path / "site" / "index.html").read_text()
    assert 'href="guides/importing/"' in start


def test_each_page_of_the_site_is_in_its_navigation(tmp_path: Path) -> None:
    succeed(["python", "docs/site/build.py", tmp_path], REPOSITORY)
    listed = (tmp_path / "zensical.toml").read_text()

    pages = {
        str(page.relative_to(tmp_path / "pages"))
        for page in (tmp_path / "pages").rglob("*.md")
    }

    navigation = tomllib.loads(listed)["project"]["nav"]
    assert pages == set(re.findall(r"[\w/]+\.md", str(navigation)))

"""Messages name the guides where they lie in a project."""

from pathlib import Path

import pytest

from tests.adding.layouts import LAYOUTS
from tests.adding.running import add
from tests.processes import succeed

SAY = "from importkit import guides; print(guides.see(guides.TWO_RUNS))"


@pytest.mark.parametrize("layout", ["plain", "src, and settings that are divided"])
@pytest.mark.parametrize("has_documents", [True, False])
def test_messages_name_the_folder_of_the_guides(
    layout: str, has_documents: bool, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    LAYOUTS[layout].make(site)
    if has_documents:
        (site / "docs").mkdir()
        (site / "docs/README.md").write_text("Ours.\n")
    add(site)

    root = next(path.parent for path in site.rglob("importkit/guides.py")).parent
    said = succeed(["python", "-c", SAY], root)

    place, _, _ = said.removeprefix("See ").partition("#")
    assert (site / place).is_file()
    assert ("docs/importkit/" in place) is has_documents

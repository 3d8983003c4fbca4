"""Each link of a document leads to a file and a heading that exist, offline."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.template.baking import REPOSITORY, template_files

DOCUMENTS = [REPOSITORY / name for name in template_files() if name.endswith(".md")]
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub and the site make them."""
    text = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.M | re.S)
    words = [re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text)]
    return {title.replace(" ", "-") for title in words}


def leads_nowhere(document: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = document.parent / path if path else document
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY))
)
def test_the_links_of_a_document_lead_somewhere(document: Path) -> None:
    links = LINK.findall(CODE.sub("", document.read_text()))

    here = [link for link in links if "://" not in link]

    assert [link for link in here if leads_nowhere(document, link)] == []

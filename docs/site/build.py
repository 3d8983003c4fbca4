"""Build the documentation site from the documents of the repository, without a warning.

``uv run docs/site/build.py`` writes ``build/docs/site/``. The guides lie in the folder of the
project, whose name no address can hold: here they become ``guides/``, and links follow.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDES = REPOSITORY / "{{cookiecutter.project_slug}}" / "docs"
LINK = re.compile(r"(?<=\]\()[^)\s#]+(?=[)#])")


def main() -> int:
    """Lay out the pages, and have them built; return the exit code."""
    folder = Path(sys.argv[1] if sys.argv[1:] else REPOSITORY / "build" / "docs")
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(folder / "pages")
    shutil.copy(Path(__file__).with_name("zensical.toml"), folder)
    zensical = Path(sys.executable).with_name("zensical")
    return subprocess.call([zensical, "build", "--strict"], cwd=folder)  # noqa: S603  nothing of it comes from outside


def lay_out(pages: Path) -> None:
    """Copy the documents, and the files to which they link, to their places in the site."""
    documents = [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/*.md"),
        *REPOSITORY.glob("benchmarks/*.md"),
        *GUIDES.glob("*.md"),
    ]
    for document in documents:
        text, linked = with_links_of_the_site(document)
        write(pages / place(document), text)
        for file in linked - set(documents):
            (pages / place(file)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, pages / place(file))


def place(file: Path) -> Path:
    """Return where a file of the repository lies in the site."""
    if file.is_relative_to(GUIDES):
        return "guides" / file.relative_to(GUIDES)
    inside = file.relative_to(REPOSITORY)
    return Path("index.md") if inside == Path("README.md") else inside


def with_links_of_the_site(document: Path) -> tuple[str, set[Path]]:
    """Return the text of a document with changed links, and the files of these links."""
    linked: set[Path] = set()

    def follow(found: re.Match[str]) -> str:
        link = found[0]
        if "://" in link:
            return link
        file = (document.parent / unquote(link)).resolve()
        linked.add(file)
        return os.path.relpath(place(file), place(document).parent)

    return LINK.sub(follow, document.read_text(encoding="utf-8")), linked


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

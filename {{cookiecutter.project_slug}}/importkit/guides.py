"""Where to read on: the pages and headings of docs/ that messages name."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
# A project with documents of its own has the guides below them; its docs/ may lie above
# the folder of its packages.
_IS_BELOW = any(
    (folder / "docs" / "importkit" / "codes.md").is_file()
    for folder in (_ROOT, _ROOT.parent)
)


def _placed(guide: str) -> str:
    return guide.replace("docs/", "docs/importkit/", 1) if _IS_BELOW else guide


CODES = _placed("docs/codes.md")
DELETIONS = _placed("docs/importing.md#rows-that-the-source-no-longer-has")
EXPECTATIONS = _placed("docs/importing.md#is-the-file-plausible")
FOREIGN_KEYS = _placed("docs/existing_models.md#a-foreign-key-instead-of-a-text")
FORMATS = _placed("docs/sources.md#formats")
INFERENCE = _placed("docs/inference.md")
OPTIONS_OF_STARTIMPORT = _placed("docs/startimport.md#options")
STOPPED = _placed("docs/running.md#when-a-run-stops")
TWO_RUNS = _placed("docs/running.md#two-runs-at-once")
WRITTEN_OTHERWISE = _placed("docs/importing.md#files-that-are-written-otherwise")


def see(guide: str) -> str:
    """Return the sentence that ends a message: where there is more about it."""
    return f"See {guide}."

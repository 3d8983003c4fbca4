"""Where to read on: the pages and headings of docs/ that messages name."""

CODES = "docs/codes.md"
DELETIONS = "docs/importing.md#rows-that-the-source-no-longer-has"
FOREIGN_KEYS = "docs/existing_models.md#a-foreign-key-instead-of-a-text"
FORMATS = "docs/sources.md#formats"
INFERENCE = "docs/inference.md"
OPTIONS_OF_STARTIMPORT = "docs/startimport.md#options"
STOPPED = "docs/running.md#when-a-run-stops"
TWO_RUNS = "docs/running.md#two-runs-at-once"
WRITTEN_OTHERWISE = "docs/importing.md#files-that-are-written-otherwise"


def see(guide: str) -> str:
    """Return the sentence that ends a message: where there is more about it."""
    return f"See {guide}."

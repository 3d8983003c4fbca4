"""Record the names of months and days that startimport knows, from CLDR through babel.

``uv run python -m tests.generators.inference.calendar_names`` writes the table anew.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale, localedata

# By the number of files that people are likely to have: the first that fits is taken.
LOCALES = (
    "en en_GB es fr de it pt nl pl ru uk cs sk sv da nb fi nn is et lv lt hu ro hr sl sr "
    "sr_Latn bs mk bg be el tr kk ca gl eu id ms az af sw sq ga cy fil th ar he hi"
)
RULES = Path(__file__).parents[3] / "generators/inference/rules"
TABLE = RULES / "calendar_names.tsv"
MONTHS, WEEKDAYS = range(1, 13), range(7)


def table() -> str:
    """Return the table: a language, months or weekdays, and their names in a line."""
    lines = []
    for locale in LOCALES.split():
        data = localedata.load(locale)
        for kind, places in (("months", MONTHS), ("days", WEEKDAYS)):
            found = dict.fromkeys(_forms(data[kind], places))
            language = Locale.parse(locale).english_name or locale
            lines += ["\t".join((language, kind, *names)) for names in found]
    return "\n".join([*lines, ""])


def _forms(data: Mapping[str, Any], places: range) -> Iterator[tuple[str, ...]]:
    """Yield the ways in which a locale writes its months or days."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            names = data.get(context, {}).get(width)
            # A pair is another form and what differs from it; an alias only points to it.
            own = names[1] if isinstance(names, tuple) else names
            if isinstance(own, dict) and all(n in own for n in places):
                yield tuple(_bare(own[n]) for n in places)


def _bare(name: str) -> str:
    """Return a name without the article of its date: Catalan writes "de gener"."""
    name = unicodedata.normalize("NFC", name)
    return name.removeprefix("de ").removeprefix("d\N{RIGHT SINGLE QUOTATION MARK}")


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8", newline="\n")

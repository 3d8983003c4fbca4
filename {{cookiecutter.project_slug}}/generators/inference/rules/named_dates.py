"""Rules for dates with names of months or of days of the week, in about fifty languages.

The names are those of Unicode's CLDR; ``calendar_names.tsv`` has a line for each way in
which a language writes them. All values have to be dates with the names of one line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl

from generators.inference.column import Column, Kind
from generators.inference.rules.dates import (
    DATES,
    SHORT_DATES,
    for_people,
    formats_like,
)
from importkit import cleaning

OR = "|"  # Stands between the spellings of a name.
TABLE = Path(__file__).with_name("calendar_names.tsv")
MONTHS, DAYS = "months", "days"
# Letters that most programs keep of a name where they have no list of short names.
SHORT = 3
# Characters: a longer text is a sentence that may begin with a date.
LONGEST = 60
# Words between the parts of a date, which mean nothing by themselves.
PARTICLES = frozenset(
    [
        "de",
        "del",
        "of",
        "the",
        "den",
        "d.",
        "di",
        "do",
        "da",
        "et",
        "à",
        "a",
        "um",
        "kl.",
        "kl",
        "klo",
        "las",
        "at",
        "г.",
        "г",
        "года",
        "р.",
        "р",
        "року",
        "roku",
        "y",
        "m",
    ]
)
NAME = r"[^\s\d,/().-][^\s\d,/()-]*"
CLOCK = re.compile(r"\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<half> ?[ap]m)?$", re.I)
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th|er|re|e|º|ª|°)(?![^\W\d_])", re.I)
SPACES = r"[ \x{00a0}\x{202f}]+"


@dataclass(frozen=True)
class Form:
    """A way in which a language writes the names of months or of days.

    Attributes:
        language: The language, in English.
        kind: ``months`` or ``days``.
        names: The names, from January or from Monday on.
        bare: Whether the names are without the accents of the language.
    """

    language: str
    kind: str
    names: tuple[str, ...]
    bare: bool = False


@dataclass(frozen=True)
class Template:
    """How a date is written: its format, and the pattern that finds its names."""

    format: str
    pattern: str


def infer_named(draft: Column, values: pl.Series) -> Column | None:
    """Infer dates and datetimes with names of months or of days of the week.

    Evidence: every value is a day of the calendar in one format, with names of one
    language; a name of a day is that of the date. Where names are those of different
    months in two languages, or a date fits two orders, the column stays text.
    """
    for template in _templates(values[0]):
        found = values.str.extract_groups(template.pattern).struct.unnest()
        names = {
            kind: {_folded(name) for name in found[kind].unique().to_list() if name}
            for kind in found.columns
        }
        if any(found[kind].null_count() for kind in found.columns):
            continue
        forms = {kind: _forms_with(kind, names[kind], {*found[kind]}) for kind in names}
        forms = _of_one_language(forms)
        if all(forms.values()):
            return _with_names(draft, values, template, names, forms)
    return None


def _with_names(
    draft: Column,
    values: pl.Series,
    template: Template,
    names: dict[str, set[str]],
    forms: dict[str, list[Form]],
) -> Column | None:
    total = len(values)
    if two := _of_different_months(names.get(MONTHS, set()), forms.get(MONTHS)):
        why = f"{total:,} of {total:,} read as dates, of one month in {two[0]}"
        return replace(draft, evidence=f"{why} and another in {two[1]}")
    months = _all_spellings(forms[MONTHS]) if MONTHS in forms else ()
    fits = []
    for form in forms.get(DAYS, [None]):
        named = replace(draft, months=months, weekdays=form.names if form else ())
        fits += [
            replace(named, kind=kind, format=format_)
            for kind, format_ in _formats(template, values[0])
            if _count(replace(named, kind=kind, format=format_), values) == total
        ]
        if fits:
            break
    if len({column.format for column in fits}) != 1:
        either = " or ".join(for_people(column.format or "") for column in fits)
        why = f"{total:,} of {total:,} read as {either}"
        return replace(draft, evidence=why) if fits else None
    languages = [*dict.fromkeys(f.language for f in _different(forms))]
    why = f"{total:,} of {total:,} read as {fits[0].kind}s "
    why += f"{for_people(fits[0].format or '')}, names in {languages[0]}"
    return replace(fits[0], languages=tuple(languages), evidence=why)


def _all_spellings(forms: list[Form]) -> tuple[str, ...]:
    """Return the months of the first form, with the spellings of the others like it.

    In May alone, a French file does not show whether March is "mars" or "mar.".
    """
    first = forms[0]
    alike = [f for f in forms if (f.language, f.bare) == (first.language, first.bare)]
    months = []
    for ways in zip(*(form.names for form in alike), strict=True):
        spelled = {_folded(name): name for name in reversed(ways)}
        months.append(OR.join(reversed(spelled.values())))
    known = [name for ways in months for name in ways.split(OR)]
    return first.names if len({*map(_folded, known)}) < len(known) else tuple(months)


def _different(forms: dict[str, list[Form]]) -> Iterator[Form]:
    """Yield the form of months that is taken, and those with other names than it has.

    Of the days only the form that is taken: a name that it lacks is refused, and one that
    it has is compared with the date.
    """
    first, *others = forms.get(MONTHS) or forms[DAYS]
    yield first
    own = [*map(_folded, first.names)]
    base = first.language.partition(" (")[0]
    for form in others:
        is_same = form.kind == DAYS or form.language.startswith(base)
        if not is_same and [*map(_folded, form.names)] != own:
            yield form


def _of_different_months(
    names: set[str], forms: list[Form] | None
) -> tuple[str, str] | None:
    """Return two languages in which a name is that of different months, if there are."""
    places = [
        (
            form.language,
            [[*map(_folded, form.names)].index(name) for name in sorted(names)],
        )
        for form in forms or ()
    ]
    for (one, here), (other, there) in pairwise(places):
        if here != there:
            return one, other
    return None


def _count(column: Column, values: pl.Series) -> int:
    make = cleaning.date if column.kind is Kind.DATE else cleaning.datetime
    read = make(column.format or "", months=column.months, weekdays=column.weekdays)
    found = values.to_frame().select(read(pl.col(values.name))).to_series()
    return found.count()


def _formats(template: Template, first: str) -> Iterator[tuple[Kind, str]]:
    """Yield the formats of a template; figures of day and month may be in any order."""
    kind = Kind.DATETIME if re.search("%[HI]", template.format) else Kind.DATE
    if "%B" in template.format:
        yield kind, template.format
        return
    start = re.match(rf"{NAME}", first)
    rest = first[start.end() :].lstrip(" ,") if start else first
    prefix = template.format.removesuffix(rest)
    for found, format_ in formats_like(rest, (*DATES, *SHORT_DATES)):
        yield found, f"{prefix}{format_}"


def _templates(text: str) -> Iterator[Template]:
    """Yield the ways to see a text as a date with names; most texts have none."""
    if len(text) > LONGEST or not re.search(r"\d", text):
        return
    text = ORDINAL.sub("", text)
    clock = CLOCK.search(text)
    body = text[: clock.start()] if clock else text
    parts = [part for part in re.split(rf"(\d+|{NAME})", body) if part]
    days = [n for n, part in enumerate(parts) if _is_name(part, DAYS)][:1]
    months = [n for n, part in enumerate(parts) if _is_name(part, MONTHS)]
    numbers = [n for n, part in enumerate(parts) if part.isdecimal()]
    # "mar" is a day and a month in Spanish: the first of two names is the day.
    if days and months and days[0] == months[0] and len(months) == 1:
        days, months = (days, []) if days[0] == 0 and len(numbers) > 2 else ([], months)
    months = [n for n in months if n not in days][:1]
    others = [p for n, p in enumerate(parts) if n not in {*days, *months, *numbers}]
    if not all(
        p.lower() in PARTICLES or re.fullmatch(r"[\s,./()-]+", p) for p in others
    ):
        return
    end = _clock_format(clock) if clock else ""
    if months and (figures := _figures([parts[n] for n in numbers])):
        yield from _drawn(
            parts, days, months, dict(zip(numbers, figures, strict=True)), end
        )
    elif days == [0] and not months and len(numbers) == 3:
        prefix = f"%a{parts[1]}"
        rest = "".join(parts[2:]) + text[len(body) :]
        yield Template(prefix + rest, rf"^(?P<days>{NAME}){_spaced(parts[1])}\d")


def _drawn(
    parts: list[str],
    days: list[int],
    months: list[int],
    figures: dict[int, str],
    end: str,
) -> Iterator[Template]:
    """Yield templates: a full stop behind a name is part of it, or stands between parts."""
    kinds = dict.fromkeys(days, ("%a", DAYS)) | dict.fromkeys(months, ("%B", MONTHS))
    [month] = months
    stops = ("", ".") if parts[month].endswith(".") else ("",)
    # 05.Jan.2024 has points between its parts, 05 Jan. 2024 a short name.
    if months[0] + 1 in figures:
        stops = stops[::-1]
    for stop in stops:
        format_, pattern = "", ""
        for n, part in enumerate(parts):
            if n in kinds:
                directive, kind = kinds[n]
                format_ += directive + (stop if n in months else "")
                pattern += f"(?P<{kind}>{NAME if not stop else NAME + '?'})"
                pattern += re.escape(stop) if n in months else ""
            else:
                format_ += figures.get(n, part)
                pattern += r"\d+\S*?" if figures.get(n) == "%d" else ""
                pattern += r"\d+" if figures.get(n, "%d") != "%d" else ""
                pattern += "" if n in figures else _spaced(part)
        yield Template(format_ + end, f"(?i)^{pattern}{'.*' if end else '$'}")


def _spaced(literal: str) -> str:
    return re.sub(r"(\\ )+|\xa0|\u202f", lambda _: SPACES, re.escape(literal))


def _figures(numbers: list[str]) -> tuple[str, ...]:
    """Return what two numbers beside the name of a month are; empty if it is unclear."""
    match [len(number) for number in numbers]:
        case [1 | 2, 4]:
            return "%d", "%Y"
        case [4, 1 | 2]:
            return "%Y", "%d"
        case [1 | 2, 2]:
            return "%d", "%y"
    return ()


def _clock_format(clock: re.Match[str]) -> str:
    half = clock["half"]
    end = (
        (":%S" if clock["seconds"] else "") + half[:-2] + "%p"
        if half
        else (":%S" if clock["seconds"] else "")
    )
    return ("%I:%M" if half else "%H:%M") + end


def _is_name(text: str, kind: str) -> bool:
    names = _forms_by_name()[kind]
    return _folded(text) in names or _folded(text).rstrip(".") in names


def _of_one_language(forms: dict[str, list[Form]]) -> dict[str, list[Form]]:
    """Keep the forms of languages that have the months and the days."""
    shared = set.intersection(*({f.language for f in some} for some in forms.values()))
    return {
        kind: [form for form in some if form.language in shared]
        for kind, some in forms.items()
    }


def _forms_with(kind: str, names: Iterable[str], written: set[str]) -> list[Form]:
    """Return the forms that have all of some names.

    Those that write them as the file does come first, then those of more common languages.
    """
    sets = [dict.fromkeys(_forms_by_name()[kind].get(name, ())) for name in names]
    first, *others = sets or [{}]
    found = [form for form in first if all(form in other for other in others)]
    return sorted(found, key=lambda form: not written <= {*form.names})


@cache
def _forms_by_name() -> dict[str, dict[str, list[Form]]]:
    """Return for months and days the forms that have a name, in the order of the table."""
    found: dict[str, dict[str, list[Form]]] = {MONTHS: {}, DAYS: {}}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        language, kind, *names = line.split("\t")
        for form, bare in _spellings(names):
            # A name of one letter, or of two words, is nothing that a column shows.
            if len({*map(_folded, form)}) == len(names) and all(
                len(name) > 1 and " " not in name for name in form
            ):
                for name in form:
                    forms = found[kind].setdefault(_folded(name), [])
                    forms.append(Form(language, kind, form, bare))
    return found


def _spellings(names: list[str]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield names as they are, without full stops, and cut; each also without accents."""
    bare = [name.rstrip(".") for name in names]
    for spelled in (names, bare, [name[:SHORT] for name in bare]):
        yield tuple(spelled), False
        yield tuple(map(_without_accents, spelled)), True


def _without_accents(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _folded(name: str) -> str:
    return name.lower().replace("\N{COMBINING DOT ABOVE}", "")

"""Columns of known values, and the many ways in which people write them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

# What a cell holds. None is an empty cell.
type Value = str | int | Decimal | date | time | bool | None

WORDS = [
    "Bolt",
    "Nut",
    "Cap",
    "Rod",
    "Müller",
    "Nuñez",
    "Ærø",
    "café",
    "Straße",
    "Łódź",
    "Ağrı",
    "Zoë",
    "O'Neill",
    "Smith",
    "north",
    "south",
    "total",
    "Totality",
    "sum",
    "none",
    "Nancy",
    "true-blue",
    "3M",
    "7-Eleven",
]
TRICKY = ("a;b", "x, y", 'a 3" pipe', 'say "hi"', "two\nlines", "a|b", "tab\there")
NOTHING = ("", "", "", "NULL", "n/a", "-")
MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
# The mark between thousands, by the mark before decimals.
OTHER = {".": ",", ",": "."}
SIGNS = ("€", "$", "£")
UNITS = ("kg", "m²", "h")
BOOLEANS = (("true", "false"), ("yes", "no"), ("Y", "N"), ("ja", "nein"), ("T", "F"))
FIRST_DAY = date(2019, 1, 1)
DAYS = 2_500


@dataclass(frozen=True)
class Made:
    """A column: its values in the order of the rows, and each as it is written."""

    header: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]

    def with_line_ends(self, end: str) -> "Made":
        """Return the column with a file's line ends in its texts."""
        values = (
            v.replace("\n", end) if isinstance(v, str) else v for v in self.values
        )
        texts = (text.replace("\n", end) for text in self.texts)
        return Made(self.header, tuple(values), tuple(texts))


type Maker = Callable[[Random, int, str], tuple[Sequence[Value], Sequence[str]]]


def _numbers(values: Sequence[Decimal], write: Callable[[Decimal], str]) -> list[str]:
    return [write(value) for value in values]


def integers(
    rng: Random, rows: int, mark: str
) -> tuple[Sequence[Value], Sequence[str]]:
    """Whole numbers, some of them grouped, signed or with a minus behind."""
    most = 10 ** rng.randint(1, 9)
    values = [rng.randint(rng.choice((0, -most)), most) for _ in range(rows)]
    group = rng.choice(("", "", "", " ", "'", "\u00a0", OTHER[mark]))
    minus = rng.choice(("-", "-", "\u2212"))
    texts = [f"{v:,}".replace(",", group).replace("-", minus) for v in values]
    return values, texts


def decimals(
    rng: Random, rows: int, mark: str
) -> tuple[Sequence[Value], Sequence[str]]:
    """Decimals in a notation of one country, plain, as money or in a unit."""
    places, most = rng.randint(1, 4), 10 ** rng.randint(1, 6)
    scale = 10**places
    values = [
        Decimal(rng.randint(rng.choice((0, -most)) * scale, most * scale)) / scale
        for _ in range(rows)
    ]
    group = rng.choice(("", "", OTHER[mark], " ", "'"))
    sign = rng.choice(("", "", *SIGNS, *UNITS))
    before = sign not in UNITS and rng.random() < 0.5
    negative = rng.choice(("-", "-", "(", "behind"))
    trimmed = rng.random() < 0.2

    def write(value: Decimal) -> str:
        text = f"{abs(value):,.{places}f}"
        if trimmed and not group:
            text = text.rstrip("0").rstrip(".")
        whole, _, rest = text.partition(".")
        text = whole.replace(",", group) + (mark + rest if rest else "")
        if sign:
            text = f"{sign}{text}" if before else f"{text} {sign}"
        if value >= 0:
            return text
        return {"(": f"({text})", "-": f"-{text}", "behind": f"{text}-"}[negative]

    return values, _numbers(values, write)


def dates(rng: Random, rows: int, _mark: str) -> tuple[Sequence[Value], Sequence[str]]:
    """Days, each written in one of the usual ways."""
    values = [FIRST_DAY + timedelta(rng.randrange(DAYS)) for _ in range(rows)]
    form = rng.choice(
        (
            "%Y-%m-%d",
            "%d.%m.%Y",
            "%d/%m/%Y",
            "%m/%d/%Y",
            "%Y%m%d",
            "%d-%m-%y",
            "%d.%m.%y",
            "%Y/%m/%d",
            "named",
            "short",
        )
    )

    def write(day: date) -> str:
        if form == "named":
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        if form == "short":
            return f"{day.day}.{day.month}.{day.year}"
        return day.strftime(form)

    return values, [write(day) for day in values]


def moments(
    rng: Random, rows: int, _mark: str
) -> tuple[Sequence[Value], Sequence[str]]:
    """Days with a time, without a zone."""
    start = datetime(2019, 1, 1)
    values = [start + timedelta(seconds=rng.randrange(10**8)) for _ in range(rows)]
    form = rng.choice(("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"))
    return values, [value.strftime(form) for value in values]


def times(rng: Random, rows: int, _mark: str) -> tuple[Sequence[Value], Sequence[str]]:
    """Times of a day."""
    values = [time(rng.randrange(24), rng.randrange(60)) for _ in range(rows)]
    return values, [value.strftime("%H:%M") for value in values]


def booleans(
    rng: Random, rows: int, _mark: str
) -> tuple[Sequence[Value], Sequence[str]]:
    """Yes and no in several languages."""
    yes, no = rng.choice(BOOLEANS)
    values = [rng.random() < 0.5 for _ in range(rows)]
    return values, [yes if value else no for value in values]


def codes(rng: Random, rows: int, _mark: str) -> tuple[Sequence[Value], Sequence[str]]:
    """Texts of digits, points and letters that are no numbers."""
    form = rng.choice(("zeros", "letters", "version", "long", "phone", "address"))
    texts = []
    for _ in range(rows):
        n = rng.randrange(10**6)
        texts.append(
            {
                "zeros": f"{n % 100_000:05d}",
                "letters": f"A{n % 1000:03d}-{n % 7}",
                "version": f"{n % 9}.{n % 13}.{n % 31}",
                "long": f"{rng.randrange(10**17, 10**18)}",
                "phone": f"+49 30 {n:06d}",
                "address": f"10.{n % 256}.{n % 199}.{n % 251}",
            }[form]
        )
    if form == "zeros":
        texts[0] = "01067"
    return texts, texts


def words(rng: Random, rows: int, _mark: str) -> tuple[Sequence[Value], Sequence[str]]:
    """Running text, with characters that other dialects give a meaning."""
    share = rng.choice((0, 0, 0.1, 0.4))
    texts = [
        rng.choice(TRICKY)
        if rng.random() < share
        else " ".join(rng.choices(WORDS, k=rng.randint(1, 3)))
        for _ in range(rows)
    ]
    return texts, texts


MAKERS: dict[str, Maker] = {
    "count": integers,
    "amount": decimals,
    "booked": dates,
    "changed": moments,
    "opens": times,
    "active": booleans,
    "code": codes,
    "note": words,
}


def column(rng: Random, kind: str, header: str, rows: int, mark: str) -> Made:
    """Make a column; in some, cells are empty, or hold a word that means so.

    Args:
        rng: The source of chance.
        kind: One of ``MAKERS``.
        header: Its header.
        rows: How many rows it has.
        mark: The mark before decimals in the file.
    """
    values, texts = MAKERS[kind](rng, rows, mark)
    share = rng.choice((0, 0, 0.1, 0.5))
    word = rng.choice(NOTHING) if kind != "note" else ""
    gone = [rng.random() < share for _ in range(rows)]
    return Made(
        header,
        tuple(None if out else value for out, value in zip(gone, values, strict=True)),
        tuple(word if out else text for out, text in zip(gone, texts, strict=True)),
    )

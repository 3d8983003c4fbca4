"""Step 2, clean: rows that look like totals, subtotals, opening or closing balances."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from importkit.source import LINE

# Words of totals and balances, by which a text is taken for a label.
PHRASES = (
    r"totals?|(grand|sub|overall|running|net|gross|page|section)[ -]?totals?|sums?"
    r"|summe|(gesamt|zwischen|end|teil|schluss)summe|gesamt(betrag)?|insgesamt"
    r"|somme|sous[ -]total|totaux|totales?|totali|totale generale|total g[ée]n[ée]ral"
    r"|total gene?ral|total geral|subtotal(es)?|totaal|(sub|eind)totaal|suma|razem"
    r"|og[óo]łem|summa|delsumma|sammanlagt|i alt|yhteens[äa]|celkem|spolu|összesen"
    r"|toplam|genel toplam|ara toplam|ukupno|skupaj|итого|всего|итог|разом|усього"
    r"|σύνολο|المجموع|סה\"כ|合計|小計|総計|合计|小计|总计|總計|총계|합계|소계|รวม"
    r"|(opening|closing|starting|ending|beginning|final|previous|new) balance"
    r"|balance (brought|carried) (forward|down)|(brought|carried) forward"
    r"|(anfangs|end|schluss|start)saldo|(alter|neuer) (saldo|kontostand)|[üu]bertrag"
    r"|saldo (inicial|final|iniziale|finale|anterior|początkow[ey]|końcow[ey])"
    r"|solde (initial|final|pr[ée]c[ée]dent|d'ouverture|de cl[ôo]ture)"
    r"|(begin|eind)saldo|(ingående|utgående) (saldo|balans)"
)
EXACT = re.compile(rf"[-=*\s]*({PHRASES})[-=*:.\s]*", re.IGNORECASE)
PARTIAL = re.compile(
    rf"({PHRASES})\b[ :(–-].{{1,30}}|\S.{{0,30}}[ :–-]({PHRASES})[:.\s]*", re.IGNORECASE
)
# Parts of these words, all of which are searched at once; what has none is no label.
STEMS = [
    "total",
    "totaux",
    "sum",
    "somme",
    "gesamt",
    "saldo",
    "solde",
    "balance",
    "totaal",
    "razem",
    "ogółem",
    "ogólem",
    "alt",
    "forward",
    "sammanlagt",
    "yhteens",
    "celkem",
    "spolu",
    "összesen",
    "toplam",
    "ukupno",
    "skupaj",
    "итог",
    "всего",
    "разом",
    "усього",
    "σύνολο",
    "المجموع",
    'סה"כ',
    "合計",
    "小計",
    "総計",
    "合计",
    "小计",
    "总计",
    "總計",
    "총계",
    "합계",
    "소계",
    "รวม",
    "kontostand",
    "bertrag",
    "balans",
]
SPELLED = [way for stem in STEMS for way in (stem, stem.capitalize(), stem.upper())]
LONGEST = 45  # Characters of a label.
NOTHING = re.compile(r"[-–—.*=_ ]*|n/?a|null", re.IGNORECASE)
NUMBER = re.compile(r"[^\d]{0,4}\d[\d.,'’ \u00a0\u202f]*[^\d]{0,4}")
VALUE = re.compile(r"[\d./:,' €$£%+-]+")  # Numbers, dates and times.
CONTEXT = 2_000  # Rows by which the columns are known.
MOSTLY, NEARLY_ALWAYS = 0.9, 0.95  # Shares of cells.
MOST = 1_000  # Rows that are weighed: a file with more has such a word in its values.
NEARLY_EQUAL = 1e-6  # The share by which a sum may differ.
ENOUGH = 3  # Points of evidence.


@dataclass(frozen=True)
class Context:
    """What the other rows tell of a column.

    Attributes:
        is_filled: Whether nearly all cells are filled.
        is_valued: Whether most cells are numbers, dates or times.
        most: The greatest number, if most cells are numbers.
        repeated: The texts that come more than once.
    """

    is_filled: bool
    is_valued: bool
    most: float | None
    repeated: frozenset[str]


def find_totals(rows: pl.DataFrame, searched: Sequence[str]) -> pl.Series:
    """Return which rows look like totals, one boolean a row.

    A word alone proves nothing: a product may be called "Total". So a row needs a label and
    further evidence: cells without a value where other rows have one, the label in a
    column of dates or numbers, or numbers that are the greatest of their columns or the
    sums of the rows before.

    Args:
        rows: Stripped text, with ``_line``; empty cells are null.
        searched: The columns in which labels may stand.
    """
    none = pl.Series([False]).new_from_index(0, rows.height)
    is_candidate = _with_labels(rows, searched)
    candidates = rows.filter(is_candidate)
    if candidates.is_empty() or candidates.height > max(MOST, rows.height // 2):
        return none
    names = [name for name in rows.columns if name != LINE]
    others = rows.filter(~is_candidate)
    known = {name: _context(others[name].head(CONTEXT)) for name in names}
    seen = {name: Counter(candidates[name]) for name in searched}
    found: list[int] = []
    totals: list[int] = []
    places = is_candidate.arg_true()
    for place, row in zip(places, candidates.iter_rows(named=True), strict=True):
        weights = {
            name: _weight(row, name, known, is_again=seen[name][row[name]] > 1)
            for name in searched
            if row[name]
        }
        points = max(weights.values(), default=0)
        if 0 < points < ENOUGH:
            cells = {key: row[key] for key in known}
            numbers = dict(_numbers(cells, known))
            points += 2 * _is_sum(numbers, rows, totals, place)
        if points >= ENOUGH:
            found.append(place)
            totals.append(row[LINE])
    return none.scatter(found, values=True) if found else none


def _with_labels(rows: pl.DataFrame, searched: Sequence[str]) -> pl.Series:
    """Return which rows have a word of totals in some column.

    Parts of these words are searched first, all at once, in a fraction of the time.
    """
    is_label = pl.Series([False]).new_from_index(0, rows.height)
    for name in searched:
        texts = rows[name]
        is_short = texts.str.len_chars() <= LONGEST
        places = (texts.str.contains_any(SPELLED) & is_short).arg_true()
        words = texts.gather(places).str.contains(rf"(?i)\b({PHRASES})(\b|$)")
        is_label = is_label.scatter(places.filter(words), values=True)
    return is_label


def _weight(
    row: dict[str, str | None],
    name: str,
    known: dict[str, Context],
    *,
    is_again: bool,
) -> int:
    """Count the evidence that a row with a label in a column is a total."""
    label = str(row[name])
    if len(label) > LONGEST:
        return 0
    points = 2 if EXACT.fullmatch(label) else int(bool(PARTIAL.fullmatch(label)))
    if not points or label in known[name].repeated:
        return 0
    cells = {key: row[key] for key in known if key != name}
    is_odd = known[name].is_valued or any(
        known[key].is_filled and (cell is None or NOTHING.fullmatch(cell))
        for key, cell in cells.items()
    )
    points += 2 * is_odd
    if is_again and not is_odd:
        return 0  # A part of each group, such as "total" beside "women" and "men".
    numbers = dict(_numbers(cells, known))
    if numbers and all(abs(n) >= (known[key].most or 0) for key, n in numbers.items()):
        points += 1
    return points


def _numbers(
    cells: dict[str, str | None], known: dict[str, Context]
) -> Iterator[tuple[str, float]]:
    for key, cell in cells.items():
        number = _number(cell)
        if known[key].most is not None and number is not None:
            yield key, number


def _is_sum(
    numbers: dict[str, float], rows: pl.DataFrame, totals: Sequence[int], stop: int
) -> bool:
    """Return whether a number is the sum of the cells above it.

    They are those behind the last total, or all but the totals.
    """
    lines = rows[LINE]
    start = lines.index_of(totals[-1]) or 0 if totals else 0
    start += bool(totals)
    if stop - start < 1:
        return False
    for above in (rows[start:stop], rows[:stop].filter(~pl.col(LINE).is_in(totals))):
        for key, number in numbers.items():
            total = sum(_number(cell) or 0 for cell in above[key])
            if number and abs(total - number) <= abs(number) * NEARLY_EQUAL:
                return True
    return False


def _context(cells: pl.Series) -> Context:
    filled = [
        cell for cell in cells if cell is not None and not NOTHING.fullmatch(cell)
    ]
    numbers = [number for cell in filled if (number := _number(cell)) is not None]
    values = sum(VALUE.fullmatch(cell) is not None for cell in filled)
    is_numeric = bool(filled) and len(numbers) >= MOSTLY * len(filled)
    counts = Counter(filled)
    return Context(
        is_filled=bool(filled) and len(filled) >= NEARLY_ALWAYS * len(cells),
        is_valued=bool(filled) and values >= MOSTLY * len(filled),
        most=max(map(abs, numbers)) if is_numeric else None,
        repeated=frozenset(text for text, count in counts.items() if count > 1),
    )


def _number(cell: str | None) -> float | None:
    """Return about which number a cell holds, whatever its marks; None for other text."""
    if not cell or not NUMBER.fullmatch(cell):
        return None
    digits = re.sub(r"[^\d.,]", "", cell)
    last = max(digits.rfind("."), digits.rfind(","))
    whole, places = (digits[:last], digits[last + 1 :]) if last >= 0 else (digits, "")
    if last >= 0 and digits[last] in whole:  # The same mark twice divides thousands.
        whole, places = digits, ""
    number = float(f"{re.sub('[.,]', '', whole) or 0}.{places or 0}")
    is_negative = re.search(r"^[^\d]*[(−-]|[-−]$", cell)
    return -number if is_negative else number

"""Step 2, clean: rows that look like totals, subtotals, opening or closing balances."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

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
# Not compiled here, which takes longer than to load most modules: re keeps what it compiles.
EXACT = rf"(?i)[-=*\s]*({PHRASES})[-=*:.\s]*"
PARTIAL = rf"(?i)({PHRASES})\b[ :(–-].{{1,30}}|\S.{{0,30}}[ :–-]({PHRASES})[:.\s]*"
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
# A search that takes no notice of case knows the letters of ASCII alone.
SPELLED = list(
    dict.fromkeys(
        way
        for stem in STEMS
        for way in (
            [stem] if stem.isascii() else [stem, stem.capitalize(), stem.upper()]
        )
    )
)
LONGEST = 45  # Characters of a label.
NOTHING = re.compile(r"[-–—.*=_ ]*|n/?a|null", re.IGNORECASE)
NUMBER = r"^[^\d]{0,4}\d[\d.,'’ \x{00a0}\x{202f}]*[^\d]{0,4}$"
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
        rows: Cells of any type.
        searched: The columns of text in which labels may stand.
    """
    is_total = pl.Series([False]).new_from_index(0, rows.height)
    is_candidate = _with_labels(rows, searched)
    count = int(is_candidate.sum())
    if not count or count > max(MOST, rows.height // 2):
        return is_total
    # Only now: nearly no batch has a row with a label.
    rows = rows.select(
        pl.all().cast(pl.String, strict=False).str.strip_chars().replace("", None)
    )
    others = rows.filter(~is_candidate).head(CONTEXT)
    known = {name: _context(others[name]) for name in rows.columns}
    candidates = rows.filter(is_candidate)
    seen = {name: Counter(candidates[name]) for name in searched}
    numbers = rows.select(
        _as_number(pl.col(name))
        for name in rows.columns
        if known[name].most is not None
    )
    sums = numbers.select(pl.all().fill_null(0).cum_sum())
    found: list[int] = []
    for place in is_candidate.arg_true():
        row = rows.row(place, named=True)
        amounts = numbers.row(place, named=True) if numbers.width else {}
        points = max(
            _weight(row, amounts, name, known, is_again=seen[name][row[name]] > 1)
            for name in searched
        )
        if 0 < points < ENOUGH:
            points += 2 * _is_sum(amounts, numbers, sums, found, place)
        if points >= ENOUGH:
            found.append(place)
    return is_total.scatter(found, values=True) if found else is_total


def _with_labels(rows: pl.DataFrame, searched: Sequence[str]) -> pl.Series:
    """Return which rows have a word of totals in some column.

    Long texts are left out, and parts of these words are searched all at once: most
    batches have none of them, and take no more time.
    """
    is_label = pl.Series([False]).new_from_index(0, rows.height)
    if not searched:
        return is_label
    # One column below the other: to prepare the search takes as long as a thousand texts.
    texts = pl.concat([rows[name].alias("") for name in searched])
    is_short = texts.str.len_chars() <= LONGEST
    short = texts.filter(is_short)
    has_part = short.str.contains_any(SPELLED, ascii_case_insensitive=True)
    if not has_part.any():
        return is_label
    has_word = short.filter(has_part).str.contains(rf"(?i)\b({PHRASES})(\b|$)")
    labels = is_short.arg_true().filter(has_part).filter(has_word) % rows.height
    return is_label.scatter(labels, values=True)


def _weight(
    row: Mapping[str, str | None],
    amounts: Mapping[str, float | None],
    name: str,
    known: Mapping[str, Context],
    *,
    is_again: bool,
) -> int:
    """Count the evidence that a row with a label in a column is a total."""
    label = row[name] or ""
    is_exact = re.fullmatch(EXACT, label)
    points = 2 if is_exact else int(bool(re.fullmatch(PARTIAL, label)))
    if not points or label in known[name].repeated:
        return 0
    is_odd = known[name].is_valued or any(
        known[key].is_filled and (cell is None or NOTHING.fullmatch(cell))
        for key, cell in row.items()
        if key != name
    )
    if is_again and not is_odd:
        return 0  # A part of each group, such as "total" beside "women" and "men".
    filled = {key: abs(n) for key, n in amounts.items() if n is not None}
    is_most = all(n >= (known[key].most or 0) for key, n in filled.items())
    return points + 2 * is_odd + (bool(filled) and is_most)


def _is_sum(
    amounts: Mapping[str, float | None],
    numbers: pl.DataFrame,
    sums: pl.DataFrame,
    totals: Sequence[int],
    place: int,
) -> bool:
    """Return whether a number of a row is the sum of the cells above it.

    They are those behind the last total, or all but the totals.

    Args:
        amounts: The numbers of the row, by column.
        numbers: The numbers of all rows.
        sums: For each row, the sums of its numbers and those above.
        totals: The places of the totals above.
        place: The place of the row.
    """
    if not place:
        return False
    for name, amount in amounts.items():
        if not amount:
            continue
        above = sums[name][place - 1]
        behind = above - (sums[name][totals[-1]] if totals else 0)
        rest = above - sum(numbers[name][total] or 0 for total in totals[-MOST:])
        if any(abs(n - amount) <= abs(amount) * NEARLY_EQUAL for n in (behind, rest)):
            return True
    return False


def _context(cells: pl.Series) -> Context:
    filled = [cell for cell in cells if cell and not NOTHING.fullmatch(cell)]
    values = sum(VALUE.fullmatch(cell) is not None for cell in filled)
    numbers = pl.Series("", filled, dtype=pl.String).to_frame()
    amounts = numbers.select(_as_number(pl.col(""))).to_series()
    most = amounts.abs().max()
    is_numeric = bool(filled) and amounts.count() >= MOSTLY * len(filled)
    counts = Counter(filled)
    return Context(
        is_filled=bool(filled) and len(filled) >= NEARLY_ALWAYS * len(cells),
        is_valued=bool(filled) and values >= MOSTLY * len(filled),
        most=most if is_numeric and isinstance(most, float) else None,
        repeated=frozenset(text for text, count in counts.items() if count > 1),
    )


def _as_number(text: pl.Expr) -> pl.Expr:
    """Return about which number text holds, whatever its marks; null for other text.

    The last mark stands before decimals, unless the same stands twice.
    """
    digits = text.str.replace_all(r"[^\d.,]", "")
    places = digits.str.extract(r"[.,](\d*)$").fill_null("")
    whole = digits.str.replace(r"[.,]\d*$", "")
    is_grouped = digits.str.contains(r"\..*\.\d*$|,.*,\d*$")
    plain = pl.concat_str(whole.str.replace_all("[.,]", ""), pl.lit("."), places)
    number = (
        pl.when(is_grouped).then(digits.str.replace_all("[.,]", "")).otherwise(plain)
    ).cast(pl.Float64, strict=False)
    is_negative = text.str.contains(r"^[^\d]*[(−-]|[-−]$")
    signed = pl.when(is_negative).then(-number).otherwise(number)
    return pl.when(text.str.contains(NUMBER)).then(signed)

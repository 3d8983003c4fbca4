"""Step 2 of fuzzing: what happens to a file on its way, by chance that can be repeated."""

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from random import Random

from importkit.source import Dialect

MOST = 6  # Mutations of one file.
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
WORDS = (
    *("\n", "\r", "\r\n", "\n\n", "\0", " ", "\t", "'", '"', '""', "\\", "\ufeff"),
    *("=1+1", "+x", "@x", "-", "'=1", "\x1c", "\x85", "\u2028", "\xa0", "\u3000"),
    *("\U0001f600", "e\u0301", "\u202e", "0", "9" * 40, "1e400", "NaN", "١", "null"),
)
# Bytes that are not UTF-8; some are not valid in other encodings either.
RAW = (b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\x81", b"\xc0\xaf")

type Mutation = Callable[[bytes, Dialect, Random], bytes]


def mutated(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    """Return a file after some mutations; now and then after none."""
    number = min(int(chance.expovariate(0.5)), MOST)
    for mutation in chance.choices(MUTATIONS, WEIGHTS, k=number):
        data = mutation(data, dialect, chance)
    return data


def other_dialect(dialect: Dialect, chance: Random) -> Dialect:
    """Return a dialect in which a file is read, but was not written."""
    return Dialect(
        chance.choice([dialect.separator, *",;\t| "]),
        chance.choice([dialect.quote, '"', "'", None]),
        chance.choice([dialect.encoding, *ENCODINGS]),
        dialect.header,
    )


def _replace(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + chance.randbytes(1) + data[place + 1 :]


def _insert_bytes(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    raw = chance.choice([*RAW, chance.randbytes(chance.randint(1, 4))])
    return _inserted(data, _place(data, chance), raw)


def _delete(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + data[place + chance.choice([1, 1, 1, 2, 5]) :]


def _insert_word(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    return _inserted(data, _place(data, chance), _word(dialect, chance))


def _insert_at_edge(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    """Insert where a field or a line starts or ends, or beside a quote."""
    edge = f"[\r\n{re.escape(dialect.separator + (dialect.quote or ''))}]"
    edges = [found.start() for found in re.finditer(edge.encode("latin-1"), data)]
    if not edges:
        return _insert_word(data, dialect, chance)
    place = chance.choice(edges) + chance.randint(0, 1)
    return _inserted(data, place, _word(dialect, chance))


def _more_digits(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    """Give a number more digits, behind its point or before it."""
    number = rb"[0-9]+\.[0-9]+" if chance.random() < 0.7 else rb"[0-9]+"
    found = list(re.finditer(number, data))
    if not found or "utf-16" in dialect.encoding:
        return data
    more = "".join(chance.choices("0123456789", k=chance.randint(1, 9)))
    return _inserted(data, chance.choice(found).end(), more.encode())


def _truncate(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    return data[: _place(data, chance)]


def _duplicate_chunk(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    start, stop = _chunk(data, chance)
    return _inserted(data, _place(data, chance), data[start:stop])


def _swap_chunks(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    a, b, c, d = sorted(_place(data, chance) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _delete_chunk(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    start, stop = _chunk(data, chance)
    return data[:start] + data[stop:]


def _shuffle_lines(data: bytes, _dialect: Dialect, chance: Random) -> bytes:
    """Repeat, drop or move one line."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 3:
        return data
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randint(0, 3)):
        lines.insert(chance.randint(0, len(lines)), line)
    return b"".join(lines)


def _change_line_ends(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    """Change all line ends, or some of them."""
    new = _encoded(chance.choice(["\n", "\r", "\r\n", "\n\r", "\r\r\n"]), dialect)
    old = _encoded(chance.choice(["\r\n", "\n", "\r"]), dialect)
    share = chance.choice([1, 1, 0.3])
    parts = data.split(old)
    ends = [new if chance.random() < share else old for _ in parts[1:]]
    return parts[0] + b"".join(map(b"".join, zip(ends, parts[1:], strict=True)))


def _change_encoding(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    with suppress(UnicodeError):
        text = data.decode(dialect.encoding)
        return text.encode(chance.choice(ENCODINGS), "ignore")
    return data


def _long_field(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    word = chance.choice(["x", "x\n", '""', "é", dialect.separator])
    # More than csv reads of a field unless it is told to; not as many lines or columns.
    length = chance.choice([61, 1_000, 20_000, 140_000 if word in "xé" else 5_000])
    return _inserted(data, _place(data, chance), _encoded(word * length, dialect))


def _many_columns(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    place = data.find(_encoded("\n", dialect), _place(data, chance))
    more = _encoded(dialect.separator * chance.choice([1, 2, 300]), dialect)
    return _inserted(data, max(place, 0), more)


def _only(data: bytes, dialect: Dialect, chance: Random) -> bytes:
    """Leave nothing, the header, or what is no row."""
    end = _encoded("\n", dialect)
    header = data.partition(end)[0]
    some = _encoded(chance.choice([dialect.separator, dialect.quote or "x"]), dialect)
    blank = _encoded(chance.choice(["\n", "\r", " ", "\0"]), dialect)
    return chance.choice(
        [b"", header, header + end, some, some * 2 + end, blank * 3, codecs.BOM_UTF8]
    )


def _place(data: bytes, chance: Random) -> int:
    return chance.randint(0, len(data))


def _chunk(data: bytes, chance: Random) -> tuple[int, int]:
    start = _place(data, chance)
    return start, start + chance.randint(1, 80)


def _inserted(data: bytes, place: int, more: bytes) -> bytes:
    return data[:place] + more + data[place:]


def _word(dialect: Dialect, chance: Random) -> bytes:
    own = (dialect.separator, dialect.quote or '"')
    word = chance.choice([*WORDS, *own * 5, own[1] + own[0], own[0] + own[1]])
    return _encoded(word, dialect)


def _encoded(text: str, dialect: Dialect) -> bytes:
    # UTF-16 would put its mark before each word.
    encoding = dialect.encoding.replace("utf-16", "utf-16-le").replace("-sig", "")
    return text.encode(encoding, "ignore")


COMMON: tuple[Mutation, ...] = (
    *(_insert_at_edge, _insert_word, _replace, _insert_bytes, _delete, _more_digits),
    *(_duplicate_chunk, _swap_chunks, _delete_chunk, _shuffle_lines, _change_line_ends),
)
RARE: tuple[Mutation, ...] = (
    *(_truncate, _change_encoding, _long_field, _many_columns, _only),
)
MUTATIONS = (*COMMON, *RARE)
WEIGHTS = (*(5 for _ in COMMON), *(1 for _ in RARE))

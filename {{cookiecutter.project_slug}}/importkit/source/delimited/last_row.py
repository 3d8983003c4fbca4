"""Step 1, import: whether the last row of a file may be cut off in its last field.

Such a row has all its fields, and the last one is too short: ``12.0`` of ``12.05``. Only the
line end that the row lacks tells.
"""

import re
from collections.abc import Iterator

import polars as pl

from importkit.source.dialect import Dialect
from importkit.source.frames import LINE, PROBLEM

# So many of the last bytes tell whether text stands behind the last line end.
TAIL_BYTES = 1_000


class LastRow:
    """What is known of the last row of a file, once the whole file was read.

    Attributes:
        line: The line on which the row starts; 0 where there is none.
    """

    def __init__(self) -> None:
        """Begin before the first row."""
        self.line = 0
        self._is_readable = False
        self._tail = b""

    def watch(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks of a file as they are."""
        tail = b""
        for chunk in chunks:
            tail = chunk[-TAIL_BYTES:] or tail
            yield chunk
        self._tail = tail

    def see(self, rows: pl.DataFrame) -> None:
        """Take note of the rows that were read next."""
        if rows.height:
            self.line = rows[LINE][-1]
            self._is_readable = rows[PROBLEM][-1] is None

    @property
    def has_line_end(self) -> bool:
        """Return whether no text stands behind the last line end, as far as is known."""
        return not self._end

    def may_be_cut(self, dialect: Dialect) -> bool:
        """Return whether the row lacks the line end that the dialect says it has.

        A row that could not be read is a problem already, and one that ends with a quote
        is whole.
        """
        quote = (dialect.quote or "").encode()
        is_closed = bool(quote) and self._end.endswith(quote)
        return (
            dialect.last_line_end
            and self._is_readable
            and not self.has_line_end
            and not is_closed
        )

    @property
    def _end(self) -> bytes:
        return re.split(rb"[\r\n]", self._tail)[-1].strip()

"""Step 1, import: how a delimited file is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    Attributes:
        separator: One character between the fields of a row.
        quote: The character around fields that hold separators or line ends,
            doubled inside them; None where quotes mean nothing.
        encoding: A codec of Python's. "utf-8" reads files with and without a BOM.
        header: Whether the first record names the columns.
        header_rows: How many records name the columns. Of several the names are joined,
            column by column; a name above goes on to the right, over empty cells, where
            there is a name below.
        trailing: Whether each row ends with a separator that its header lacks: there is
            an empty column more, without a name.
        skip: How many physical lines stand before the header, or before the first row
            where there is none. They are not read, whatever they hold.
        escape: The character that makes a quote, a separator or itself behind it plain
            text, as "\\" does in dumps of MySQL; before anything else it is text. None
            where there is none, and quotes are doubled.
    """

    separator: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    header: bool = True
    header_rows: int = 1
    trailing: bool = False
    skip: int = 0
    escape: str | None = None


DEFAULT_DIALECT = Dialect()

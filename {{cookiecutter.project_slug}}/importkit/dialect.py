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
    """

    separator: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    header: bool = True


DEFAULT_DIALECT = Dialect()

"""Step 1, import: the elements of a part of a workbook, by their names."""

from collections.abc import Iterable, Iterator
from typing import IO, Final, Literal
from xml.etree.ElementTree import Element, iterparse

START: Final = "start"
END: Final = "end"


def parsed(
    file: IO[bytes], events: Iterable[Literal["start", "end"]] = (END,)
) -> Iterator[tuple[str, Element]]:
    """Yield the elements of a part with what happens: they start, or are complete.

    Raises:
        ParseError: The part is no XML.
    """
    # expat itself limits what entities may grow to, and parts are limited in size.
    return iterparse(file, events)  # noqa: S314


def local_name(element: Element) -> str:
    """Return the name of an element, whatever the prefix of its namespace is."""
    return element.tag.rpartition("}")[2]

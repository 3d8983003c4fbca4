"""Step 1, import: the elements of a part of a workbook, by their names."""

from collections.abc import Iterable, Iterator
from typing import IO, Final, Literal
from xml.etree.ElementTree import Element, XMLParser, iterparse

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


def well_formed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a part as they are.

    Raises:
        ParseError: The part is no XML.
    """
    parser = XMLParser(target=_Nothing())  # noqa: S314  as above
    for chunk in chunks:
        parser.feed(chunk)
        yield chunk
    parser.close()


class _Nothing:
    """Takes no notice of what is in a part."""

    def close(self) -> None:
        """Return no tree."""


def local_name(element: Element) -> str:
    """Return the name of an element, whatever the prefix of its namespace is."""
    return element.tag.rpartition("}")[2]

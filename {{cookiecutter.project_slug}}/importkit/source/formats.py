"""Step 1, import: the kind of a file, by its name and by its first bytes."""

import codecs
import json
import re
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from importkit import guides
from importkit.source.opening import SUFFIXES


class Format(StrEnum):
    """The kinds of files that an import reads."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"
    PARQUET = "Parquet"
    JSON = "JSON"
    NDJSON = "NDJSON"


FORMATS = {
    ".xlsx": Format.WORKBOOK,
    ".xlsm": Format.WORKBOOK,
    ".ods": Format.WORKBOOK,
    ".parquet": Format.PARQUET,
    ".json": Format.JSON,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
}
DELIMITED_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT_TYPES = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    ODS_TYPE: ".ods",
}


class Signature(NamedTuple):
    """The first bytes by which a file that is not delimited text is known.

    Attributes:
        start: A regular expression for them.
        suffix: The end of the names of such files; empty if no import reads them.
        kind: What such a file is, for messages.
        remedy: What to do with such a file where delimited text is expected; empty if
            ``scan_source`` reads it under a name with one of these ends.
        ends: The ends of the names under which ``scan_source`` reads it.
    """

    start: bytes
    suffix: str
    kind: str
    remedy: str = ""
    ends: tuple[str, ...] = ()

    def remedy_for(self, path: Path) -> str:
        """Return what to do with a file where delimited text is expected."""
        if self.remedy:
            return self.remedy
        *others, last = self.ends
        name = f"{', '.join(others)} or {last}" if others else last
        is_named = path.suffix.lower() in self.ends
        first = "" if is_named else f"give it a name that ends with {name}, and "
        return f"{_ASK[:-1]}, or {first}read it with scan_source in handle_import. {guides.see(guides.FORMATS)}"


_ZIP = ("a workbook (.xlsx, .ods) or a zip archive", "", (".xlsx", ".ods", ".zip"))
_UNPACK = "Unpack it first."
_ASK = "Ask for the data as CSV."
_START = rb"(?:\xef\xbb\xbf)?\s*"  # What may stand before the first tag.
# The first that matches counts: a workbook is a zip archive, too.
SIGNATURES = (
    Signature(rb"PK\x03\x04.{26}mimetype" + ODS_TYPE.encode(), ".ods", *_ZIP),
    Signature(
        rb"PK\x03\x04.{26}(\[Content_Types\]|_rels/|docProps/|xl/)", ".xlsx", *_ZIP
    ),
    Signature(rb"PK(\x03\x04|\x05\x06)", ".zip", *_ZIP),
    Signature(
        rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "",
        "an old workbook (.xls)",
        "Open it in a spreadsheet program, and save it as CSV.",
    ),
    Signature(rb"%PDF-", "", "a PDF", _ASK),
    # Tags that pages begin with, not any word in angle brackets: some exchanges write
    # headers such as <DATE>.
    Signature(
        _START
        + rb"(?i:<(!doctype\s+html|html|head|body|meta|title|table|script|style)\b)",
        "",
        "an HTML page",
        f"{_ASK} A page may also be a login that was saved in its place.",
    ),
    Signature(_START + rb"<\?xml\b", "", "XML", _ASK),
    Signature(rb"PAR1\x15", ".parquet", "a Parquet file", "", (".parquet",)),
    # No header begins with a list of objects, or with an object that has a key.
    Signature(_START + rb"\[\s*\{\s*\"", ".json", "JSON", "", (".json",)),
    Signature(
        _START + rb"\{\s*\"[^\"]{0,200}\"\s*:",
        "",
        "JSON",
        "",
        (".json", ".ndjson", ".jsonl"),
    ),
    Signature(rb"\x1f\x8b", ".gz", "packed with gzip", _UNPACK),
    Signature(rb"\x28\xb5\x2f\xfd", ".zst", "packed with zstd", _UNPACK),
    Signature(rb"\xfd7zXZ\x00", ".xz", "packed with xz", _UNPACK),
    Signature(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", ".bz2", "packed with bzip2", _UNPACK),
)


def signature_of(head: bytes) -> Signature | None:
    """Return the signature that the first bytes of a file have; None for other text."""
    return next(
        (known for known in SIGNATURES if re.match(known.start, head, re.DOTALL)), None
    )


def format_of(path: Path) -> Format:
    """Return the kind of a file by the end of its name.

    A name with any other end, or without one, is that of delimited text. Of packed files
    only delimited text, JSON and NDJSON are read: the other kinds are not read from the
    beginning to the end.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    found = FORMATS.get(suffixes[-1], Format.DELIMITED) if suffixes else None
    if len(suffixes) > 1 and suffixes[-1] in SUFFIXES:
        inner = FORMATS.get(suffixes[-2])
        found = inner if inner in (Format.JSON, Format.NDJSON) else found
    return found or Format.DELIMITED


def named_by_content(name: str, head: bytes, content_type: str = "") -> str:
    """Return a name whose end says what kind of file it is.

    Args:
        name: The name; it is returned as it is if its end is known.
        head: The first bytes of the file.
        content_type: The Content-Type that a server sends with the file.
    """
    if Path(name).suffix.lower() in {*FORMATS, *SUFFIXES, *DELIMITED_SUFFIXES}:
        return name
    if (signature := signature_of(head)) and signature.suffix:
        return name + signature.suffix
    media_type = content_type.partition(";")[0].strip().lower()
    return name + (CONTENT_TYPES.get(media_type) or _suffix_of_text(head))


def _suffix_of_text(head: bytes) -> str:
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if re.match(rb"\[\s*\{\s*\"", text):
        return ".json"
    try:
        is_object = isinstance(json.loads(text.split(b"\n")[0]), dict)
    except ValueError:
        is_object = False
    return ".ndjson" if is_object else ".csv"

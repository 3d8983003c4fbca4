"""Step 1, import: what kind of file a source is."""

import json
import re
from enum import StrEnum
from pathlib import Path

from importkit.source.opening import SUFFIXES


class Format(StrEnum):
    """The kinds of files that are read."""

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
PLAIN = (".csv", ".tsv", ".tab", ".txt")
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT_TYPES = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    SPREADSHEET: ".ods",
}
# What the first bytes of a file tell, where its name does not.
STARTS = (
    (rb"PAR1", ".parquet"),
    (rb"\x1f\x8b", ".gz"),
    (rb"BZh[1-9]", ".bz2"),
    (rb"\xfd7zXZ\x00", ".xz"),
    (rb"\x28\xb5\x2f\xfd", ".zst"),
    (rb"PK\x03\x04.{26}mimetype" + SPREADSHEET.encode(), ".ods"),
    (rb"PK\x03\x04.{26}(\[Content_Types\]|_rels/|docProps/|xl/)", ".xlsx"),
    (rb"PK\x03\x04", ".zip"),
)


def format_of(path: Path) -> Format:
    """Return the kind of a file by the end of its name; any other is delimited text."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    found = FORMATS.get(suffixes[-1], Format.DELIMITED) if suffixes else None
    if len(suffixes) > 1 and suffixes[-1] in SUFFIXES:
        inner = FORMATS.get(suffixes[-2])
        # Of the others nothing can be read before all is unpacked.
        found = inner if inner in (Format.JSON, Format.NDJSON) else found
    return found or Format.DELIMITED


def named_by_content(name: str, head: bytes, content_type: str = "") -> str:
    """Return a name whose end says what kind of file it is.

    Args:
        name: The name as far as it is known.
        head: The first bytes.
        content_type: What a server says of it.
    """
    known = {*FORMATS, *SUFFIXES, *PLAIN}
    if Path(name).suffix.lower() in known:
        return name
    for start, suffix in STARTS:
        if re.match(start, head, re.DOTALL):
            return name + suffix
    told = content_type.partition(";")[0].strip().lower()
    return name + (CONTENT_TYPES.get(told) or _suffix_of_text(head))


def _suffix_of_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"\[\s*\{\s*\"", text):
        return ".json"
    try:
        is_object = isinstance(json.loads(text.split(b"\n")[0]), dict)
    except ValueError:
        is_object = False
    return ".ndjson" if is_object else ".csv"

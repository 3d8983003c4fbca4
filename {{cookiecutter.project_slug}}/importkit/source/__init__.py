"""Step 1, import: a source of any kind becomes frames, each row with its line in the file."""

from importkit.source.delimited.file import DelimitedFile
from importkit.source.delimited.formulas import REJECT_COLUMNS
from importkit.source.delimited.records import (
    field_spans,
    line_end,
    lines_of,
    records,
    records_of,
)
from importkit.source.delimited.rejects import (
    Opener,
    are_rejects,
    records_at,
    write_rejects,
)
from importkit.source.delimited.text import encoding_sample, texts_of, utf_8_chunks
from importkit.source.dialect import (
    DEFAULT_DIALECT,
    QUOTES,
    SEPARATORS,
    Dialect,
    as_arguments,
    differences,
)
from importkit.source.fetching import (
    discard,
    is_elsewhere,
    is_temporary,
    local_copy,
    shown_source,
)
from importkit.source.formats import Format, format_of
from importkit.source.frames import LINE, MISFITS, PROBLEM, Frame, batches_of, lazily
from importkit.source.heads import Record
from importkit.source.opening import Stamp, is_packed, refuse_change, stamp_of
from importkit.source.reading import (
    SourceFile,
    files_read,
    read_csv,
    read_source,
    scan_csv,
    scan_source,
)
from importkit.source.tables import TableFile, as_text, table_of

__all__ = [
    "DEFAULT_DIALECT",
    "LINE",
    "MISFITS",
    "PROBLEM",
    "QUOTES",
    "REJECT_COLUMNS",
    "SEPARATORS",
    "DelimitedFile",
    "Dialect",
    "Format",
    "Frame",
    "Opener",
    "Record",
    "SourceFile",
    "Stamp",
    "TableFile",
    "are_rejects",
    "as_arguments",
    "as_text",
    "batches_of",
    "differences",
    "discard",
    "encoding_sample",
    "field_spans",
    "files_read",
    "format_of",
    "is_elsewhere",
    "is_packed",
    "is_temporary",
    "lazily",
    "line_end",
    "lines_of",
    "local_copy",
    "read_csv",
    "read_source",
    "records",
    "records_at",
    "records_of",
    "refuse_change",
    "scan_csv",
    "scan_source",
    "shown_source",
    "stamp_of",
    "table_of",
    "texts_of",
    "utf_8_chunks",
    "write_rejects",
]

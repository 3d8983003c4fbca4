"""The codes of problems in one table, from which reports and the guide take their texts."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A kind of problem. Its value stands in reports and in files of rejects.

    Attributes:
        meaning: What is wrong with a row that has such a problem.
        example: An example of it, in Markdown.
        remedy: What a developer can do about it.
        for_sender: What the person who made the file can do about it.
    """

    meaning: str
    example: str
    remedy: str
    for_sender: str

    def __new__(
        cls, code: str, meaning: str, example: str, remedy: str, for_sender: str
    ) -> Self:
        """Keep the texts of a code beside its value."""
        self = str.__new__(cls, code)
        self._value_ = code
        self.meaning, self.example = meaning, example
        self.remedy, self.for_sender = remedy, for_sender
        return self

    FIELDS = (
        "fields",
        "The row has more or fewer fields than the header.",
        "`1;2;3` below `sku;price`",
        "Check the separator, and put quotes around text that holds it.",
        "Give each row as many fields as the header, and quote text with separators.",
    )
    QUOTE = (
        "quote",
        "A quote inside a quoted field is not doubled, or a quote is never closed.",
        '`"12" pipe"`',
        "Write a quote inside quotes twice.",
        "Write a quote inside quotes twice, or export the file again.",
    )
    ENCODING = (
        "encoding",
        "The row holds bytes that are not of the encoding of the file.",
        "text saved as `cp1252`",
        "If many rows have this, state the encoding of the file in the Dialect.",
        "Save the whole file in one encoding, best in UTF-8.",
    )
    LINE_END = (
        "line_end",
        "A line end outside quotes is of another kind than those of the file.",
        "CR among LF",
        "Put quotes around text that holds a line end.",
        "Put quotes around text that holds a line end.",
    )
    UNCALCULATED = (
        "uncalculated",
        "A cell of a sheet is a formula, and the workbook does not hold its value.",
        "`=B2*1.19`, as programs write it",
        "Open the workbook in a spreadsheet program, save it, and import it again.",
        "Open the workbook in a spreadsheet program, and save it again.",
    )
    CONTROL = (
        "control",
        "The text holds a control character.",
        r"`\x1b[31m`",
        "Remove the control characters.",
        "Remove the characters that cannot be seen.",
    )
    UNREADABLE = (
        "unreadable",
        "The text is not a value of the column's type, or would lose a part of it.",
        "`12.505` with 2 decimals",
        "Correct the value, or declare how it is read in get_col_parser_map.",
        "Write the value as the message says.",
    )
    EMPTY = (
        "empty",
        "A column that needs a value has none.",
        "`;Hose;12,50`",
        "Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.",
        "Fill in the value.",
    )
    RANGE = (
        "range",
        "The number is outside the range of its field.",
        "`-1` in a `PositiveIntegerField`",
        "Correct the number, or choose a field with another range.",
        "Correct the number.",
    )
    LENGTH = (
        "length",
        "The text is longer or shorter than its field allows.",
        "21 characters of at most 20",
        "Correct the text, or change the length that the field allows.",
        "Shorten the text, or write it in full, as the message says.",
    )
    NUL = (
        "nul",
        "The text holds a NUL character.",
        r"`\x00`",
        "Remove the NUL character, which PostgreSQL cannot store.",
        "Remove the characters that cannot be seen.",
    )
    CHOICE = (
        "choice",
        "The value is not one of the choices of its field.",
        "`purple`, of `red` and `blue`",
        "Correct the value, or add it to the choices of the field.",
        "Use one of the values that the message lists.",
    )
    INVALID = (
        "invalid",
        "A validator of the field refuses the value.",
        "`a@b` in an `EmailField`",
        "Correct the value, or change the validators of the field.",
        "Correct the value as the message says.",
    )
    UNKNOWN = (
        "unknown",
        "The row that a foreign key points to does not exist.",
        "the store `Nowhere`",
        "Import the parent first, or correct its key.",
        "Correct the key, or send the row that it names first.",
    )
    AMBIGUOUS = (
        "ambiguous",
        "Several rows have the key that a foreign key points to.",
        "two stores `North`",
        "Point to the parent by a field that is unique.",
        "Use a key that only one row has.",
    )
    DUPLICATE = (
        "duplicate",
        "An earlier row of the file has the same natural key.",
        "`900001` twice",
        "Keep one of the rows, or state the key in get_unique_subsets.",
        "Send one row for each key.",
    )
    TOTAL = (
        "total",
        "The row looks like a total or a balance of other rows.",
        "`Total;60;7.00`",
        "Remove the row, or say with on_total_row that such rows are left out.",
        "Send the rows without their totals.",
    )
    CONTRADICTION = (
        "contradiction",
        "Another row of the file has the same unique columns and other values.",
        "one SKU with two prices",
        "Correct the rows, or say with on_contradiction which of them wins.",
        "Send one row for each key, or rows that say the same.",
    )
    UNIQUE = (
        "unique",
        "Another row, of the file or the table, has a value that must be unique.",
        "the EAN of another product",
        "Correct the value, or update the stored row: see get_natural_keys.",
        "Correct the value, which another row has already.",
    )
    SCOPE = (
        "scope",
        "The row would not be among the rows that the source speaks for.",
        "a row of another supplier",
        "Correct the row, or change get_scope: a next run would not find it.",
        "Leave out rows that belong to another delivery.",
    )
    CONSTRAINT = (
        "constraint",
        "The row breaks a constraint of the model.",
        "a price below the cost",
        "Correct the row, or change the constraint of the model.",
        "Correct the values that the message names.",
    )
    IMPLAUSIBLE = (
        "implausible",
        "The file as a whole is not as get_expectations says; no row of it is to blame.",
        "2 rows, where there were 31,178",
        "Find out whether the file is complete, and the right one.",
        "Check that the file is complete, and that it is the right one.",
    )
    REFUSED = (
        "refused",
        "The database refuses the row for another reason.",
        "a trigger",
        "Correct the row as the answer of the database says.",
        "Correct the row as the message says.",
    )

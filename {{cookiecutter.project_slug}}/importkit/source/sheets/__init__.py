"""Step 1, import: sheets of workbooks: where a table starts, and its cells as people see them."""

from importkit.source.sheets.number_formats import SHEET_DIGITS
from importkit.source.sheets.sheet_file import SheetFile
from importkit.source.sheets.workbooks import open_sheet, sheets_with_data

__all__ = ["SHEET_DIGITS", "SheetFile", "open_sheet", "sheets_with_data"]

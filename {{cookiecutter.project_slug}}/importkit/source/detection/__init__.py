"""Step 1, import: how an unknown file is written: encoding, separator, quotes, header."""

from importkit.source.detection.dialects import Detected, detect, detect_sheet
from importkit.source.detection.evidence import is_value
from importkit.source.detection.headers import names_columns
from importkit.source.dialect import Stated

__all__ = ["Detected", "Stated", "detect", "detect_sheet", "is_value", "names_columns"]

"""Step 1, import: how an unknown file is written: encoding, separator, quotes, header."""

from importkit.source.detection.dialects import Detected, detect
from importkit.source.detection.evidence import is_value
from importkit.source.detection.headers import names_columns

__all__ = ["Detected", "detect", "is_value", "names_columns"]

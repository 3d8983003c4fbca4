"""Whether a new file still fits an import that exists; no value of the file is shown."""

from generators.drift.comparison import find_drift
from generators.drift.findings import describe_drift

__all__ = ["describe_drift", "find_drift"]

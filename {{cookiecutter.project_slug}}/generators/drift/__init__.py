"""Whether a new file still fits an import that exists."""

from generators.drift.find import describe_drift, find_drift

__all__ = ["describe_drift", "find_drift"]

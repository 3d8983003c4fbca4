"""Step 4, load: rows are merged into the rows of their table with the same natural key."""

from importkit.loading.writers.merging.statements import MergeStatements
from importkit.loading.writers.merging.writer import MergingWriter

__all__ = ["MergeStatements", "MergingWriter"]

"""Delimited text: files whose rows are lines and whose fields stand between separators."""

"""Step 1, import: delimited text: rows are lines, and separators stand between fields."""

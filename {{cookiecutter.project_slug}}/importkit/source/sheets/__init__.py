"""Step 1, import: sheets of workbooks: where a table starts, and its cells as people see them."""

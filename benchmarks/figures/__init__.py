"""What was measured, as results, ratios, tables and a plot."""

"""Step 4, load: one file per way of writing rows, with one meaning."""

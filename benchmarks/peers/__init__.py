"""Other ways to bring the same file into the same table, one script each."""

"""What a run says: on screen, in the log, as one value for callers, and in the report."""

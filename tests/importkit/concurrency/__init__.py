"""Pairs of imports at once: ``python -m tests.importkit.concurrency``."""

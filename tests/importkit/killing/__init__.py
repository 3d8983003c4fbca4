"""Imports that are killed at any moment: ``python -m tests.importkit.killing``."""

"""Sheets of workbooks: their cells as a person sees them, and where their table starts."""

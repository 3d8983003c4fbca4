"""Matching: what refers to rows of other models: parents by their keys, and links."""

"""Measures imports of projects from this template beside those of other tools."""

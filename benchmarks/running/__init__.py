"""Runs and measures processes: files, a project, databases, and commands on them."""

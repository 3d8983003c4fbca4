"""Baking, delivering and updating a project."""

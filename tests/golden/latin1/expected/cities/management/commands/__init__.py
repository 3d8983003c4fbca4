"""Loaded when a command of this app is run, before what it imports."""

from importkit.errors import refuse_missing_packages

refuse_missing_packages("Imports")

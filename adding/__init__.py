"""Bring the framework into a Django project that exists: look, compare, copy, say the rest.

Each Python from 3.9 on runs this code, and nothing has to be installed. A module is a step:

- ``project``: where is the project, which Python runs it, what does that Python say?
- ``probe``: the answer, given inside the project by its own Python
- ``packages``: which packages does the template need, and which of them are missing?
- ``files``: which files are new, the same, to be updated, or in conflict?
- ``settings``: can startimport be added to the settings?
- ``checks``: what do ruff, black and mypy of the project need to be told?
- ``command``: the steps in order, and what the user is told
"""

"""Write an import from a sample file: sample -> columns -> plan -> source -> files.

The command is ``management/commands/startimport.py``. A folder is a step; its
``__init__.py`` says what the step takes and gives, and exports what others may use:

- ``sample``: the file is read, all of its rows are surveyed
- ``inference``: its texts become columns, each of a kind, with evidence
- ``naming``: its words become Python names and literals; nothing else becomes source
- ``code``: columns become a plan, and a plan becomes source, by ``templates/``
- ``matching``: columns become a plan for a model that exists
- ``writing``: source becomes files, all of them or none
- ``drift``: a later file is held against the import that exists (``--check``)

Beside them stand ``request`` (arguments become a plan), ``report`` (what the user is told)
and ``describe`` (what is known of a sample, for programs).
"""

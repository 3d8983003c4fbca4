"""Import files into Django models: read a file, clean it, transform it, load it.

A folder is a step, in the order in which data flows; its ``__init__.py`` says what the step
takes and gives, and exports what others may use:

- ``source``: 1 import, a file of any kind becomes frames of text with lines
- ``cleaning``: 2 clean, text becomes typed values and problems
- ``models``: 3 transform, frames become rows of Django's models
- ``loading``: 4 load, rows go into their tables
- ``import_data``: the command that runs the four steps, and says what a run did

Beside them stand ``problems`` (what can be wrong in a row, in words), ``commands`` (the base
of every command), ``bulk`` (helpers for instances), ``errors`` and ``call_logging``.
"""

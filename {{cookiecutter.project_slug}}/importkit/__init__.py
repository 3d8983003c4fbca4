"""Import files into Django models: read a file, clean, transform, load.

Read the package in the order in which data flows::

    commands.py       ABCBaseCommand: its options, its questions, its time limit
    import_data.py    ImportDataBaseCommand: the four steps in order, nothing else
    source.py         1 import: read_csv, Dialect: text with the lines of its rows
    detect.py         1 import: detect_dialect, for a sample
    cleaning.py       2 clean: CleaningDF: the steps from text to a checked frame
    rules.py          2 clean: the hooks of CleaningDF, what a project states
    columns.py        2 clean: which header is which column
    parsing.py        2 clean: number, date, boolean, ...: how text is read
    casting.py        2 clean: a column gets its type, or a problem
    problems.py       2 clean: what is wrong, with line, column, value and reason
    instances.py      3 transform: rows of a frame become model instances
    ordering.py       4 load: topological_sort_models: which model comes first
    bulk.py           4 load: create, update and delete in steps, all or nothing
    comparing.py      4 load: when two instances are the same

``models.py`` is a base for models, ``time_limit.py`` keeps ``--timeout``,
``call_logging.py`` tells what ran and for how long, and ``errors.py`` says who has to
act when something went wrong.
"""

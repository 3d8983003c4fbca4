"""Step 4, load: the ways of writing rows, which leave the same rows in the table.

``direct``, ``merging`` and ``orm`` are writers, each for one table; ``postgres`` and
``sqlite`` are loaders, each for one database; ``interface`` says what both must do.
"""

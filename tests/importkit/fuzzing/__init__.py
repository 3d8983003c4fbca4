"""Damaged files through whole imports: nothing is lost, and nothing ends unexplained.

Read it in the order in which a file goes through::

    seeds.py        well-formed files, each in a dialect of its own
    mutations.py    what happens to them, by a number that makes it repeatable
    cases.py        a file, and the way in which it is imported
    reading.py      the records of the file, read without importkit
    runs.py         the import of a case: what was written, rejected and left out
    properties.py   what has to hold of file and runs, whatever the messages say
    workers.py      many files in processes that are watched
    __main__.py     ``python -m tests.importkit.fuzzing --files 100000 --seed 1``

The folder of ``--out`` keeps what was checked, so that a run of hours may be ended and go on.

Each stored value is compared with the cell that it came from, and rows that the table has
before with other values have to change. ``tests/importkit/import_data/test_fuzzing.py`` breaks
the import once for each of these promises, and sees that it is noticed:

- a number with more decimals than the table keeps is not rounded;
- no row is lost, and none comes twice;
- the line of a row is the one on which it starts;
- an upsert changes the rows that differ, and says how many;
- a text is not changed;
- a dry run writes nothing.
"""

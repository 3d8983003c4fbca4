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
"""

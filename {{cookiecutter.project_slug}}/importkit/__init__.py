"""Import files into Django models: read a file, clean, transform, load.

Read the package in the order in which data flows::

    commands.py       ABCBaseCommand: its options, its questions, its time limit
    import_data.py    ImportDataBaseCommand: the four steps in order, nothing else
    import_options.py ... and the options that it has
    source.py         1 import: read_csv, scan_source, ..., Dialect: rows with lines
    formats.py        1 import: what kind of file a source is
    spooling.py       1 import: a URL, or standard input, as a temporary file
    packed.py         1 import: .gz, .zst, .zip, ... are unpacked up to a limit
    tables.py         1 import: Parquet and JSON, whose columns have types
    workbooks.py, sheet_cells.py   1 import: the sheet of a workbook
    extras.py         1 import: ... by packages that are not always installed
    delimited.py      1 import: a file as frames of text, slice by slice
    files.py, slices.py, records.py, formulas.py, dialect.py    ... and what it is made of
    lazy.py           1 import: a frame that is made when polars asks for it
    detect.py         1 import: detect_dialect, for a sample
    encodings.py, separators.py, headers.py     ... and what it looks at, in this order
    streaming.py      2 clean: a lazy source is cleaned batch by batch
    cleaning.py       2 clean: CleaningDF: the steps from text to a checked frame
    rules.py          2 clean: the hooks of CleaningDF, what a project states
    columns.py        2 clean: which header is which column
    texts.py          2 clean: space, words for nothing, control characters
    parsing.py        2 clean: number, date, boolean, ...: how text is read
    casting.py        2 clean: a column gets its type, or a problem
    moments.py        2 clean: ISO 8601 text becomes a moment
    repeats.py        2 clean: which keys came in an earlier batch
    problems.py       2 clean: what is wrong, with line, column, value and reason
    masking.py        2 clean: what personal columns hold is not shown
    model_fields.py   3 transform: what the fields of a model hold, as polars types
    checks.py         3 transform: a frame against the model it goes into
    fitting.py, validation.py, constraints.py      ... by types, by fields, by row
    relations.py      3 transform: foreign keys by the natural keys of parents
    references.py     3 transform: ... and by the keys that are stored
    plan.py           3 transform: what a run may do, and what it does, in numbers
    ordering.py       4 load: topological_sort_models: which model comes first
    loading.py        4 load: the bulks of a run, parents first, in one transaction
    framing.py        4 load: the rows of a frame on their way to a writer
    levels.py         4 load: ... those first that others refer to
    vetting.py        4 load: what is wrong with them, batch by batch
    judging.py        4 load: ... and what the database refuses
    uniqueness.py     4 load: rows that repeat what is unique in a table
    databases.py      4 load: transactions, tables, steps
    writers/          4 load: one file per way of writing, with one meaning
    bulk.py           4 load: create, update and delete in steps, all or nothing
    deletion.py       4 load: what the source no longer has, if that is allowed
    rejects.py        4 load: the rows that did not fit, as they stand in their file
    progress.py       4 load: how many rows are done, on a terminal
    comparing.py      4 load: when two instances are the same
    summary.py        what a run did, in words
    excerpts.py       ... the rows that do not fit, with what is wrong underlined
    report.py         ... and as JSON
    reporting.py      ... said when it ends, however it ends

``models.py`` is a base for models, ``time_limit.py`` keeps ``--timeout``,
``termination.py`` hears SIGTERM, ``call_logging.py`` tells what ran and for how long, and
``errors.py`` says who has to act when something went wrong.
"""

"""Write an import from a sample file: sample -> columns -> plan -> text -> files.

The command is ``management/commands/startimport.py``. Read on in this order:

request      arguments become a plan: the sample is read, app, model and key are found
sample       ... what kind of file it is, and which of its rows can be read
readable     ... which of its rows can be read, and how many cannot
below        ... what stands at the end of its table, or below, and is no row of it
controls     ... and which of its rows hold control characters
said         ... and which of its columns the user speaks of

survey       the first rows say what the columns are, and all others are asked
tally        ... what rows say of one column, in counts and measures
fits         ... what an import reads of a column, and what it would refuse or change
distinct     ... which sets of columns no two rows share
keys         ... which of those may be keys, and which columns may point to a model

columns      what is known of a column: kind, nulls, width, notation, and the evidence
infer        text becomes columns, by these rules and by those of
booleans     yes and no, in several languages
numerals     numbers, and how their digits are grouped
notations    what stands beside the digits, or in place of a value
codes        text that only looks like a number
moments      dates, datetimes and times
spans        durations, and numbers that count days or seconds
forms        text of a known form: UUIDs, addresses, JSON
overrides    what the user says of a column, if its values fit
typed        columns that have a type already

letters      letters of any script become those of ASCII
names        data becomes Python names and literals: the one door from data to source
layout       expressions and imports as source, laid out as ruff does it
fields       columns become model fields, and model fields say what columns must hold
readings     the calls that make parsers, and what these take for granted
evaluate     what expressions stand for: types, parsers and values
invent       a made-up row for the tests, and the rows that it points to
plan         the plan: every name and fact that is printed; made for a new model
existing     the plan for a model that exists, which is the contract
matching     ... which column fills which of its fields: as told, by names, by values
mapping      ... what is told: --field
values       ... which fields the values of a column speak for
nearest      ... which fields may be meant, where nothing decides
filling      ... how a column fills a field
rehearsal    ... where the sample does not fit, found as its import would find it

describe     what is known of a sample, for programs: its schema

misfit       a made-up value that is rejected, and why, for the tests
facts        what the templates print
facts_tests  what the template of the tests prints
render       the plan becomes text, by ``templates/``

files        text becomes files: create, identical, conflict, force, skip; all or nothing
edits        additions to source that a person wrote, proved on its syntax tree
outcome      what becomes of every file of a plan
report       what the user is told

drift        does a file still fit an import as it stands? the others for this are
standing     ... the import: its command, its rules, and how it reads a file
rewritten    ... how the file is written, against the Dialect of the command
renamed      ... its columns: new, gone, or both
trial        ... its rows: cleaned and held against the models, without a database
findings     ... and what has drifted, a line each
"""

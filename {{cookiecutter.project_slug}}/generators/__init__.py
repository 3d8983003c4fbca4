"""Write an import from a sample file, in five steps.

infer   columns: text becomes Column(kind, nulls, unique, width), with evidence
fields  each column meets a model field: an existing one, or one proposed for it
plan    what will be written: names, columns, target and files, all facts fixed
render  the plan becomes source text; names.py is the one door from data to source
files   the text becomes files: create, identical, conflict, force or skip
"""

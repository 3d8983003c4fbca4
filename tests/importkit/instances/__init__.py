"""Random rows of related models, as instances and frames, against plain Django code.

``cases`` draws the rows of several runs, ``bulks`` makes instances or frames of them,
``plain`` looks parents up and saves row by row, ``check`` compares tables and numbers.
"""

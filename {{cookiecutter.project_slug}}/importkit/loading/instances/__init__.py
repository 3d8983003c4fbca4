"""Step 4, load: the instances of a bulk are linked, checked and written.

``writing`` takes the instances batch by batch, ``links`` knows which instance is which row,
``columns`` and ``checks`` find the values that the table would refuse, ``defaults`` those that
nobody gave, and ``late_keys`` holds the foreign keys that are written at the end.
"""

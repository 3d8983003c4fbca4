"""Step 4, load: the instances of a bulk are linked, checked and written.

``writing`` takes the instances batch by batch, ``links`` knows which instance is which row,
``values`` reads what they hold, ``columns`` and ``checks`` find what the table would refuse,
``defaults`` what nobody gave, and ``late_keys`` holds the foreign keys that are written last.
"""

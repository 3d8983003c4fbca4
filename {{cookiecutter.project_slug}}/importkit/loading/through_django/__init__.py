"""Step 4, load: rows that Django writes are judged before they are written.

``demands`` knows what the tables of a model demand, ``evaluation`` lets the database evaluate
the demands over values that are in no table, ``judge`` names the rows that break them, and
``batches`` writes the rows of a frame.
"""

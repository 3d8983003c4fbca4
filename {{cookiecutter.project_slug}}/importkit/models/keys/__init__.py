"""Step 3, transform: the parents of rows.

``natural_keys`` looks them up by their natural keys, ``stored_keys`` by the keys that the
table stores.
"""

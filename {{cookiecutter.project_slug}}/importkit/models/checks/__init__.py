"""Step 3, transform: what a model demands of values.

``field_checks`` has the checks of one field, ``constraints`` those of a whole row, and
``frame_checks`` applies both to a frame.
"""

"""Step 3, transform: values become those that a field stores.

``fitting`` brings the columns of a frame into the types of their fields, ``composites`` reads
arrays, ranges and maps, with the texts of ``notations``. ``unread`` keeps stored values that
no field reads as they are.
"""

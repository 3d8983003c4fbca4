"""Step 4, load: what each database does in its own way.

``postgres`` and ``sqlite`` are the loaders, with ``copy_binary`` for rows of COPY and
``sequences`` for the numbers of new rows. ``mariadb`` has what is kept without a loader.
"""

"""How well the types of columns are inferred, beside other tools, on files with answers."""

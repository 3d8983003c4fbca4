"""The template's tests; importing them leaves no bytecode in the template's folder."""

import sys

# A bake from this checkout would copy what Python leaves beside the modules.
sys.dont_write_bytecode = True

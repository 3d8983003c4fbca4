"""The rules by which text becomes a kind, one module for each family of kinds."""

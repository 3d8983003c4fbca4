"""Empty tables of PostgreSQL that are filled without their indexes."""

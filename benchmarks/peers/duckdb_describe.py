"""DuckDB reads the whole file and says what its columns are."""

import sys

import duckdb

QUERY = "DESCRIBE SELECT * FROM read_csv($path, sample_size=-1)"


def main() -> None:
    """Print the columns with their types."""
    with duckdb.connect() as connection:
        rows = connection.execute(QUERY, {"path": sys.argv[1]}).fetchall()
    for name, kind, *_ in rows:
        sys.stdout.write(f"{name} {kind}\n")


if __name__ == "__main__":
    main()

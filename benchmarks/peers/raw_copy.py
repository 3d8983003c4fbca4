"""COPY of the bytes of the file through psycopg, where there is no psql."""

import os
import sys
from pathlib import Path

import psycopg

from benchmarks.running.table import COLUMNS, TABLE

BLOCK = 1 << 20
COPY = f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, HEADER true)"


def main() -> None:
    """Send the file as it is."""
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as connection,
        connection.cursor().copy(COPY.encode()) as copy,
        Path(sys.argv[1]).open("rb") as file,
    ):
        while block := file.read(BLOCK):
            copy.write(block)


if __name__ == "__main__":
    main()

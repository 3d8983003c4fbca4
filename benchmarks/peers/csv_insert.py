"""Python's csv and sqlite3 modules and nothing else: text goes in as it stands."""

import csv
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from benchmarks.running.table import TABLE


def main(pragmas: str) -> None:
    """Insert every row in one transaction, with the pragmas of the project."""
    path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    with (
        closing(sqlite3.connect(path)) as connection,
        Path(sys.argv[1]).open(newline="", encoding="utf-8") as file,
    ):
        connection.executescript(pragmas)
        rows = csv.reader(file)
        header = next(rows)
        places = ", ".join("?" * len(header))
        insert = f"INSERT INTO {TABLE} ({', '.join(header)}) VALUES ({places})"  # noqa: S608  our own file
        connection.executemany(insert, rows)
        connection.commit()


if __name__ == "__main__":
    main(sys.argv[2])

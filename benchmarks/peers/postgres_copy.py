"""django-postgres-copy: COPY into a temporary table, and from there into the model's."""

from postgres_copy import CopyQuerySet  # type: ignore[import-untyped]

from benchmarks.peers.common import start


def main() -> None:
    """Copy the file; its columns are called as the fields are."""
    model, path = start()
    CopyQuerySet(model).from_csv(str(path))


if __name__ == "__main__":
    main()

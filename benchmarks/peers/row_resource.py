"""django-import-export, row by row: what its admin does with an uploaded file."""

from benchmarks.peers.resources import import_file

if __name__ == "__main__":
    import_file({})

"""django-import-export in bulk, with all that its guide to speed says for new rows."""

from benchmarks.peers.resources import import_file

BULK = {
    "use_bulk": True,
    "batch_size": 1000,
    "skip_diff": True,
    "force_init_instance": True,
}

if __name__ == "__main__":
    import_file(BULK)

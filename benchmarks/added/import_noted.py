"""Import products so that the last run can be undone."""

from products.management.commands import import_products  # type: ignore[import-not-found]


class Command(import_products.Command):  # type: ignore[misc]
    """Note each row that is written; the rest is as always."""

    keeps_undo = 1

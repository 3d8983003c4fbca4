"""What both ways of django-import-export share."""

from collections.abc import Mapping

from import_export.resources import modelresource_factory  # type: ignore[import-untyped]
from tablib import Dataset  # type: ignore[import-untyped]

from benchmarks.peers.common import start

META = {
    "import_id_fields": ["sku"],
    "exclude": ["id"],
    # Its default reads no offset.
    "widgets": {"updated_at": {"format": "%Y-%m-%dT%H:%M:%S%z"}},
}


def import_file(options: Mapping[str, object]) -> None:
    """Import the file in one transaction, and fail on the first row that does not fit.

    Args:
        options: For the resource of the model.
    """
    model, path = start()
    meta = {**META, **options}
    resource = modelresource_factory(model, meta_options=meta)()
    with path.open(newline="", encoding="utf-8") as file:
        data = Dataset().load(file, format="csv")
    resource.import_data(data, raise_errors=True, use_transactions=True)

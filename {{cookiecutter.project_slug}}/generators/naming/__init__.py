"""Words of a sample become Python names and literals: the one door from data to source."""

from generators.naming.names import (
    SECRET,
    TAKEN,
    Identifier,
    ModelName,
    Source,
    check_class_name,
    check_import_name,
    class_name,
    identifiers,
    is_inside,
    literal,
    model_name,
    normal,
    snake,
    verbose_name,
)

__all__ = [
    "SECRET",
    "TAKEN",
    "Identifier",
    "ModelName",
    "Source",
    "check_class_name",
    "check_import_name",
    "class_name",
    "identifiers",
    "is_inside",
    "literal",
    "model_name",
    "normal",
    "snake",
    "verbose_name",
]

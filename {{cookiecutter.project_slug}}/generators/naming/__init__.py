"""Takes headers and values, gives Python names and literals: all that source may hold."""

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

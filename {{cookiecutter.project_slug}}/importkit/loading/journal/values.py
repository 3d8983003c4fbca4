"""Step 4, load: the functions by which SQLite writes values into images, and reads them."""

from typing import Any


def register_functions(connection: Any) -> None:
    """Give a connection of sqlite3 the functions that images are made of.

    SQLite itself writes only 15 digits of a real number, and may read 17 wrong.
    """
    connection.create_function("importkit_digits", 1, repr, deterministic=True)
    connection.create_function("importkit_value", 1, value_of, deterministic=True)


def value_of(part: Any) -> object:
    """Return the value that a part of an image stands for."""
    if not isinstance(part, str):
        return part
    text = part[1:]
    match part[0]:
        case "r":
            return float(text)
        case "b":
            return bytes.fromhex(text)
        case "h":  # A text with a zero character, at which SQLite would end it.
            return bytes.fromhex(text).decode()
        case _:
            return text

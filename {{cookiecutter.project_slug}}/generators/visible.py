"""Data on a terminal: what would move the cursor or turn text around is escaped."""


def visible(text: str) -> str:
    """Return a text with everything that cannot be printed shown as an escape."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)

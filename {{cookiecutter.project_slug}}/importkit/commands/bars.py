"""A bar on a terminal that counts rows, and leaves nothing behind."""

import shutil
from collections.abc import MutableMapping
from typing import Any

from tqdm import tqdm

LOOK = "{desc}: {n:,} rows [{elapsed}, {per_second:,.0f} rows/s]"


class RowsBar(tqdm):  # type: ignore[type-arg]  # tqdm itself takes none
    """A bar that is shown once it has taken longer than a delay."""

    was_shown = False

    def __init__(self, noun: str, delay: float, *, is_shown: bool) -> None:
        """Start to count.

        Args:
            noun: What the rows are.
            delay: The seconds until the bar is shown; shorter work needs none.
            is_shown: Whether the bar is shown at all.
        """
        super().__init__(
            desc=noun, delay=delay, leave=False, disable=not is_shown, bar_format=LOOK
        )

    @property
    def format_dict(self) -> MutableMapping[str, Any]:
        """What ``LOOK`` shows."""
        known = super().format_dict
        known["per_second"] = known["rate"] or known["n"] / (known["elapsed"] or 1)
        return known

    def display(self, *args: Any, **kwargs: Any) -> Any:
        """Show the bar, and remember it: an interruption may come while it is drawn."""
        self.was_shown = True
        return super().display(*args, **kwargs)

    def close(self) -> None:
        """Clear the line, also of what the terminal has written behind the bar (``^C``)."""
        super().close()
        if self.was_shown:
            self.was_shown = False
            blanks = " " * (shutil.get_terminal_size().columns - 1)
            self.fp.write(f"\r{blanks}\r")
            self.fp.flush()

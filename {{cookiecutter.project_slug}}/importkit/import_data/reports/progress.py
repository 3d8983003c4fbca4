"""Step 4, load: a progress bar on a terminal for the rows of each model."""

from importkit.commands.bars import RowsBar
from importkit.import_data.run import Run
from importkit.import_data.watching import Watcher
from importkit.models import ModelClass

DELAY = 1  # Seconds until a bar is shown; shorter runs need none.


class TerminalBar(Watcher):
    """Shows a bar for each model that takes longer than ``DELAY``, unless with ``-v0``."""

    is_shown = False

    def started(self, run: Run) -> None:
        """Find out whether anybody would see a bar."""
        self.is_shown = bool(run.options.verbosity) and self.command.stderr.isatty()
        self.bars: dict[ModelClass, RowsBar] = {}

    def batch(self, model: ModelClass, rows: int) -> None:
        """Count the rows in the bar of their model."""
        if model not in self.bars:
            noun = str(model._meta.verbose_name_plural)
            self.bars[model] = RowsBar(noun, DELAY, is_shown=self.is_shown)
        self.bars[model].update(rows)

    def loaded(self) -> None:
        """Clear the bars: what follows is printed, or asked, in their place."""
        for bar in self.bars.values():
            bar.close()
        self.bars.clear()

"""Step 2, clean: texts that people read become the values that stand for them."""

from collections.abc import Mapping

import polars as pl

from importkit.cleaning.parsing import Notation, Parser
from importkit.errors import ConfigurationError

SHOWN = 8  # The labels that a message lists; the rest are counted.


def labels(values: Mapping[str, str | int | bool]) -> Parser:
    """Read each label as its value: ``labels({"Draft": 1, "Published": 2})``.

    A text that is not one of the labels, to the letter, is a problem that lists them.

    Args:
        values: The values by their labels, all of one type.

    Raises:
        ConfigurationError: There are no labels, or the values have several types.
    """
    kinds = {type(value).__name__ for value in values.values()}
    if len(kinds) != 1:
        raise ConfigurationError(
            "labels() needs a value for each label, and values of one type, not "
            f"{' and '.join(sorted(kinds)) or 'an empty map'}."
        )
    texts, read = list(values), pl.Series(list(values.values()))

    def parse(text: pl.Expr) -> pl.Expr:
        return text.replace_strict(texts, read, default=None, return_dtype=read.dtype)

    shown = ", ".join(f'"{text}"' for text in texts[:SHOWN])
    more = len(texts) - SHOWN
    noun = f"one of {shown}" + (f" and {more:,} more" if more > 0 else "")
    return Notation(parse, noun, is_complete=True)

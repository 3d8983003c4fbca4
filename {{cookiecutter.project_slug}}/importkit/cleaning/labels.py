"""Step 2, clean: texts that people read become the values that stand for them."""

from collections.abc import Mapping

import polars as pl

from importkit.cleaning.parsing import Notation, Parser
from importkit.errors import ConfigurationError

SHOWN = 8  # The labels that a message lists; the rest are counted.


def labels(
    values: Mapping[str, str | int | bool], *, ignore_case: bool = False
) -> Parser:
    """Read each label as its value: ``labels({"Draft": 1, "Published": 2})``.

    A text that is not one of the labels, to the letter, is a problem that lists them.

    Args:
        values: The values by their labels, all of one type.
        ignore_case: Whether a label may be written in upper or lower case, unless another
            label differs in that only.

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
    lower = pl.Series(texts).str.to_lowercase()
    is_sole = lower.is_unique()

    def parse(text: pl.Expr) -> pl.Expr:
        kind, nothing = read.dtype, None
        exact = text.replace_strict(texts, read, default=nothing, return_dtype=kind)
        if not ignore_case:
            return exact
        lowered = text.str.to_lowercase()
        return exact.fill_null(
            lowered.replace_strict(
                lower.filter(is_sole),
                read.filter(is_sole),
                default=nothing,
                return_dtype=kind,
            )
        )

    shown = ", ".join(f'"{text}"' for text in texts[:SHOWN])
    more = len(texts) - SHOWN
    noun = f"one of {shown}" + (f" and {more:,} more" if more > 0 else "")
    return Notation(parse, noun, is_complete=True)

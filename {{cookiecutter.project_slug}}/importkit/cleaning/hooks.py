"""Step 2, clean: the hooks in which a project states the rules of a file."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from winiutils.core.data.dataframe.cleaning import CleaningDF as WiniutilsCleaningDF

from importkit.call_logging import LoggingMixin
from importkit.cleaning.casting import DType, dtype_instance
from importkit.cleaning.columns import RenameMap, check_known, several
from importkit.cleaning.parsing import Parser
from importkit.cleaning.policies import Contradiction, Policy, TotalRows
from importkit.errors import ConfigurationError, did_you_mean
from importkit.problems import Masking
from importkit.secret_names import names_secret

# winiutils' class is the parent because projects know it: what is a CleaningDF there is
# one here, and converters such as CleaningDF.strip_col are the same.
if TYPE_CHECKING:

    class Parent:
        """The methods of winiutils' class that are used, for type checkers alone.

        Its get_col_dtype_map is typed as ``dict[str, type[pl.DataType]]``, and
        ``pl.Decimal(12, 2)`` is an instance: the class cannot be shown as it is.
        """

        strip_col = WiniutilsCleaningDF.strip_col
        lower_col = WiniutilsCleaningDF.lower_col
        round_col = WiniutilsCleaningDF.round_col
        skip_col_converter = WiniutilsCleaningDF.skip_col_converter

else:
    Parent = WiniutilsCleaningDF

type NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD"]
type Converter = Callable[[pl.Series], pl.Series]

# The beginnings of names of hooks.
HOOKS = ("get_", "on_")
POLICIES: Mapping[str, type[StrEnum]] = {
    "on_new_column": Policy,
    "on_missing_column": Policy,
    "on_contradiction": Contradiction,
    "on_total_row": TotalRows,
}


class CleaningHooks(LoggingMixin, Parent):
    """The hooks of a cleaning class; all but the types may be left out.

    Attributes:
        on_new_column: What to do about a column that no rule names.
        on_missing_column: What to do about a column that rules name and the source
            lacks. Unless that is an error, the column is empty. Under every policy it is
            an error if the column must not be empty, or if a new column has a similar
            name.
        on_contradiction: What to do about rows that are alike in a unique subset and
            differ in another column: which is right, only a person knows. Rows that are
            alike in all columns do not contradict each other.
        on_total_row: What to do about a row that looks like a total or a balance of the
            rows above it: its label and its numbers tell.
    """

    on_new_column: ClassVar[Policy] = Policy.WARN
    on_missing_column: ClassVar[Policy] = Policy.ERROR
    on_contradiction: ClassVar[Contradiction] = Contradiction.ERROR
    on_total_row: ClassVar[TotalRows] = TotalRows.WARN

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Refuse a misspelt hook, which otherwise would never be called."""
        super().__init_subclass__(**kwargs)
        inherited = {name for base in cls.__mro__[1:] for name in vars(base)}
        hooks = [name for name in inherited if name.startswith(HOOKS)]
        for name in vars(cls).keys() - inherited:
            hint = did_you_mean(name, hooks) if name.startswith(HOOKS) else ""
            if hint:
                raise ConfigurationError(
                    f"{cls.__name__}.{name} is not a hook of CleaningDF{hint}."
                )

    @classmethod
    @abstractmethod
    def get_col_dtype_map(cls) -> Mapping[str, DType]:
        """Return the polars type of each column, in the order of the frame."""

    @classmethod
    def get_rename_map(cls) -> RenameMap:
        """Return headers with the columns they become; other headers keep their names.

        Several headers may become one column; a file has one of them.
        """
        return {}

    @classmethod
    def get_null_tokens(cls) -> Mapping[str, tuple[str, ...]]:
        """Return per column its null words: texts that mean an empty cell, like ``n/a``."""
        return {}

    @classmethod
    def get_verbatim_cols(cls) -> tuple[str, ...]:
        """Return the columns of text whose invisible characters are kept.

        Elsewhere they are left out: byte order marks, spaces without a width, marks of
        direction and soft hyphens, at the ends of every text, and inside of keys (the
        unique subsets) and of what is read as another type, too.
        """
        return ()

    @classmethod
    def get_normal_form(cls) -> NormalForm | None:
        """Return the normal form of Unicode in which keys are compared and stored."""
        return "NFC"

    @classmethod
    def get_col_parser_map(cls) -> Mapping[str, Parser]:
        """Return the parsers of columns that are not written in the default notation."""
        return {}

    @classmethod
    def get_col_precision_map(cls) -> dict[str, int]:
        """Return the decimals to which columns are rounded, each value by itself."""
        return {}

    @classmethod
    def get_col_converter_map(cls) -> dict[str, Converter]:
        """Return functions that change the values of columns after the cast."""
        return {}

    @classmethod
    def get_drop_null_subsets(cls) -> tuple[tuple[str, ...], ...]:
        """Return sets of columns; a row in which all of a set are empty is left out."""
        return ()

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        """Return the columns in which every row must have a value."""
        return ()

    @classmethod
    def get_fill_null_map(cls) -> dict[str, Any]:
        """Return per column the value that empty cells get."""
        return {}

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        """Return sets of columns in which no two rows may be alike.

        Of rows that are alike in all columns the first is kept. Rows alike in a set that
        differ elsewhere contradict each other: see ``on_contradiction``.
        """
        return ()

    @classmethod
    def get_add_on_duplicate_cols(cls) -> tuple[str, ...]:
        """Return the columns that are summed over rows alike in a unique subset."""
        return ()

    @classmethod
    def get_sort_cols(cls) -> tuple[tuple[str, bool], ...]:
        """Return the columns to sort by, each with whether it descends."""
        return ()

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        """Return the columns whose values must not be shown on screen or in reports.

        By default those that are named as secrets, such as ``password`` and ``api_key``,
        or that have such a header.
        """
        names = {name: {name} for name in cls.get_col_dtype_map()}
        for left, entry in cls.get_rename_map().items():
            for right in several(entry):
                # The map may be written in either direction.
                names.get(left, set()).add(right)
                names.get(right, set()).add(left)
        return tuple(name for name in names if any(map(names_secret, names[name])))

    @classmethod
    def masking(cls) -> Masking:
        """Return the masking that hides the values of personal columns."""
        return Masking(tuple(cls.get_col_dtype_map()), cls.get_personal_cols())

    @classmethod
    def needs_all_rows(cls) -> bool:
        """Return whether a rule needs all rows at once, so that batches cannot be cleaned."""
        keeps_last = cls.on_contradiction is Contradiction.KEEP_LAST
        return bool(
            cls.get_sort_cols()
            or cls.get_add_on_duplicate_cols()
            or (keeps_last and cls.get_unique_subsets())
        )

    @classmethod
    def dtypes(cls) -> dict[str, pl.DataType]:
        """Return ``get_col_dtype_map`` with an instance of each type."""
        items = cls.get_col_dtype_map().items()
        return {column: dtype_instance(dtype) for column, dtype in items}

    @classmethod
    def check_rules(cls) -> None:
        """Refuse rules about columns without a type, and policies that are not known.

        Raises:
            ConfigurationError: Names the hook, the columns and known similar names.
        """
        for policy, kind in POLICIES.items():
            if not isinstance(getattr(cls, policy), kind):
                known = ", ".join(f"{kind.__name__}.{n}" for n in kind.__members__)
                raise ConfigurationError(
                    f"{policy} is {getattr(cls, policy)!r}, not one of {known}."
                )
        columns = cls.dtypes()
        for hook in (
            "null_tokens",
            "verbatim_cols",
            "col_parser_map",
            "col_precision_map",
            "col_converter_map",
            "no_null_cols",
            "fill_null_map",
            "add_on_duplicate_cols",
            "personal_cols",
        ):
            check_known(f"get_{hook}", getattr(cls, f"get_{hook}")(), columns)
        check_known("get_sort_cols", [name for name, _ in cls.get_sort_cols()], columns)
        if not columns:
            raise ConfigurationError("get_col_dtype_map names no column.")
        for hook in ("drop_null_subsets", "unique_subsets"):
            if any(not subset for subset in getattr(cls, f"get_{hook}")()):
                raise ConfigurationError(f"get_{hook} holds a subset without columns.")
            names = chain.from_iterable(getattr(cls, f"get_{hook}")())
            check_known(f"get_{hook}", names, columns)

"""Step 4, load: rows of a table are found by the natural keys of instances."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Model, Q

from importkit.errors import CleaningError
from importkit.loading.plan import TableTarget
from importkit.loading.writers.choice import is_empty
from importkit.loading.writers.interface import repeated_key
from importkit.models import Comparison, PlannedKey, natural_key, natural_key_of_each

LOOK_UP = 500  # Values in one query, below the limit of every database.

type NaturalKey = tuple[object, ...]


class StoredRows:
    """Finds the rows of a table by their natural key, and refuses a repeated one."""

    def __init__(self, target: TableTarget) -> None:
        self._target = target
        self._keys: dict[NaturalKey, None] = {}
        self._compared = Comparison(target.model, target.key)

    def find(self, rows: Sequence[Model]) -> dict[NaturalKey, Model]:
        """Return the rows of the table with the natural keys of some instances.

        Raises:
            ConfigurationError: Several rows of the table have one natural key.
        """
        if self._was_empty:
            return {}  # The table has only rows of this run, and those must not repeat.
        target, key = self._target, self._target.key
        stored = target.rows
        found: dict[NaturalKey, Model] = {}
        for first in range(0, len(rows), LOOK_UP // len(key)):
            part = rows[first : first + LOOK_UP // len(key)]
            wanted = [{name: getattr(row, name) for name in key} for row in part]
            wanted = [each for each in wanted if not _has_no_row(each.values())]
            if not wanted:
                continue
            same_key = Q(*(Q(**values) for values in wanted), _connector=Q.OR)
            if len(key) == 1:
                same_key = Q(**{f"{key[0]}__in": [values[key[0]] for values in wanted]})
            existing = list(stored.filter(same_key))
            for old, place in zip(existing, self.keys_of(existing), strict=True):
                if place in found:
                    raise repeated_key(target, natural_key(old, key))
                found[place] = old
        return found

    def keys_of(self, rows: Sequence[Model]) -> list[NaturalKey]:
        """Return the natural keys of instances, as the database compares them."""
        key = self._target.key
        return self._compared.of_rows(key, natural_key_of_each(rows, key))

    def refuse_repeated(
        self, rows: Sequence[Model], keys: Sequence[NaturalKey]
    ) -> None:
        """Raise if an instance has the natural key of an earlier one.

        Raises:
            CleaningError: An earlier instance has the same natural key.
        """
        found: set[NaturalKey] = set()
        for row, key in zip(rows, keys, strict=True):
            if key in self._keys or key in found:
                names = self._target.key
                shown = repr(", ".join(map(str, natural_key(row, names))))
                raise CleaningError(
                    f"{self._target.model._meta.label}: more than one row has the "
                    f"natural key {shown}."
                ).showing(names, shown)
            found.add(key)

    def remember(self, keys: Sequence[NaturalKey]) -> None:
        """Refuse these natural keys from now on: their rows are written."""
        self._keys.update(dict.fromkeys(keys))

    def mark(self) -> int:
        """Return the number of natural keys that are remembered."""
        return len(self._keys)

    def forget(self, mark: int) -> None:
        """Remember only the first of the natural keys."""
        while len(self._keys) > mark:
            self._keys.popitem()

    def look_again(self) -> None:
        """Look for rows of others also in a table that was empty."""
        self._was_empty = False

    @cached_property
    def _was_empty(self) -> bool:
        # A receiver of signals may write to the table as well.
        return not self._target.signals and is_empty(self._target)


def _has_no_row(key: Iterable[object]) -> bool:
    """Return whether a natural key cannot be in the table, because a part is to come."""
    return any(isinstance(part, PlannedKey) for part in key)

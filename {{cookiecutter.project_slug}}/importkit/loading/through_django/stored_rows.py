"""Step 4, load: rows of a table are found by the natural keys of instances."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from django.db.models import Model, Q

from importkit.errors import CleaningError
from importkit.loading.plan import TableTarget
from importkit.loading.writers.choice import is_empty
from importkit.loading.writers.interface import repeated_key
from importkit.models import Comparison, PlannedKey, natural_key, natural_key_of_each

LOOK_UP = 500  # Values in one query, below the limit of every database.

type NaturalKey = tuple[object, ...]


class RepeatedKeyError(CleaningError):
    """Instances have natural keys that earlier ones have.

    Attributes:
        places: Where these instances are in their batch.
    """

    def __init__(
        self,
        model: type[Model],
        names: Sequence[str],
        key: NaturalKey,
        places: Sequence[int],
    ) -> None:
        """Tell the first one of them."""
        shown = repr(", ".join(map(str, key)))
        super().__init__(
            f"{model._meta.label}: more than one row has the natural key {shown}."
        )
        self.showing(names, shown)
        self.places = places


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
            RepeatedKeyError: An earlier instance has the same natural key.
        """
        found: set[NaturalKey] = set()
        repeated: list[int] = []
        for place, key in enumerate(keys):
            if key in self._keys or key in found:
                repeated.append(place)
            found.add(key)
        if repeated:
            names = self._target.key
            key = natural_key(rows[repeated[0]], names)
            raise RepeatedKeyError(self._target.model, names, key, repeated)

    def as_known(self) -> "StoredRows":
        """Return another object that refuses the same natural keys."""
        other = StoredRows(replace(self._target, dry_run=True))
        other._keys = dict(self._keys)
        other._was_empty = self._was_empty
        return other

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

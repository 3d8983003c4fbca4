"""Step 4, load: instances of a run refer to others of the run, whose keys come later.

A key is read from the instance that was assigned, once its row is found or created. A dry
run works on copies, so that the instances of the caller stay as they are; rows that it
would create get a ``PlannedKey``.
"""

from collections.abc import Iterable, Sequence
from weakref import ReferenceType, ref

from django.db.models import Model
from django.db.models.base import ModelState

from importkit.errors import ConfigurationError
from importkit.loading.plan import Mode, TableTarget
from importkit.models import (
    AnyForeignKey,
    ModelClass,
    PlannedKey,
    foreign_keys,
    inherited_pk_fields,
    is_given,
    refers_to,
)


class Links:
    """The instances of a run that others may refer to."""

    def __init__(self) -> None:
        """Start without any instances."""
        # By the id of an instance: the reference ends when the caller drops the instance.
        self._copies: dict[int, tuple[ReferenceType[Model], Model]] = {}
        self._absent: dict[int, tuple[Model, str]] = {}

    def rows_to_write(
        self, target: TableTarget, originals: Sequence[Model]
    ) -> Sequence[Model]:
        """Return the instances; for a dry run copies, which may be changed."""
        if not target.dry_run:
            return originals
        return [
            copy_of(row) if (row_copy := self._handled(row)) is row else row_copy
            for row in originals
        ]

    def add(
        self,
        target: TableTarget,
        originals: Sequence[Model],
        rows: Sequence[Model],
        new: Iterable[Model],
    ) -> None:
        """Add instances that are handled by now.

        Args:
            target: Their table.
            originals: The instances of the caller.
            rows: The instances that were handled: in a dry run, copies.
            new: Those of them that were not in the table.
        """
        is_new = set(map(id, new))
        if target.mode is Mode.UPDATE:
            pairs = zip(originals, rows, strict=True)
            self._absent |= {
                id(original): (original, _named(row, target.key))
                for original, row in pairs
                if id(row) in is_new
            }
        if not target.dry_run:
            return
        for original, row in zip(originals, rows, strict=True):
            if id(row) in is_new and target.mode is not Mode.UPDATE:
                _plan_key(row, target.key)
            self._remember(original, row)

    def add_wrong(
        self, originals: Sequence[Model], rows: Sequence[Model], wrong: Sequence[bool]
    ) -> None:
        """Add copies of instances with problems: others may refer to them.

        Args:
            originals: The instances of the caller.
            rows: Their copies.
            wrong: Which of them have problems.
        """
        for original, row, is_wrong in zip(originals, rows, wrong, strict=True):
            if is_wrong:
                if row._state.adding:
                    _plan_key(row)
                self._remember(original, row)

    def for_plan(self) -> "Links":
        """Return the instances of a run for what the run has to find out."""
        other = Links()
        other._absent = dict(self._absent)
        return other

    def _remember(self, original: Model, row: Model) -> None:
        place = id(original)
        self._copies[place] = (
            ref(original, lambda _gone, place=place: self._copies.pop(place)),  # type: ignore[misc]
            row,
        )

    def read_keys(self, rows: Sequence[Model], keys: Sequence[AnyForeignKey]) -> None:
        """Give rows the keys of the instances that are assigned to their foreign keys."""
        for key in keys:
            name, target = key.attname, key.target_field.attname
            for row in rows:
                parent = assigned(row, key)
                if parent is None:
                    continue
                value = getattr(self._handled(parent), target)
                if value is not None:
                    # Not by the descriptor, which forgets the instance.
                    row.__dict__[name] = value

    def is_open(self, parent: Model) -> bool:
        """Return whether the key of an instance is not settled yet."""
        return self._handled(parent)._state.adding

    def absent_name(self, parent: Model | None) -> str | None:
        """Return the natural key of an instance whose row the run looked for in vain."""
        _, name = self._absent.get(id(parent), (None, None))
        return name

    def value_of(self, parent: Model, key: AnyForeignKey) -> object:
        """Return the value with which a foreign key refers to an instance, or None."""
        value: object = getattr(self._handled(parent), key.target_field.attname)
        return value

    def refuse_unsaved(self, model: ModelClass, rows: Iterable[Model]) -> None:
        """Raise if an instance refers to an instance that has no row."""
        keys = list(foreign_keys(model))
        for row in rows:
            for key in keys:
                parent = assigned(row, key)
                if parent is None or not parent._state.adding:
                    continue
                self.refuse_without_row(model, key, parent)

    def refuse_without_row(
        self, model: ModelClass, key: AnyForeignKey, parent: Model
    ) -> None:
        """Raise if an instance that a foreign key refers to has no row."""
        label = parent._meta.label
        if self.value_of(parent, key) is not None or self.absent_name(parent):
            return
        remedy = f'Save it first, or add it to the bulk of "{label}".'
        if refers_to(key, model):
            remedy += " Rows that need each other need a field with null=True."
        raise ConfigurationError(
            f'"{model._meta.label}.{key.name}" refers to a "{label}" that is not'
            f" saved and is not created before it either. {remedy}"
        )

    def _handled(self, row: Model) -> Model:
        known = self._copies.get(id(row))
        return row if known is None else known[1]


def assigned(row: Model, key: AnyForeignKey) -> Model | None:
    """Return the instance that is assigned to a foreign key."""
    parent: Model | None = key.get_cached_value(row, default=None)
    return parent


def copy_of(row: Model) -> Model:
    """Return a copy that shares the values, and whose changes the original does not see."""
    copied = type(row).__new__(type(row))
    copied.__dict__.update(row.__dict__)
    state = ModelState()
    state.db, state.adding = row._state.db, row._state.adding
    state.fields_cache = dict(row._state.fields_cache)
    copied._state = state
    return copied


def _plan_key(row: Model, key: Sequence[str] = ()) -> None:
    """Give a row that would be created the key that it would get."""
    planned = PlannedKey(str(row._meta.verbose_name), _named(row, key))
    for field in inherited_pk_fields(type(row)):
        if not is_given(row, field.attname) or row.__dict__[field.attname] is None:
            row.__dict__[field.attname] = planned
    row._state.adding = False


def _named(row: Model, attnames: Sequence[str]) -> str:
    return ", ".join(str(getattr(row, name)) for name in attnames)

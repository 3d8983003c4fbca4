"""Expectations: the kinds of them, as a command states them in ``get_expectations``."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from django.db.models import Model

from importkit.cleaning import MOST_DISTINCT, Asked, Measure, Measured, Value
from importkit.errors import ConfigurationError
from importkit.import_data.expectations.amounts import Amount, Limit, read_limit
from importkit.loading import Loaded, Mode

NOW, OLDEST = timedelta(), timedelta(days=365_000)
BOUNDS = ("at_least", "at_most", "change")


@dataclass(frozen=True)
class Facts:
    """What a run has found in its delivery.

    Attributes:
        measured: The numbers of the rows that were read.
        rejected: How many rows were rejected.
        loaded: What became of the rows of each model.
    """

    measured: Measured
    rejected: int = 0
    loaded: Mapping[type[Model], Loaded] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What an expectation is about, in one run.

    Attributes:
        value: The number; None if it is not known, or if there is none.
        whole: Of how many rows shares are shares.
        rows: What those rows are, in words.
        unknown: Why no run of this kind can know the number; empty if it can.
        is_more: Whether the true number is higher than ``value``.
    """

    value: Value
    whole: int = 0
    rows: str = "rows"
    unknown: str = ""
    is_more: bool = False


@dataclass(frozen=True)
class Expectation(ABC):
    """What a delivery should show; of a delivery that does not, nothing is written."""

    kind: ClassVar[str]

    @property
    def name(self) -> str:
        """The name in reports, in the ledger and for ``--accept``: ``nulls:ean``."""
        return self.kind

    @property
    def asked(self) -> Asked:
        """What has to be counted while the rows are read."""
        return ()

    @property
    def of_model(self) -> type[Model] | None:
        """The model whose rows are meant; None: those of all models of the run."""
        return None

    def _refusal(self, reason: str) -> ConfigurationError:
        return ConfigurationError(f"get_expectations, {self.name}: {reason}.")

    @abstractmethod
    def find(self, facts: Facts) -> Found:
        """Return the number in a run."""


@dataclass(frozen=True, kw_only=True)
class Bounded(Expectation):
    """A number between limits.

    Attributes:
        at_least: The lowest number, or share such as ``"5%"``.
        at_most: The highest number, or share.
        change: How much more or less than in the last run that is done: ``"20%"``.
    """

    at_least: Amount | None = None
    at_most: Amount | None = None
    change: Amount | None = None

    is_count: ClassVar[bool] = True
    has_shares: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse limits that cannot work.

        Raises:
            ConfigurationError: They cannot.
        """
        limits = dict(self._limits())
        if not limits:
            raise self._refusal("state at_least, at_most or change")
        fixed = [limits[bound] for bound in BOUNDS[:2] if bound in limits]
        if not self.has_shares and any(limit.is_share for limit in fixed):
            raise self._refusal(
                "at_least and at_most are numbers here; only change may be a share"
            )
        if len({limit.is_share for limit in fixed}) == 1:
            numbers = [limit.number for limit in fixed]
            if numbers != sorted(numbers):
                raise self._refusal("at_least is more than at_most")
        if "change" in limits and limits["change"].number < 0:
            raise self._refusal("change is less than 0")

    def limit(self, bound: str) -> Limit | None:
        """Return one of the limits of ``BOUNDS``."""
        return dict(self._limits()).get(bound)

    def _limits(self) -> Iterator[tuple[str, Limit]]:
        for bound in BOUNDS:
            amount = getattr(self, bound)
            if amount is not None:
                what = f"get_expectations, {self.name}: {bound}"
                yield bound, read_limit(amount, what, is_count=self.is_count)


@dataclass(frozen=True, kw_only=True)
class Rows(Bounded):
    """How many rows are read, with those that are rejected or left out."""

    kind: ClassVar[str] = "rows"
    has_shares: ClassVar[bool] = False

    def find(self, facts: Facts) -> Found:
        return Found(facts.measured.read)


@dataclass(frozen=True, kw_only=True)
class Rejected(Bounded):
    """How many rows are rejected, with ``--on-error skip``; a share is of all rows read."""

    kind: ClassVar[str] = "rejected"

    def find(self, facts: Facts) -> Found:
        return Found(facts.rejected, facts.measured.read)


@dataclass(frozen=True, kw_only=True)
class _OfModels(Bounded):
    """Rows of one model, or of all models of the run."""

    model: type[Model] | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.model._meta.label}" if self.model else self.kind

    @property
    def of_model(self) -> type[Model] | None:
        return self.model

    def _loaded(self, facts: Facts) -> list[Loaded]:
        every = facts.loaded.items()
        return [done for model, done in every if self.model in (None, model)]


class _OfSource(_OfModels):
    """Rows of the source, of which a share is one of all rows that it has for the models."""

    def find(self, facts: Facts) -> Found:
        outcomes = [done.outcome for done in self._loaded(facts)]
        return Found(
            sum(getattr(outcome, self.kind) for outcome in outcomes),
            sum(each.new + each.changed + each.unchanged for each in outcomes),
        )


@dataclass(frozen=True, kw_only=True)
class New(_OfSource):
    """How many rows are not in the table; a share is of the rows for these models."""

    kind: ClassVar[str] = "new"


@dataclass(frozen=True, kw_only=True)
class Changed(_OfSource):
    """How many stored rows get other values; a share is of the rows for these models."""

    kind: ClassVar[str] = "changed"


@dataclass(frozen=True, kw_only=True)
class Missing(_OfModels):
    """How many rows of the table, or what share of it, ``--mode sync`` does not find."""

    kind: ClassVar[str] = "missing"

    def find(self, facts: Facts) -> Found:
        synced = [done for done in self._loaded(facts) if done.mode is Mode.SYNC]
        if not synced:
            return Found(None, unknown=f"known with --mode {Mode.SYNC} only")
        before = [done.outcome for done in synced]
        return Found(
            sum(each.missing for each in before),
            sum(each.changed + each.unchanged + each.missing for each in before),
            "rows of the table",
        )


@dataclass(frozen=True)
class _OfColumn(Bounded):
    """A number of a column of the cleaning class, over the clean rows."""

    column: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.column}"

    @property
    def asked(self) -> Asked:
        return ((Measure(self.kind), self.column),)

    def find(self, facts: Facts) -> Found:
        value = facts.measured.value(Measure(self.kind), self.column)
        return Found(value, facts.measured.clean)


@dataclass(frozen=True)
class Nulls(_OfColumn):
    """How many clean rows have no value in a column, or what share of them."""

    kind: ClassVar[str] = Measure.NULLS


@dataclass(frozen=True)
class Distinct(_OfColumn):
    """How many different values a column has, up to 1,000,000; a share is of clean rows."""

    kind: ClassVar[str] = Measure.DISTINCT

    def __post_init__(self) -> None:
        """Refuse limits beyond what is counted."""
        super().__post_init__()
        for bound in BOUNDS:
            limit = self.limit(bound)
            if limit and not limit.is_share and limit.number > MOST_DISTINCT:
                raise self._refusal(
                    f"no more than {MOST_DISTINCT:,} distinct values are counted"
                )

    def find(self, facts: Facts) -> Found:
        found = super().find(facts)
        if found.value is not None:
            return found
        return Found(MOST_DISTINCT, found.whole, is_more=True)


@dataclass(frozen=True)
class Sum(_OfColumn):
    """The sum of a column of numbers, in which nulls count as nothing."""

    kind: ClassVar[str] = Measure.SUM
    is_count: ClassVar[bool] = False
    has_shares: ClassVar[bool] = False


@dataclass(frozen=True)
class Newest(Expectation):
    """The latest day or time of a column is not older than ``max_age`` when the run ends."""

    column: str
    max_age: timedelta

    kind: ClassVar[str] = Measure.NEWEST

    def __post_init__(self) -> None:
        """Refuse what is no length of time."""
        age: object = self.max_age
        if not (isinstance(age, timedelta) and NOW <= age <= OLDEST):
            raise self._refusal(
                f"max_age={age!r} is not a timedelta from 0 to {OLDEST.days:,} days"
            )

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.column}"

    @property
    def asked(self) -> Asked:
        return ((Measure.NEWEST, self.column),)

    def find(self, facts: Facts) -> Found:
        return Found(facts.measured.value(Measure.NEWEST, self.column))

"""What a run has done, or why it has not, as JSON for other programs."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Model

from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream
from importkit.errors import SourceError
from importkit.loading import Loaded, Mode

VERSION = 1
SLICE = 10_000  # Problems that are turned into text at a time.
OPENING = b'{\n"version": '


class Status(StrEnum):
    """How a run ended.

    Attributes:
        DONE: As it was asked to.
        REJECTED: With more rows that do not fit than are allowed.
        FAILED: For another reason.
        INTERRUPTED: Before its end: Ctrl-C, SIGTERM, or the time was up.
    """

    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass
class Facts:
    """What is known of a run so far.

    Attributes:
        place: What the lines of the source count.
        rows: How many rows it has, if that is known.
        cleaned: What cleaning made of it.
        loaded: What became of the rows of each model.
        deleted: How many rows were deleted, by model label.
        found: What is wrong with rows, of ``problems.SCHEMA``.
        found_place: What their lines count, if not those of the source.
        rejects: Where the rows that did not fit are.
        is_rejected: Whether the run ended for them.
    """

    place: problems.Place = problems.ROWS
    rows: int | None = None
    cleaned: CleaningDF | CleanStream | None = None
    loaded: Mapping[type[Model], Loaded] = field(default_factory=dict)
    deleted: Mapping[str, int] = field(default_factory=dict)
    found: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=problems.SCHEMA)
    )
    found_place: problems.Place | None = None
    rejects: Path | None = None
    is_rejected: bool = False


@dataclass(frozen=True)
class Report:
    """The file with the report of a run.

    It is written under another name, and gets its own when it is whole.

    Attributes:
        path: Where it goes.
    """

    path: Path

    @property
    def _part(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")

    def check(self, confirm: Callable[[str], bool]) -> None:
        """Refuse a path that cannot be written, and ask before one is replaced.

        Raises:
            SourceError: It cannot be written, holds something else than a report, or
                the answer is no.
        """
        try:
            if self.path.exists() and not self.path.is_file():
                raise SourceError(f'--report: "{self.path}" is no file.')
            if self._part.exists():
                raise SourceError(f'--report: "{self._part}" is in the way. Remove it.')
            if self.path.exists() and not self._is_report():
                raise SourceError(f'--report: "{self.path}" is there and no report.')
            self._part.touch()
            self._part.unlink()
        except OSError as error:
            raise self._unwritable(error) from error
        if self.path.exists() and not confirm(
            f'There is a report in "{self.path}" already. Replace it?'
        ):
            raise SourceError("Not confirmed.")

    def refuse(self, others: Mapping[Path, str]) -> None:
        """Refuse to be another file of the run.

        Args:
            others: Where they are, and what.

        Raises:
            SourceError: It is one of them.
        """
        for path, what in others.items():
            if path.resolve() in (self.path.resolve(), self._part.resolve()):
                raise SourceError(f'--report: "{path}" is {what}.')

    def write(self, head: Mapping[str, Any], facts: Facts) -> None:
        """Write what is known of a run; its rows slice by slice.

        Args:
            head: The first members: how it was started and how it ended.
            facts: What it has done.

        Raises:
            SourceError: It cannot be written.
        """
        cleaned = facts.cleaned
        lines = {
            "left_out": cleaned.left_out if cleaned else pl.DataFrame(),
            "problems": facts.found.sort("line", maintain_order=True),
        }
        try:
            with self._part.open("wb") as file:
                file.write(OPENING + str(VERSION).encode())
                for name, value in {**head, **_members(facts)}.items():
                    # What is no Unicode in the name of a file is escaped, as in JSON.
                    text = json.dumps(value, ensure_ascii=False)
                    file.write(f',\n"{name}": {text}'.encode(errors="backslashreplace"))
                for name, rows in lines.items():
                    file.write(f',\n"{name}": ['.encode())
                    file.writelines(_rows(rows))
                    file.write(b"]")
                file.write(b"\n}\n")
            self._part.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            self._part.unlink(missing_ok=True)

    def _is_report(self) -> bool:
        with self.path.open("rb") as file:
            start = file.read(len(OPENING))
        return start in (OPENING, b"")

    def _unwritable(self, error: OSError) -> SourceError:
        return SourceError(
            f'The report cannot be written to "{self.path}": {error.strerror}.'
        )


def _members(facts: Facts) -> dict[str, Any]:
    """Return what is counted."""
    return {
        "models": [_model(model, done) for model, done in facts.loaded.items()],
        "deleted": dict(facts.deleted),
        "rows_read": facts.cleaned.rows if facts.cleaned else facts.rows,
        "rows_rejected": facts.found["line"].n_unique(),
        "rejects": facts.rejects and str(facts.rejects),
        "problems_in": (facts.found_place or facts.place).plural,
        "left_out_in": facts.place.plural,
        "causes": [_cause(cause) for cause in problems.causes(facts.found)],
    }


def _model(model: type[Model], done: Loaded) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "model": model._meta.label,
        "mode": done.mode.value,
        "new": outcome.new,
        "changed": outcome.changed,
        "changed_by_field": dict(outcome.changed_by_field.most_common()),
        "unchanged": outcome.unchanged,
        "missing": outcome.missing if done.mode is Mode.SYNC else None,
    }


def _cause(cause: problems.Cause) -> dict[str, Any]:
    return {
        "column": cause.column,
        "code": cause.code,
        "reason": cause.reason,
        "rows": cause.rows,
        "first_lines": cause.lines,
        "remedy": problems.remedy_of(cause.code),
    }


def _rows(df: pl.DataFrame) -> Iterator[bytes]:
    """Yield rows as the elements of a JSON array."""
    for number, part in enumerate(df.iter_slices(SLICE)):
        text = BytesIO()
        part.write_ndjson(text)
        # A line end inside of a value is escaped.
        objects: Sequence[bytes] = text.getvalue().rstrip(b"\n").split(b"\n")
        yield (b",\n" if number else b"\n") + b",\n".join(objects)

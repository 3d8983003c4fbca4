"""Compare the tables after runs with those of plain Django code, and the numbers of runs."""

import re
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Model

from tests.importkit.instances import plain
from tests.importkit.instances.bulks import bulks_of
from tests.importkit.instances.cases import KEYS, PARENTS, THERE, OneRun, drawn
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Comrade

NUMBERS = re.compile(
    r"([\d,]+) new, ([\d,]+) changed(?: \(([^)]*)\))?, ([\d,]+) unchanged"
)

type Table = dict[tuple[Any, ...], dict[str, Any]]
type Numbers = tuple[int, int, int, dict[str, int]]


class _Undo(Exception):  # noqa: N818  nobody sees it
    """Rolls back."""


def start() -> None:
    """Create the rows that are there before the first run."""
    for name in THERE:
        row = Comrade(name=name)
        row.pk = row.friend_id = 1000 + THERE.index(name)
        row.save(force_insert=True)


def check(seed: int, number: int) -> None:
    """Do the runs of a case.

    Raises:
        AssertionError: A table, or what a run says, is wrong.
    """
    start()
    for place, one in enumerate(drawn(seed, number)):
        said = f"seed {seed}, case {number}, run {place}: {one}"
        before = tables()
        wanted = wanted_of(one)
        plan = _run(one, "--dry_run")
        assert tables() == before, said
        output = _run(one)
        assert plan == output, f"{plan}\n{output}\n{said}"
        found = tables()
        for model, rows in wanted.items():
            assert found[model] == rows, f"{model}: {found[model]}\n{rows}\n{said}"
            if model not in one.rows:
                continue
            expected = numbers_of(model, one, before[model], rows)
            assert output[model] == expected, f"{model}: {output} {expected}\n{said}"


def wanted_of(one: OneRun) -> dict[type[Model], Table]:
    """Return the tables that plain Django code leaves."""
    found: dict[type[Model], Table] = {}
    try:
        with transaction.atomic():
            plain.save(one.rows)
            found = tables()
            raise _Undo
    except _Undo:
        return found


def tables() -> dict[type[Model], Table]:
    """Return all rows by their natural keys, in which parents have theirs."""
    return {model: _table(model) for model in KEYS}


def _table(model: type[Model]) -> Table:
    links = PARENTS.get(model, {})
    paths = {}
    for field in model._meta.concrete_fields:
        name = field.name
        if name in {"id", "pk", "vehicle_ptr", "created_at", "updated_at"}:
            continue
        paths[name] = f"{name}__{KEYS[links[name]][0]}" if name in links else name
    rows = model._base_manager.values_list(*paths.values())
    found = [dict(zip(paths, row, strict=True)) for row in rows]
    return {tuple(row[name] for name in KEYS[model]): row for row in found}


def numbers_of(model: type[Model], one: OneRun, before: Table, after: Table) -> Numbers:
    """Return how many rows of a run are new, changed, and unchanged, and which fields."""
    keys = [tuple(row[name] for name in KEYS[model]) for row in one.rows[model]]
    fields: Counter[str] = Counter()
    changed = 0
    for key in keys:
        old = before.get(key)
        names = [n for n, v in after[key].items() if old is not None and old[n] != v]
        changed += bool(names)
        fields.update(model._meta.get_field(n).name for n in names)
    new = sum(key not in before for key in keys)
    return new, changed, len(keys) - new - changed, dict(fields)


def _run(one: OneRun, *flags: str) -> dict[type[Model], Numbers]:
    bulks = bulks_of(one)
    lines = run(Import(bulks, KEYS), *one.flags, *flags).splitlines()
    told = [match for line in lines if (match := NUMBERS.search(line))]
    assert len(told) == len(bulks), lines
    return {
        model: (int(new), int(changed), int(unchanged), _fields(fields))
        for model, match in zip(bulks, told, strict=True)
        for new, changed, fields, unchanged in [match.groups()]
    }


def _fields(text: str | None) -> dict[str, int]:
    pairs = [part.rsplit(" ", 1) for part in text.split(", ")] if text else []
    return {name: int(count) for name, count in pairs}

"""What is told of a table: numbers, and examples of the rows that are kept."""

import json
from collections import Counter
from typing import Any

from django.db.models import AutoField

from importkit.models import pk_fields
from importkit.problems import MASK, Masking
from importruns.undoing.tables import Touched
from importruns.undoing.told import Difference, Kept, Reason, UndoneTable


def counted(touched: Touched, masking: Masking, examples: int) -> UndoneTable:
    """Return what becomes of the touched rows of a table.

    Args:
        touched: The rows, of which all that are kept are marked.
        masking: Which values are hidden.
        examples: How many of the rows that are kept are listed.
    """
    numbers = touched.sql.rows(
        f"SELECT kind, kept, COUNT(*) FROM {touched.name} GROUP BY kind, kept"
    )
    done = {kind: number for kind, kept, number in numbers if kept is None}
    kept: Counter[Reason] = Counter()
    for _, reason, number in numbers:
        if reason is not None:
            kept[Reason[reason]] += number
    return UndoneTable(
        label=touched.model._meta.label,
        taken_back=done.get("c", 0),
        restored=done.get("u", 0),
        put_back=done.get("d", 0),
        kept=dict(kept),
        examples=_examples(touched, masking, examples) if kept else (),
    )


def _examples(touched: Touched, masking: Masking, number: int) -> list[Kept]:
    pks = ", ".join(f"w.{pk}" for pk in touched.pks)
    rows = touched.sql.rows(
        f"SELECT w.kept, w.after, {touched.images.whole('t')}, {pks} "
        f"FROM {touched.name} w LEFT JOIN {touched.table} t ON {touched.same('w', 't')} "
        f"WHERE w.kept IS NOT NULL ORDER BY {pks} LIMIT {number}"
    )
    hides_key = any(
        masking.hides(field.attname)
        for field in pk_fields(touched.model)
        if not isinstance(field, AutoField)
    )
    return [
        Kept(
            touched.model._meta.label,
            MASK if hides_key else ", ".join(map(str, key)),
            Reason[kept],
            _differences(_loaded(after), _loaded(now), touched, masking)
            if kept == Reason.EDITED.name
            else (),
        )
        for kept, after, now, *key in rows
    ]


def _loaded(image: Any) -> Any:
    return json.loads(image) if isinstance(image, str) else image


def _differences(
    written: Any, now: Any, touched: Touched, masking: Masking
) -> list[Difference]:
    names = {
        field.column: field.attname for field in touched.model._meta.concrete_fields
    }
    found = []
    for column in touched.images.columns:
        name = column.name
        if name not in written or written[name] == now.get(name):
            continue
        is_hidden = masking.hides(names.get(name, name))
        old, new = (
            MASK if is_hidden and value is not None else touched.images.shown(value)
            for value in (written[name], now.get(name))
        )
        found.append(Difference(name, old, new))
    return found

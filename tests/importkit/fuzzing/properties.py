"""Step 6 of fuzzing: what has to hold of file and runs, whatever the messages say."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from tests.importkit.fuzzing import kept
from tests.importkit.fuzzing.cases import Case
from tests.importkit.fuzzing.reading import (
    Reading,
    Record,
    decoded,
    read,
    seen,
    stripped,
)
from tests.importkit.fuzzing.runs import (
    Row,
    Run,
    attempt,
    prepare,
    stale_rows,
    table,
    temporary_tables,
)

SKIP = ("--on-error", "skip", "--allow-rejects", "100%")
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,3})?", re.ASCII)
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
KEY = re.compile(r"[a-z][a-z0-9]{0,15}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BrokenError(Exception):
    """A property does not hold; says which, and where."""


def check(case: Case, folder: Path) -> str:
    """Import the file of a case in its ways and return what became of it.

    Raises:
        BrokenError: A property does not hold.
        Exception: Whatever the import has raised that is not an error of its own.
    """
    path = folder / "file.csv"
    path.write_bytes(case.data)
    rejects = folder / "file.csv.rejects.csv"
    rejects.unlink(missing_ok=True)
    text = decoded(case.data, case.dialect.encoding)
    reading = read(text, case.dialect) if text is not None else None
    stale = _stale_keys(case, reading)
    prepare(case, stale)
    plan = attempt(case, path, *SKIP, "--dry_run")
    _must(not table() and stale_rows() == stale, "a plan has written rows")
    _leaves_nothing(folder)
    if plan.refusal:
        return _refused(case, plan, reading, path, stale)
    if reading is None:
        raise BrokenError("a file is imported that Python cannot decode")
    _is_whole(plan, reading)
    if case.stops:
        _stops(case, plan, path, stale)
    if case.imports:
        _imports(case, plan, reading, path, stale)
    if case.rejects and rejects.exists():
        _imports_rejects(case, plan, rejects, folder)
    if plan.rejected:
        return "some rejected" if any(plan.counts) else "all rejected"
    return "imported"


def _stale_keys(case: Case, reading: Reading | None) -> list[str]:
    """Return some keys of the file, for rows that the table has before with other values."""
    places = _places(case, reading) if reading and reading.width else None
    if reading is None or places is None:
        return []
    place, most = places[0], max(places)
    rows = [r.fields for r in reading.records if len(r.fields or ()) > most]
    keys = [stripped(fields[place]) for fields in rows if fields]
    plain = dict.fromkeys(key for key in keys if KEY.fullmatch(key))
    return sorted(list(plain)[: case.stale])


def _refused(
    case: Case, plan: Run, reading: Reading | None, path: Path, stale: list[str]
) -> str:
    """Check that a file could not be imported, and that nothing came of it."""
    reason = _reason_to_refuse(case, reading)
    _must(bool(reason), f"refused without need: {plan.refusal}")
    if case.imports:
        done = attempt(case, path, *SKIP)
        _must(bool(done.refusal), "what the plan refused was imported")
        is_kept = not table() and stale_rows() == stale
        _must(is_kept, "rows were written all the same")
        _leaves_nothing(path.parent)
    return f"refused: {reason}"


def _is_utf_8_after_all(case: Case) -> bool:
    """Return whether most bytes beyond ASCII are characters of UTF-8 in another dialect."""
    if case.dialect.encoding.startswith(("utf-8", "utf-16")):
        return False
    text = case.data.decode(errors="surrogateescape")
    whole = sum(
        len(c.encode()) for c in text if c > "\x7f" and not "\udc80" <= c <= "\udcff"
    )
    return whole >= sum(byte > 0x7F for byte in case.data) / 2 > 0


def _has_other_quotes(case: Case) -> bool:
    """Return whether quotes that the dialect does not know hold its separator."""
    text = case.data.decode(case.dialect.encoding, errors="replace")
    mark = re.escape(case.dialect.separator)
    return any(
        re.search(rf"{quote}[^{quote}]*{mark}[^{quote}]*{quote}", text)
        for quote in "\"'"
        if quote != case.dialect.quote
    )


def _reason_to_refuse(case: Case, reading: Reading | None) -> str:
    """Return why a file as a whole cannot be imported, if so."""
    if reading is None:
        return "not of its encoding"
    if _is_utf_8_after_all(case):
        return "in UTF-8, not in its encoding"
    if reading.width is None:
        is_there = any(not record.is_blank for record in reading.records)
        return "unreadable header" if is_there or reading.header else "empty"
    if _places(case, reading) is None:
        return "columns are missing"
    return _reason_in_rows(case, reading)


def _reason_in_rows(case: Case, reading: Reading) -> str:
    if not any(_is_misfit(r, reading) for r in reading.records):
        return ""
    if case.is_whole:
        return "read whole, with rows that cannot be read"
    return "written with other quotes" if _has_other_quotes(case) else ""


def _is_whole(run: Run, reading: Reading) -> None:
    """Check that every record was written, rejected or left out, and only once."""
    known = {record.line: record for record in reading.records}
    for name, lines in (("rejected", run.rejected), ("left out", run.left_out)):
        strange = [line for line in lines if line not in known]
        _must(not strange, f"{name}: no row starts on lines {strange}")
        twice = [line for line, number in Counter(lines).items() if number > 1]
        _must(not twice, f"{name} twice: lines {twice}")
    both = set(run.rejected) & set(run.left_out)
    _must(not both, f"both rejected and left out: lines {both}")
    blank = sum(record.is_blank for record in reading.records)
    found = sum(run.counts) + len(run.rejected) + len(run.left_out)
    must = len(known) - blank
    _must(
        must <= found <= len(known),
        f"{len(known)} records of which {blank} blank, but {run.counts} written, "
        f"{len(run.rejected)} rejected and {len(run.left_out)} left out",
    )
    rejected = set(run.rejected)
    for record in known.values():
        if _is_misfit(record, reading):
            _must(record.line in rejected, f"line {record.line} is not rejected")


def _imports(
    case: Case, plan: Run, reading: Reading, path: Path, stale: list[str]
) -> None:
    """Check an import against its plan, the file, and a second plan."""
    done = attempt(case, path, *SKIP)
    _must(done == plan, f"planned {plan}, done {done}")
    rows = table()
    _holds(case, rows, done, reading)
    changed = len(stale) - len(stale_rows())
    _must(
        case.mode == "insert" or done.counts[1] == changed,
        f"{changed} rows were changed, counted {done.counts}",
    )
    rejects = path.with_name(f"{path.name}.rejects.csv")
    _must(rejects.exists() == bool(done.rejected), "rejects, but no file; or both")
    if done.rejected and not kept.is_of_rejects(reading):
        text = decoded(rejects.read_bytes(), case.dialect.encoding) or ""
        rejected = set(done.rejected)
        records = [r for r in reading.records if r.line in rejected]
        problem = kept.difference(text, reading, records, case.dialect)
        _must(not problem, f"rejects: {problem[:500]}")
    _leaves_nothing(path.parent, rejects)
    if case.again and case.mode != "insert":
        again = attempt(case, path, *SKIP, "--dry_run")
        _must(
            again == replace(done, counts=(0, 0, sum(done.counts))),
            f"done {done}, planned again {again}",
        )


def _holds(case: Case, rows: Sequence[Row], done: Run, reading: Reading) -> None:
    """Check the rows of the table against the records of the file."""
    places = _places(case, reading)
    known = {record.line: record for record in reading.records}
    _must(len(rows) == sum(done.counts), f"{len(rows)} rows, counted {done.counts}")
    lost = set(known) - {row.line for row in rows}
    lost -= {*done.rejected, *done.left_out}
    for line in lost:
        _must(known[line].is_blank, f"line {line} is lost")
    for row in rows:
        record = known.get(row.line)
        if record is None or not record.fields or places is None:
            raise BrokenError(f"{row}: no row starts on this line")
        values = [stripped(record.fields[place]) for place in places]
        if kept.is_of_rejects(reading):
            values = [kept.revealed(value) for value in values]
        _must(_is_of(row, values), f"{row} was made of {values}")
    if places is not None:
        _keeps_good_rows(rows, reading, places)


def _keeps_good_rows(
    rows: Sequence[Row], reading: Reading, places: Sequence[int]
) -> None:
    """Check that a row was written if nothing at all is wrong with it."""
    codes: set[str] = set()
    here = {row.line for row in rows}
    for record in reading.records:
        if record.is_blank or not record.fields or _is_misfit(record, reading):
            continue
        values = [record.fields[place] for place in places]
        code = stripped(values[0])
        if code not in codes and _is_good(*(value.strip(" ") for value in values)):
            _must(record.line in here, f"line {record.line} is good, but not written")
        codes.add(code)


def _is_good(code: str, char: str, decimal: str, day: str, whole: str) -> bool:
    is_day = not day
    if DAY.fullmatch(day):
        with suppress(ValueError):
            is_day = bool(date.fromisoformat(day))
    return (
        0 < len(code) <= 20
        and len(char) <= 60
        and not any(unicodedata.category(c) == "Cc" for c in code + char)
        and is_day
        and bool(not decimal or NUMBER.fullmatch(decimal))
        and bool(not whole or WHOLE.fullmatch(whole))
    )


def _is_of(row: Row, values: Sequence[str]) -> bool:
    """Say whether a row holds these texts."""
    char = values[1]
    # Nobody sees a mark of direction inside of a key, a number or a date.
    code, _, decimal, day, whole = map(seen, values)
    try:
        return (
            seen(stripped(row.code)) == code
            and stripped(row.char or "") == char
            and row.decimal == (Decimal(decimal) if decimal else None)
            and row.day == (date.fromisoformat(day) if day else None)
            and row.whole == (int(whole) if whole else None)
        )
    except (ValueError, InvalidOperation):
        return False


def _stops(case: Case, plan: Run, path: Path, stale: list[str]) -> None:
    """Check that a run that stops at a problem writes all or nothing."""
    done = attempt(case, path)
    if plan.rejected:
        _must(bool(done.refusal), "a problem did not stop the run")
        is_kept = not table() and stale_rows() == stale
        _must(is_kept, "rows were written before the run stopped")
    else:
        _must(done == plan, f"nothing is wrong; planned {plan}, done {done}")
    _leaves_nothing(path.parent)
    prepare(case, stale)


def _imports_rejects(case: Case, plan: Run, path: Path, folder: Path) -> None:
    """Check the rejects as a file like any other."""
    below = folder / "rejects"
    below.mkdir(exist_ok=True)
    data = path.read_bytes()
    again = replace(case, data=data, rejects=False, stops=False, again=False)
    try:
        check(again, below)
    except BrokenError as error:
        raise BrokenError(f"import of the rejects: {error}") from error


def _places(case: Case, reading: Reading) -> list[int] | None:
    """Return in which fields the columns are, None if some are missing."""
    if reading.header is None:
        width = reading.width or 0
        return list(range(5)) if width >= 5 else None
    names = [name.strip() for name in reading.header.fields or ()]
    wanted = [name.strip() for name in case.headers]
    return list(map(names.index, wanted)) if set(wanted) <= set(names) else None


def _is_misfit(record: Record, reading: Reading) -> bool:
    if record.is_blank:
        return False
    return not record.is_readable or len(record.fields or ()) != reading.width


def _leaves_nothing(folder: Path, *allowed: Path) -> None:
    """Check that no file and no temporary table is left."""
    files = {path for path in folder.iterdir() if path.is_file()}
    files -= {folder / "file.csv", *allowed}
    _must(not files, f"files are left: {files}")
    tables = temporary_tables()
    _must(not tables, f"temporary tables are left: {tables}")


def _must(holds: bool, text: str) -> None:
    if not holds:
        raise BrokenError(text)

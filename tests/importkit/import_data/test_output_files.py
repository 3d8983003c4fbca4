"""Files beside the table: nothing that is not ours is replaced, followed or taken over."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from importkit.import_data.output_files import SideFile
from importkit.import_data.run import Run
from tests.importkit.import_data.goods import goods, skus
from tests.importkit.shop.imports import run

pytestmark = pytest.mark.django_db
SKIP = ("--on-error", "skip", "--allow-rejects", "100%")
DRY = ("--dry_run",)


@pytest.fixture
def rejects(file: Path) -> Path:
    """Return where rejects go by default."""
    return file.with_name("goods.csv.rejects.csv")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("flags", [(), DRY])
@pytest.mark.parametrize(
    "content",
    ["my notes\n", "a,b\n1,2\n", "_line and _column\n", "sku,price,store\n1,2,\n"],
)
def test_a_file_that_holds_no_rejects_is_never_replaced(
    content: str, flags: tuple[str, ...], file: Path
) -> None:
    mine = file.with_name("mine.csv")
    mine.write_text(content)

    with pytest.raises(CommandError) as error:
        run(goods(file), *SKIP, "--rejects", str(mine), "--yes", *flags)

    assert str(error.value) == (
        f'--rejects: "{mine}" exists and does not hold rejects of an import. Name '
        "another file, or remove this one."
    )
    assert (mine.read_text(), skus()) == (content, [])


@pytest.mark.parametrize(
    "content",
    [
        "",
        "a;b;_line;_column;_code;_message\n",
        "a,_line,_column,_code,_message\r1,2,,length,long\r",
        '"a"|"_line"|"_column"|"_code"|"_message"\r\n',
        "notes\n\na\t_line\t_column\t_code\t_message",
    ],
)
def test_earlier_rejects_and_an_empty_file_are_replaced(
    content: str, file: Path, rejects: Path
) -> None:
    rejects.write_text(content)

    run(goods(file), *SKIP, "--yes")

    assert rejects.read_text().startswith("sku,price,store,_line,")
    assert names(file.parent) == ["goods.csv", "goods.csv.rejects.csv"]
    run(goods(file), *SKIP, "--yes")


@pytest.mark.parametrize("flags", [(), DRY])
@pytest.mark.parametrize("is_there", [True, False])
def test_no_link_is_followed(
    file: Path, rejects: Path, flags: tuple[str, ...], *, is_there: bool
) -> None:
    target = file.with_name("target")
    if is_there:
        target.write_text("a,_line,_column,_code,_message\n")
    rejects.symlink_to(target)

    with pytest.raises(CommandError) as error:
        run(goods(file), *SKIP, "--yes", *flags)

    assert str(error.value) == (
        f'--rejects: "{rejects}" is a link. Name the file itself.'
    )
    assert target.exists() == is_there
    assert skus() == []


@pytest.mark.parametrize("flags", [(), DRY])
@pytest.mark.parametrize("end", [".part", ".rejects.csv.part"])
def test_a_part_that_another_run_or_program_has_left_is_not_touched(
    file: Path, rejects: Path, end: str, flags: tuple[str, ...]
) -> None:
    part = file.with_name(f"goods.csv{end}")
    part.write_text("sku,_line,_column,_code,_message\nof another run\n")
    planted, target = file.with_name("goods.csv.part2"), file.with_name("target")
    planted.symlink_to(target)

    run(goods(file), *SKIP, *flags)

    assert part.read_text().endswith("of another run\n")
    assert not target.exists()
    assert rejects.exists() == (not flags)
    assert not flags or skus() == []


def test_the_part_is_made_where_nothing_is(file: Path, tmp_path: Path) -> None:
    side = SideFile(file.with_name("r.csv"), "--rejects")
    side.part.symlink_to(tmp_path / "target")

    with pytest.raises(FileExistsError), open(side.part, "xb", opener=side.opener()):
        pass

    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    ("mode", "umask", "wanted"),
    [
        (0o600, 0o022, 0o600),
        (0o640, 0o022, 0o640),
        (0o644, 0o022, 0o644),
        (0o666, 0o022, 0o644),
        (0o644, 0o077, 0o600),
        (0o755, 0o000, 0o644),
        (0o400, 0o022, 0o600),
    ],
)
def test_who_may_not_read_the_source_may_not_read_its_rejects_or_report(
    mode: int, umask: int, wanted: int, file: Path, rejects: Path
) -> None:
    report = file.with_name("run.json")
    file.chmod(mode)
    before = os.umask(umask)
    try:
        run(goods(file), *SKIP, "--report", str(report))
    finally:
        os.umask(before)

    assert rejects.stat().st_mode & 0o777 == wanted
    assert report.stat().st_mode & 0o777 == wanted


def test_a_file_of_another_group_gives_the_group_no_more_than_everybody(
    file: Path, rejects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.chmod(0o664)
    monkeypatch.setattr(os, "getegid", lambda: file.stat().st_gid + 1)

    run(goods(file), *SKIP)

    assert rejects.stat().st_mode & 0o777 == 0o644 & ~0o020


@pytest.mark.parametrize("is_there", [True, False])
def test_of_two_runs_with_the_same_rejects_one_is_told(
    file: Path, rejects: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    add_skipped = Run.add_skipped
    first = "sku,_line,_column,_code,_message\n"
    if is_there:
        rejects.write_text(f"a,{first}")

    def while_another_run_ends(*args: Any) -> None:
        rejects.unlink(missing_ok=True)
        rejects.write_text(first)
        add_skipped(*args)

    monkeypatch.setattr(Run, "add_skipped", while_another_run_ends)
    with pytest.raises(CommandError) as error:
        run(goods(file), *SKIP, "--yes")

    assert str(error.value) == (
        f'--rejects: "{rejects}" has changed since this import began. Does another import '
        "write to it? Name another file, or run the command again.\nNothing was written."
    )
    assert (rejects.read_text(), skus()) == (first, [])
    assert names(file.parent) == ["goods.csv", "goods.csv.rejects.csv"]


def test_rejects_are_kept_beside_a_file_that_is_made_after_the_commit(
    file: Path, rejects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_changed = Run.refuse_changed_files

    def and_another_run_ends(own: Run) -> None:
        refuse_changed(own)
        rejects.write_text("of another run")

    monkeypatch.setattr(Run, "refuse_changed_files", and_another_run_ends)

    output = run(goods(file), *SKIP)

    [kept] = [n for n in names(file.parent) if n not in (file.name, rejects.name)]
    text = file.with_name(kept).read_text()
    assert output.endswith(
        f'5 of 7 rows are in "{file.with_name(kept)}", to be corrected and imported from '
        f'there. Another program has made "{rejects}" meanwhile.\n'
    )
    assert text.count("\n") == 7
    assert rejects.read_text() == "of another run"
    assert skus() == ["1", "7"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "No space left on device"),
        (errno.EROFS, "Read-only file system"),
        (errno.EACCES, "Permission denied"),
    ],
)
def test_a_disk_that_takes_no_rejects_undoes_the_run(
    number: int, reason: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(number, reason)

    monkeypatch.setattr("importkit.import_data.output_files.write_rejects", refuse)

    with pytest.raises(CommandError) as error:
        run(goods(file), *SKIP)

    rejects = file.with_name("goods.csv.rejects.csv")
    assert str(error.value) == (
        f'The rejects cannot be written to "{rejects}": {reason}.\nNothing was written.'
    )
    assert (names(file.parent), skus()) == (["goods.csv"], [])


def test_a_file_system_without_links_gets_its_rejects_too(
    file: Path, rejects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    run(goods(file), *SKIP)

    assert names(file.parent) == ["goods.csv", "goods.csv.rejects.csv"]


def test_rejects_of_a_file_without_header_are_known_by_their_last_fields(
    tmp_path: Path,
) -> None:
    from importkit.source import Dialect, are_rejects  # noqa: PLC0415

    path = tmp_path / "rejects.csv"
    dialect = Dialect(";", header=False)
    for text, wanted in (
        ("a;b;12;price;unreadable;not a number\n", True),
        ("a;b;12;price; store;unreadable; unknown;x\n", False),
        ('a;12;"price; x";"unreadable; unknown";"no; no"\n', True),
        ("a;b\n", False),
        ("1;2;3;4\n", False),
    ):
        path.write_text(text)
        assert are_rejects(path, dialect) == wanted

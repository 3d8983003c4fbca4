"""A source that gives its content once is read whole; one that changes is refused."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import is_temporary, local_copy, scan_csv, scan_source
from tests.processes import environment

pytestmark = pytest.mark.skipif(
    not hasattr(os, "mkfifo"), reason="the system has no named pipes"
)
PROJECT = Path(__file__).parents[3] / "{{cookiecutter.project_slug}}"
ROWS = 100_000
# More than a pipe holds, more than a slice, and rows that tell whether all are there.
TEXT = "sku,name\n" + "".join(f"{n},{'x' * 60}\n" for n in range(ROWS))


def given(path: Path, data: bytes) -> None:
    """Make a named pipe through which some bytes come."""
    os.mkfifo(path)
    threading.Thread(target=path.write_bytes, args=[data], daemon=True).start()


@pytest.mark.parametrize("scan", [scan_csv, scan_source])
def test_a_named_pipe_gives_all_rows(
    scan: Callable[[Path], pl.LazyFrame], tmp_path: Path
) -> None:
    pipe = tmp_path / "goods"
    given(pipe, TEXT.encode())

    df = scan(pipe).collect()

    assert df["sku"].to_list() == [str(n) for n in range(ROWS)]
    assert df["_line"].to_list() == [*range(2, ROWS + 2)]


def test_a_pipe_of_the_shell_gives_all_rows() -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(TEXT.encode())

    threading.Thread(target=write, daemon=True).start()
    try:
        df = scan_csv(f"/dev/fd/{reading}").collect()
    finally:
        os.close(reading)

    assert df.height == ROWS


def test_a_file_that_is_open_is_read_from_its_path_once(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("a,b\n1,2\n")
    with path.open() as file:
        copy = local_copy(f"/dev/fd/{file.fileno()}")

    assert is_temporary(copy)
    assert copy.read_text() == "a,b\n1,2\n"


def test_a_pipe_of_another_kind_of_file_is_known_by_its_first_bytes(
    tmp_path: Path,
) -> None:
    source = tmp_path / "goods.parquet"
    pl.DataFrame({"sku": [1, 2]}).write_parquet(source)
    pipe = tmp_path / "pipe"
    given(pipe, source.read_bytes())

    assert scan_source(pipe).collect()["sku"].to_list() == [1, 2]


@pytest.mark.slow
def test_a_command_that_waits_for_a_pipe_hears_that_it_is_to_end(
    tmp_path: Path,
) -> None:
    pipe = tmp_path / "goods.csv"
    os.mkfifo(pipe)
    script = (
        "from importkit.commands.time_limit import terminated_like_interrupted\n"
        "from importkit.source import scan_csv\n"
        "with terminated_like_interrupted():\n"
        "    print('waiting', flush=True)\n"
        f"    scan_csv({str(pipe)!r})\n"
    )
    with subprocess.Popen(  # noqa: S603  the script of this test
        [sys.executable, "-c", script],
        env=environment(PYTHONPATH=str(PROJECT)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "waiting\n"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) != 0
        finally:
            process.kill()


def appended(path: Path) -> None:
    with path.open("a") as file:
        file.write("3,c\n")


def truncated(path: Path) -> None:
    os.truncate(path, 8)


def written_over(path: Path) -> None:
    found = path.stat()
    path.write_text(path.read_text().replace("a", "z"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + 1))


def replaced(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(path.read_text())
    found = path.stat()
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(path)


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (appended, "it had 18 bytes, and has 22 now"),
        (truncated, "it had 18 bytes, and has 8 now"),
        (written_over, "something was written to it"),
        (replaced, "another file has its name now"),
        (removed, "it was removed"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(
    change: Callable[[Path], None], what: str, tmp_path: Path
) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("sku,name\n1,a\n2,b\n\n")
    frame = scan_csv(path)
    read = frame.collect()
    change(path)

    with pytest.raises(SourceError) as error:
        frame.collect()

    assert read["name"].to_list() == ["a", "b"]
    if change is removed:
        assert str(error.value) == f'There is no file "{path}".'
        return
    assert str(error.value) == (
        f'"goods.csv" has changed while it was read: {what}. Wait until the file is '
        "complete, and run the command again."
    )

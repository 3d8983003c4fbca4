"""Packed files are read as what they unpack to, up to a limit."""

import bz2
import gzip
import io
import lzma
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    Dialect,
    opening,
    read_csv,
    read_source,
    scan_csv,
    scan_source,
)
from importkit.source.detection.dialects import detect_dialect

type Pack = Callable[[bytes], bytes]

TEXT = b'sku;n\n\n"A\n1";1\nB2;2\n'
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


def zipped(data: bytes, *names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        for name in names or ("goods.csv",):
            archive.writestr(name, data)
    return file.getvalue()


def zstd(data: bytes) -> bytes:
    compressed: bytes = import_module(ZSTD).compress(data)
    return compressed


PACKERS: list[tuple[str, Pack]] = [
    (".gz", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    (".zst", zstd),
    (".zip", zipped),
]


@pytest.mark.parametrize(("suffix", "pack"), PACKERS)
def test_a_packed_file_reads_as_the_file_itself(
    tmp_path: Path, suffix: str, pack: Pack
) -> None:
    path = tmp_path / f"goods.csv{suffix}"
    path.write_bytes(pack(TEXT))

    dialect = detect_dialect(path)

    assert read_csv(path, dialect).to_dicts() == [
        {"sku": "A\n1", "n": "1", LINE: 3},
        {"sku": "B2", "n": "2", LINE: 5},
    ]
    assert read_source(path, dialect).equals(read_csv(path, dialect))
    assert (
        scan_source(path, dialect).collect().equals(scan_csv(path, dialect).collect())
    )


@pytest.mark.parametrize(("suffix", "pack"), PACKERS)
def test_a_small_file_that_unpacks_to_very_much_is_refused(
    tmp_path: Path, suffix: str, pack: Pack
) -> None:
    path = tmp_path / f"goods.csv{suffix}"
    path.write_bytes(pack(b"a,b\n" + b"1,2\n" * 2_000_000))

    with patch.multiple(opening, MOST_BYTES=5_000_000), pytest.raises(SourceError) as e:
        scan_csv(path).collect()

    assert str(e.value) == (
        f'"goods.csv{suffix}" unpacks to more than 5,000,000 bytes. If you trust '
        "it, unpack it, and import the file that it holds."
    )


@pytest.mark.parametrize(("suffix", "pack"), PACKERS)
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_a_damaged_file_is_refused(
    tmp_path: Path, suffix: str, pack: Pack, damage: str
) -> None:
    path = tmp_path / f"goods.csv{suffix}"
    path.write_bytes(pack(TEXT)[:-12] if damage == "cut" else TEXT)

    with pytest.raises(SourceError) as error:
        read_csv(path)

    assert str(error.value).startswith(f'"goods.csv{suffix}" cannot be unpacked (')


def test_an_archive_of_several_files_is_refused_with_their_names(
    tmp_path: Path,
) -> None:
    path = tmp_path / "goods.zip"
    path.write_bytes(zipped(TEXT, "a.csv", "../b\x1b.csv", "__MACOSX/._a.csv"))

    with pytest.raises(SourceError) as error:
        read_csv(path)

    assert str(error.value) == (
        '"goods.zip" holds 2 files: "a.csv", "../b\\x1b.csv". Unpack it, and import the '
        "one that you mean."
    )


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "folder/.DS_Store",
        "__MACOSX/._goods.csv",
        "Thumbs.db",
        "a/desktop.ini",
    ],
)
def test_what_systems_leave_in_an_archive_is_not_a_file_of_it(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "goods.csv.zip"
    path.write_bytes(zipped(TEXT, "folder/goods.csv", name))

    assert read_csv(path, Dialect(";"))["sku"].to_list() == ["A\n1", "B2"]


def test_an_archive_of_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.zip"
    path.write_bytes(zipped(TEXT, "folder/inside/"))

    with pytest.raises(
        SourceError, match=r'"goods\.zip" is a zip archive without a fi'
    ):
        read_csv(path)


def test_a_missing_zstd_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goods.csv.zst"
    path.write_bytes(zstd(TEXT))
    monkeypatch.setitem(sys.modules, ZSTD, None)

    with pytest.raises(SourceError) as error:
        read_csv(path)

    assert str(error.value) == (
        '"goods.csv.zst" cannot be read without the package "backports.zstd": install it '
        "(uv add backports.zstd, or pip install backports.zstd)."
    )

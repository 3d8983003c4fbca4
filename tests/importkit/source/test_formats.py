"""The first bytes of a file tell its kind where its name does not."""

import pytest

from importkit.source.formats import named_by_content


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"PAR1\x15\x04", "export.parquet"),
        (b"PAR1,PAR2\n1,2\n", "export.csv"),
        (b"PK\x05\x06", "export.zip"),
        (b"BZh91AY&SY", "export.bz2"),
        (b"BZh9,n\n", "export.csv"),
        (b"%PDF-1.7\n", "export.csv"),
        (b'[{"a": 1}]', "export.json"),
        (b'\xef\xbb\xbf{"a": 1}\n', "export.ndjson"),
    ],
)
def test_a_file_is_named_by_its_first_bytes(head: bytes, name: str) -> None:
    assert named_by_content("export", head) == name


def test_a_name_that_tells_the_kind_is_kept() -> None:
    assert named_by_content("export.tsv", b"PAR1\x15\x04") == "export.tsv"

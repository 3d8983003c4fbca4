"""What comes from elsewhere is copied, up to a limit, and nothing secret is told."""

import gc
import io
import ssl
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pytest
import trustme

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    fetching,
    opening,
    read_csv,
    read_source,
    scan_source,
)

GOODS = b"sku,n\nA1,1\n"
SKUS = [{"sku": "A1", "n": "1", LINE: 2}]


class Handler(BaseHTTPRequestHandler):
    """Answers with goods, or as the path says."""

    headers_seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.headers_seen.append((path, self.headers["Authorization"]))
        if path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/goods.csv?token=secret")
            self.end_headers()
        elif path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/goods.csv")
            self.end_headers()
        elif path in ("/goods.csv", "/export", "/cut", "/bucket/goods.csv"):
            self.send_response(200)
            self.send_header("Content-Type", "text/csv; charset=utf-8")
            self.send_header("Content-Length", str(len(GOODS) + (path == "/cut")))
            self.end_headers()
            self.wfile.write(GOODS)
        elif path == "/silent":
            self.server.silence.wait(10)  # type: ignore[attr-defined]
        else:
            self.send_error(404)

    def log_message(self, *args: object) -> None:
        pass


def serving(context: ssl.SSLContext | None) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.silence = threading.Event()  # type: ignore[attr-defined]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Handler.headers_seen.clear()
    yield f"127.0.0.1:{server.server_port}"
    server.silence.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that speaks https, and is trusted."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield from serving(context)


def folders() -> list[Path]:
    gc.collect()
    return sorted(fetching._folders)


def test_a_file_is_downloaded_read_and_removed(host: str) -> None:
    before = folders()  # Frames of other tests may still have theirs.
    lf = scan_source(f"https://{host}/goods.csv")

    assert lf.collect().drop("_problem").to_dicts() == SKUS
    assert len(folders()) == len(before) + 1
    del lf
    assert folders() == before


@pytest.mark.parametrize("path", ["export?format=csv", "moved"])
def test_the_content_type_or_the_bytes_say_what_a_file_is(host: str, path: str) -> None:
    assert read_source(f"https://{host}/{path}").to_dicts() == SKUS


def test_user_and_password_are_sent_but_not_to_where_it_redirects(host: str) -> None:
    assert read_source(f"https://me:pass%20word@{host}/moved").to_dicts() == SKUS

    assert Handler.headers_seen == [
        ("/moved", "Basic bWU6cGFzcyB3b3Jk"),
        ("/goods.csv", None),
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.csv?key=secret", '{}none.csv?***" cannot be downloaded: 404 Not Found.'),
        (
            "away?key=secret",
            '{}away?***" cannot be downloaded: it redirects to "http://127.0.0.1/goods.csv'
            '?***", and only https:// is followed.',
        ),
        ("cut", '{}cut" broke off after 11 of 12 bytes: try again.'),
        (
            "a b?key=secret",
            '{}a b?***" cannot be downloaded: it is not a valid URL.',
        ),
        ("silent", '{}silent" cannot be downloaded: no answer within 0.2 seconds.'),
    ],
)
def test_what_cannot_be_had_is_told_without_secrets(
    host: str, path: str, reason: str
) -> None:
    with patch.multiple(fetching, TIMEOUT=0.2), pytest.raises(SourceError) as error:
        read_source(f"https://me:secret@{host}/{path}")

    message = str(error.value).replace("***@", "")
    assert message == reason.format(f'"https://{host}/')
    assert error.value.__context__ is None or error.value.__suppress_context__
    assert folders() == []


@pytest.mark.parametrize("scheme", ["http", "ftp", "file"])
def test_only_safe_schemes_are_read(scheme: str) -> None:
    with pytest.raises(SourceError) as error:
        read_source(f"{scheme}://me:secret@example.com/goods.csv")

    assert str(error.value) == (
        f'"{scheme}://***@example.com/goods.csv" cannot be read: only https:// and s3:// '
        "URLs are."
    )


def test_a_server_that_is_not_trusted_is_refused(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(SourceError, match="CERTIFICATE_VERIFY_FAILED"):
        read_source(f"https://{host}/goods.csv")


def test_a_download_that_is_too_large_is_refused(host: str) -> None:
    with patch.multiple(opening, MOST_BYTES=5), pytest.raises(SourceError) as error:
        read_source(f"https://{host}/goods.csv")

    assert str(error.value) == (
        f'"https://{host}/goods.csv" is larger than 5 bytes: save it to a file, and '
        "import that."
    )
    assert folders() == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GOODS, SKUS),
        (b'{"sku": "A1", "n": "1"}\n', [{**SKUS[0], LINE: 1}]),
        (b'[{"sku": "A1", "n": "1"}]', [{**SKUS[0], LINE: 1}]),
    ],
    ids=["csv", "ndjson", "json"],
)
def test_standard_input_is_read(
    data: bytes, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert read_source("-").to_dicts() == expected


def test_read_csv_takes_standard_input_as_a_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOODS)))

    assert read_csv(Path("-")).to_dicts() == SKUS


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that answers as S3 does."""
    pytest.importorskip(
        "boto3", reason="boto3 is not installed: it holds back python-dateutil"
    )
    for host in serving(None):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield


@pytest.mark.usefixtures("s3")
def test_an_object_of_s3_is_read() -> None:
    assert read_source("s3://bucket/goods.csv").to_dicts() == SKUS


@pytest.mark.usefixtures("s3")
def test_an_object_that_is_not_in_s3_is_named() -> None:
    with pytest.raises(SourceError) as error:
        read_source("s3://bucket/none.csv")

    assert str(error.value) == '"s3://bucket/none.csv" cannot be downloaded: 404.'


def test_a_missing_extra_for_s3_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(SourceError) as error:
        read_source("s3://bucket/goods.csv")

    assert str(error.value) == (
        '"s3://bucket/goods.csv" cannot be read without the package "boto3": install it '
        "(uv add boto3, or pip install boto3)."
    )

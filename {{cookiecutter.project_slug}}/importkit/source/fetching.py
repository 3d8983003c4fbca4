"""Step 1, import: what comes from elsewhere becomes a temporary file."""

import shutil
import sys
import weakref
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, InvalidURL
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from importkit.errors import SourceError, visible
from importkit.source import opening
from importkit.source.formats import named_by_content
from importkit.source.opening import STEP_BYTES, Readable, needed

STANDARD_INPUT = "-"
TIMEOUT = 60  # Seconds without an answer.
HEAD_BYTES = 4096
HIDDEN = "***"

_folders: set[Path] = set()


class Download(NamedTuple):
    """What is on its way: its name, what the server says it is, its size if known."""

    file: Readable
    name: str
    content_type: str = ""
    size: int | None = None


def is_elsewhere(source: Path | str) -> bool:
    """Say whether a source is a URL or standard input, not a file."""
    return str(source) == STANDARD_INPUT or "://" in str(source)


def local(source: Path | str) -> Path:
    """Return the path of a source; what is elsewhere is copied to a temporary file.

    Args:
        source: A path, a URL (``https://``, ``s3://``), or ``-`` for standard input.

    Raises:
        SourceError: It cannot be had, or is larger than the limit. No message holds the
            user, the password or the query of a URL.
    """
    if not is_elsewhere(source):
        return Path(source)
    if str(source) == STANDARD_INPUT:
        standard_input = Download(sys.stdin.buffer, "standard_input")
        return _spooled(standard_input, "Standard input")
    url = str(source)
    address = _split(url)
    if address.scheme not in ("https", "s3"):
        raise SourceError(
            f'"{shown(url)}" cannot be read: only https:// and s3:// can be.'
        )
    opened = _over_https if address.scheme == "https" else _from_s3
    with _told(url), opened(address) as download:
        return _spooled(download, f'"{shown(url)}"')


def shown(source: Path | str) -> str:
    """Return a source for messages: of a URL neither user, password nor query."""
    if "://" not in str(source):
        return visible(str(source))
    address = _split(str(source))
    user = f"{HIDDEN}@" if "@" in address.netloc else ""
    query = f"?{HIDDEN}" if address.query or address.fragment else ""
    host = address.netloc.rpartition("@")[2]
    return visible(f"{address.scheme}://{user}{host}{address.path}{query}")


def is_spooled(path: Path) -> bool:
    """Say whether a file is a temporary one of this module."""
    return path.parent in _folders


def keep_for(owner: object, path: Path) -> None:
    """Keep a temporary file as long as an object lives; leave others alone."""
    if is_spooled(path):
        weakref.finalize(owner, discard, path)


def discard(path: Path) -> None:
    """Remove a temporary file; leave others alone."""
    if is_spooled(path):
        _folders.discard(path.parent)
        shutil.rmtree(path.parent, ignore_errors=True)


def _split(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        raise SourceError("The URL of the source is not written as one.") from None
    return address


def _spooled(download: Download, what: str) -> Path:
    """Copy what comes, up to the limit."""
    folder = Path(mkdtemp(prefix="importkit-"))
    _folders.add(folder)
    part = folder / "part"
    try:
        with part.open("xb") as target:
            size = 0
            while data := download.file.read(STEP_BYTES):
                size += len(data)
                if size > opening.MOST_BYTES:
                    raise SourceError(
                        f"{what} is larger than {opening.MOST_BYTES:,} bytes: save it to "
                        "a file, and import that."
                    )
                target.write(data)
        if download.size is not None and size != download.size:
            raise SourceError(
                f"{what} broke off after {size:,} of {download.size:,} bytes: try again."
            )
        with part.open("rb") as file:
            head = file.read(HEAD_BYTES)
        name = named_by_content(download.name, head, download.content_type)
        return part.rename(folder / name)
    except BaseException:
        discard(part)
        raise


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what a connection raises into words, without what is secret in a URL."""
    try:
        yield
    except HTTPError as error:
        reason = f"{error.code} {error.reason}"
    except URLError as error:
        reason = str(error.reason)
    except TimeoutError:
        reason = f"no answer within {TIMEOUT} seconds"
    except (InvalidURL, ValueError):  # Of which the text holds the URL.
        reason = "it is not written as a URL"
    except (HTTPException, OSError) as error:
        reason = str(error) or type(error).__name__
    else:
        return
    told = f'"{shown(url)}" cannot be downloaded: {visible(reason)}.'
    raise SourceError(told) from None


class _OnlyHttps(HTTPRedirectHandler):
    """Follows redirects, unless they leave https."""

    def redirect_request(self, req: Request, *answer: Any) -> Request | None:
        *_, url = answer
        if urlsplit(url).scheme != "https":
            raise SourceError(
                f'"{shown(req.full_url)}" cannot be downloaded: it redirects to '
                f'"{shown(url)}", and only https:// is followed.'
            )
        return super().redirect_request(req, *answer)


@contextmanager
def _over_https(address: SplitResult) -> Iterator[Download]:
    host = address.netloc.rpartition("@")[2]
    request = Request(address._replace(netloc=host, fragment="").geturl())  # noqa: S310  https only
    if address.username is not None:
        user = f"{unquote(address.username)}:{unquote(address.password or '')}"
        # Not for where a redirect leads.
        request.add_unredirected_header(
            "Authorization", f"Basic {b64encode(user.encode()).decode()}"
        )
    with build_opener(_OnlyHttps).open(request, timeout=TIMEOUT) as answer:
        size = answer.headers.get("Content-Length")
        yield Download(
            answer,
            _name(address),
            answer.headers.get("Content-Type", ""),
            int(size) if size and size.isdecimal() else None,
        )


@contextmanager
def _from_s3(address: SplitResult) -> Iterator[Download]:
    url = f'"{shown(address.geturl())}"'
    boto3 = needed("boto3", "s3", url)
    errors = needed("botocore.exceptions", "s3", url)
    config = needed("botocore.config", "s3", url)
    waiting = config.Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT)
    try:
        client = boto3.client("s3", config=waiting)
        found = client.get_object(Bucket=address.netloc, Key=address.path.lstrip("/"))
        with found["Body"] as body:
            yield Download(
                body,
                _name(address),
                found.get("ContentType", ""),
                found.get("ContentLength"),
            )
    except errors.ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise SourceError(f"{url} cannot be downloaded: {code}.") from None
    except errors.BotoCoreError as error:
        reason = str(error).rstrip(".")
        raise SourceError(f"{url} cannot be downloaded: {reason}.") from None


def _name(address: SplitResult) -> str:
    """Return what a temporary file for a URL is called: never a path."""
    name = unquote(address.path).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in name)
    return kept.lstrip(".")[-100:] or "download"

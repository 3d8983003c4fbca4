"""Step 1, import: a URL, standard input or a pipe is copied to a temporary file."""

import re
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

from importkit.display_names import display_name
from importkit.errors import SourceError, visible
from importkit.source import opening
from importkit.source.formats import named_by_content
from importkit.source.opening import STEP_BYTES, Readable, needed

STANDARD_INPUT = "-"
STANDARD_INPUT_FILES = ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
# A file that a process has opened, by its number.
OPEN_FILE = re.compile(r"/dev/fd/\d+|/proc/\w+/fd/\d+")
TIMEOUT = 60  # Seconds without an answer, after which a server is given up.
HEAD_BYTES = 4096  # Enough for the first bytes that tell the kind of a file.
HIDDEN = "***"  # Stands in messages for the user, the password and the query of a URL.

_folders: set[Path] = set()


class Download(NamedTuple):
    """A file on its way.

    Attributes:
        file: What it is read from.
        name: Its name.
        content_type: The Content-Type that the server sends.
        size: How many bytes the server announces; None if it does not.
    """

    file: Readable
    name: str
    content_type: str = ""
    size: int | None = None


def is_elsewhere(source: Path | str) -> bool:
    """Return whether a source is a URL or standard input, not a path."""
    return str(source) == STANDARD_INPUT or "://" in str(source)


def local_copy(source: Path | str) -> Path:
    """Return the path of a source; what can be read only once is copied to a temporary file.

    An import opens its file several times. A pipe would give each of them another part.

    Args:
        source: A path, a URL (``https://``, ``s3://``), or ``-`` for standard input. The
            path may be that of a pipe: ``<(zcat goods.csv.gz)``, ``/dev/stdin``.

    Raises:
        SourceError: The source cannot be downloaded, or is larger than
            ``opening.MOST_BYTES``. No message holds the user, the password or the query
            of a URL.
    """
    if str(source) in (STANDARD_INPUT, *STANDARD_INPUT_FILES):
        standard_input = Download(sys.stdin.buffer, "standard_input")
        return _copied(standard_input, "Standard input")
    if not is_elsewhere(source):
        path = Path(source)
        return _copy_of_pipe(path) if _is_read_once(path) else path
    url = str(source)
    address = _split(url)
    if address.scheme not in ("https", "s3"):
        raise SourceError(
            f'"{shown_source(url)}" cannot be read: only https:// and s3:// URLs are.'
        )
    opened = _over_https if address.scheme == "https" else _from_s3
    with _errors_explained(url), opened(address) as download:
        return _copied(download, f'"{shown_source(url)}"')


def shown_source(source: Path | str) -> str:
    """Return a source for messages; of a URL without user, password and query."""
    if "://" not in str(source):
        return visible(display_name(Path(source)) or str(source))
    address = _split(str(source))
    user = f"{HIDDEN}@" if "@" in address.netloc else ""
    query = f"?{HIDDEN}" if address.query or address.fragment else ""
    host = address.netloc.rpartition("@")[2]
    return visible(f"{address.scheme}://{user}{host}{address.path}{query}")


def is_temporary(path: Path) -> bool:
    """Return whether a file is a temporary copy that this module made."""
    return path.parent in _folders


def keep_for(owner: object, path: Path) -> None:
    """Remove a temporary copy when an object is gone; leave any other file alone."""
    if is_temporary(path):
        weakref.finalize(owner, discard, path)


def discard(path: Path) -> None:
    """Remove a temporary copy; leave any other file alone."""
    if is_temporary(path):
        _folders.discard(path.parent)
        shutil.rmtree(path.parent, ignore_errors=True)


def _is_read_once(path: Path) -> bool:
    """Return whether a path gives its content only once, as pipes do.

    The same path of an open file, such as ``/dev/fd/3``, is on some systems read on from
    where it was left.
    """
    try:
        is_pipe = path.is_fifo() or path.is_socket()
    except OSError:
        return False
    return is_pipe or (path.is_file() and OPEN_FILE.fullmatch(str(path)) is not None)


def _copy_of_pipe(path: Path) -> Path:
    name = "pipe" if path.name.isdecimal() else path.name
    try:
        with path.open("rb", buffering=0) as file:
            return _copied(Download(file, name), f'"{visible(str(path))}"')
    except OSError as error:
        raise SourceError(
            f'"{visible(str(path))}" cannot be read: {error.strerror}.'
        ) from error


def _split(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        raise SourceError("The source is not a valid URL.") from None
    return address


def _copied(download: Download, what: str) -> Path:
    """Copy a download to a temporary file, whose name tells its kind."""
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
def _errors_explained(url: str) -> Iterator[None]:
    """Turn errors of a connection into SourceError, without the secrets of a URL."""
    try:
        yield
    except HTTPError as error:
        reason = f"{error.code} {error.reason}"
    except URLError as error:
        reason = str(error.reason)
    except TimeoutError:
        reason = f"no answer within {TIMEOUT} seconds"
    except (InvalidURL, ValueError):  # The text of these errors holds the URL.
        reason = "it is not a valid URL"
    except (HTTPException, OSError) as error:
        reason = str(error) or type(error).__name__
    else:
        return
    message = f'"{shown_source(url)}" cannot be downloaded: {visible(reason)}.'
    raise SourceError(message) from None


class _OnlyHttps(HTTPRedirectHandler):
    """Follows redirects to https:// only."""

    def redirect_request(self, req: Request, *answer: Any) -> Request | None:
        *_, url = answer
        if urlsplit(url).scheme != "https":
            raise SourceError(
                f'"{shown_source(req.full_url)}" cannot be downloaded: it redirects to '
                f'"{shown_source(url)}", and only https:// is followed.'
            )
        return super().redirect_request(req, *answer)


@contextmanager
def _over_https(address: SplitResult) -> Iterator[Download]:
    host = address.netloc.rpartition("@")[2]
    request = Request(address._replace(netloc=host, fragment="").geturl())  # noqa: S310  https only
    if address.username is not None:
        user = f"{unquote(address.username)}:{unquote(address.password or '')}"
        # A redirect may lead to another server, which must not get it.
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
    url = f'"{shown_source(address.geturl())}"'
    boto3 = needed("boto3", "boto3", url)
    errors = needed("botocore.exceptions", "boto3", url)
    config = needed("botocore.config", "boto3", url)
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
    """Return a name for the temporary copy of a URL; it holds no folder."""
    name = unquote(address.path).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in name)
    return kept.lstrip(".")[-100:] or "download"

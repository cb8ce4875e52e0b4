"""Bytes from a file or an https address, and texts into a folder: the only place that reaches outside for imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fmselect import __version__
from fmselect.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from urllib.request import Request

MAX_BYTES = 100_000_000
"""The largest list or wheel that is read."""

TIMEOUT_S = 60
_CHUNK = 1_000_000


def content(place: str) -> bytes:
    """Return the bytes of a file, or of an https address.

    Raises `InvalidInput` for what cannot be read, is too large, or is an address without https.
    """
    if "://" in place:
        return _fetched(place)
    path = Path(place)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput([Problem(f"has more than {MAX_BYTES:,} bytes", place)])
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput([Problem(f"cannot be read: {error.strerror}", place)]) from error


Content = TypeVar("Content")


def each(paths: Iterable[Path], read: Callable[[Path], Content]) -> list[Content]:
    """Read files one after the other; raises `InvalidInput` with what is wrong with any of them."""
    found: list[Content] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read(path))
        except InvalidInput as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(f"cannot be read: {error.strerror}", str(path)))
    if problems:
        raise InvalidInput(problems)
    return found


def _fetched(address: str) -> bytes:
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import Request

    if not address.startswith("https://"):
        raise InvalidInput([Problem("is not https: give an https address, or a file", address)])
    request = Request(address, headers={"User-Agent": f"fmselect/{__version__}"})  # noqa: S310 https was checked above
    try:
        with _open(request) as response:
            if not response.url.startswith("https://"):
                raise InvalidInput([Problem(f"leads to {response.url}, which is not https", address)])
            return _read(response, address)
    except HTTPError as error:
        raise InvalidInput([Problem(f"answers {error.code} {error.reason}", address)]) from error
    except URLError as error:
        raise InvalidInput([Problem(f"cannot be reached: {error.reason}", address)]) from error
    except (OSError, HTTPException) as error:
        raise InvalidInput([Problem(f"broke off: {error}", address)]) from error


def _open(request: Request) -> HTTPResponse:
    """Open an address; replaced in tests, which reach no network."""
    from urllib.request import urlopen

    response: HTTPResponse = urlopen(request, timeout=TIMEOUT_S)  # noqa: S310 https was checked
    return response


def _read(response: HTTPResponse, address: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read(_CHUNK):
        size += len(part)
        if size > MAX_BYTES:
            raise InvalidInput([Problem(f"has more than {MAX_BYTES:,} bytes", address)])
        parts.append(part)
    return b"".join(parts)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts below the folder, by place."""
    for place, text in texts.items():
        path = folder / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InvalidInput([Problem(f"cannot be written: {error.strerror}", str(path))]) from error

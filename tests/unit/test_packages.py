"""A wheel is read without importing it: its name, its version, and the members that hold the data."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from fmselect.errors import InvalidInput
from fmselect.importers import NAMES, packages
from fmselect.importers.packages import is_wheel, members, package
from fmselect.importers.sources import SOURCES, opened

DAY = date(2026, 11, 22)
METADATA = "Metadata-Version: 2.4\nName: LiteLLM\nVersion: 1.109.1\n\nLong text\n"


def wheel(**files: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return raw.getvalue()


MEMBER = "litellm/model_prices_and_context_window_backup.json"
LITELLM = wheel(**{"litellm-1.109.1.dist-info__METADATA": METADATA, MEMBER: '{"a": {}}'})


def test_a_wheel_tells_what_it_is() -> None:
    found = package(LITELLM)

    assert is_wheel(LITELLM)
    assert (found.name, found.version, found.source) == ("litellm", "1.109.1", "https://pypi.org/project/litellm/1.109.1/")


def test_a_wheel_gives_its_member_and_a_file_itself() -> None:
    source = SOURCES["litellm"]

    assert opened(source, LITELLM, "litellm.whl", DAY)[0] == b'{"a": {}}'
    assert opened(source, LITELLM, "litellm.whl", DAY)[1].source == "https://pypi.org/project/litellm/1.109.1/"
    assert opened(source, b"{}", "lists/prices.json", DAY)[0] == b"{}"
    assert opened(source, b"{}", "lists/prices.json", DAY)[1].source == "price map of LiteLLM, prices.json"
    address = "https://raw.githubusercontent.com/BerriAI/litellm/main/prices.json"
    assert opened(source, b"{}", address, DAY)[1].source == address


def test_whatever_it_comes_as_its_groups_are_known_again() -> None:
    for source in SOURCES.values():
        for place, raw in (("prices.json", b"{}"), ("https://example.com/p.json", b"{}")):
            if source.member is not None or source.package is None:
                assert source.owner.owns({"source": opened(source, raw, place, DAY)[1].source})


def test_the_help_names_every_source() -> None:
    assert tuple(SOURCES) == NAMES


def test_another_wheel_is_refused() -> None:
    other = wheel(**{"other-1.dist-info__METADATA": METADATA.replace("LiteLLM", "other_one")})

    with pytest.raises(InvalidInput, match=r"is the wheel of other-one 1.109.1: litellm is read from the wheel of litellm"):
        opened(SOURCES["litellm"], other, "other.whl", DAY)


def test_a_wheel_without_the_member_is_refused() -> None:
    bare = wheel(**{"litellm-1.dist-info__METADATA": METADATA})

    with pytest.raises(InvalidInput, match=r"has no member litellm/model_prices"):
        opened(SOURCES["litellm"], bare, "litellm.whl", DAY)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (wheel(a="b"), "is a zip archive, but no wheel"),
        (wheel(**{"x-1.dist-info__METADATA": "Name: x"}), "is a zip archive, but no wheel"),
        (b"PK\x03\x04 cut off", "is a damaged archive"),
    ],
)
def test_what_is_no_wheel_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        package(raw)


def test_a_member_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_MEMBER_BYTES", 5)

    with pytest.raises(InvalidInput, match=r"holds data.json, which unpacks to more than 5 bytes"):
        members(wheel(**{"data.json": "123456"}), r"data\.json")


def test_a_damaged_member_is_refused() -> None:
    raw = bytearray(wheel(**{"data.json": "1" * 400}))
    raw[41] ^= 0xFF

    with pytest.raises(InvalidInput, match=r"is a damaged archive: data.json"):
        members(bytes(raw), r"data\.json")

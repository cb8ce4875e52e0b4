"""`fmselect catalog import`: what changes is shown and written, what people curated stays."""

from __future__ import annotations

import io
import json
import urllib.error
import zipfile
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from fmselect.cli import fetching
from tests.builders import FROZEN
from tests.cli.conftest import Command

ALIASES = """\
# yaml-language-server: $schema=../schema/aliases.schema.json
says: Rows of LiteLLM's price map.
names:
  atlas-1: atlas-1@nimbus
  nimbus/atlas-2: atlas-2@nimbus
  cumulus: cumulus-3@acme-api
ignored:
  router: picks a model
"""

OFFERING = """\
# yaml-language-server: $schema=../../schema/offering.schema.json
# what the team buys
sale:
  platform_model_id: atlas-1
  source: https://nimbus.example/models
  checked: 2026-11-22
prices:
  - tier: standard
    usd_per_mtok:
      input: 1   # the old price
      output: 4
    source: https://pypi.org/project/litellm/1.0.0/
    checked: 2026-11-01
    note: litellm row atlas-1
"""


def row(input_: float, output: float, **more: Any) -> dict[str, Any]:
    return {"mode": "chat", "input_cost_per_token": input_ / 1e6, "output_cost_per_token": output / 1e6, **more}


ROWS: dict[str, Any] = {
    "atlas-1": row(1, 4),
    "nimbus/atlas-2": row(9, 15),
    "cumulus": row(2, 8, input_cost_per_token_flex=1e-6),
    "router": row(1, 1),
    "unheard-of": row(1, 1),
}


def wheel(rows: dict[str, Any], version: str = "1.0.0") -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr(f"litellm-{version}.dist-info/METADATA", f"Name: litellm\nVersion: {version}\n")
        archive.writestr("litellm/model_prices_and_context_window_backup.json", json.dumps(rows))
    return raw.getvalue()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a catalog of one's own and a wheel, where the commands run."""
    for place, text in {"aliases/litellm.yaml": ALIASES, "offerings/nimbus/atlas-1.yaml": OFFERING}.items():
        file = tmp_path / "mine" / place
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "litellm.whl").write_bytes(wheel(ROWS))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


def test_the_report_tells_what_changes_and_what_does_not(fmselect: Command, desk: Path) -> None:
    before = contents(desk / "mine")

    result = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine", "--dry-run")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
mine/offerings/nimbus/atlas-1.yaml
  lifecycle: stage ga (atlas-1)
mine/offerings/acme-api/cumulus-3.yaml (new file)
  sale: platform_model_id cumulus (cumulus)
  lifecycle: stage ga (cumulus)
  prices standard: input 2, output 8 (cumulus)

differs and stays:
catalog/offerings/nimbus/atlas-2.yaml
  prices standard global usd_per_mtok.input: 3, while the list says 9 (https://nimbus.example/prices)

left out:
  cumulus: flex: has no rate for output: left out

not matched:
  unheard-of

litellm, https://pypi.org/project/litellm/1.0.0/
names: 3 matched, 1 left out, 1 not matched
groups: 4 new, 0 changed, 1 as before, 0 confirmed by this version
other sources: 1 agree, 1 differ and stay, 0 settled by a conflict
2 files would change
""")
    assert contents(desk / "mine") == before


def test_everything_can_be_listed(fmselect: Command, desk: Path) -> None:
    (desk / "litellm.whl").write_bytes(wheel({**ROWS, **{f"unheard-of-{number:02}": row(1, 1) for number in range(12)}}))

    few = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine", "--dry-run").out
    every = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine", "--dry-run", "--all").out

    assert "  ... and 3 more: --all lists them\n" in few
    assert "unheard-of-11" not in few
    assert "  unheard-of-11\n" in every


def test_importing_twice_changes_nothing(fmselect: Command, desk: Path) -> None:
    first = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")
    after = contents(desk / "mine")
    second = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine", "--on", "2026-12-24")

    assert first.out.endswith("2 files written: mine\n")
    assert second.out.endswith("0 files written\n")
    assert contents(desk / "mine") == after
    assert fmselect("catalog", "check", "mine").code == 0


def test_a_changed_price_is_that_line_and_where_it_is_from(fmselect: Command, desk: Path) -> None:
    fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")
    before = contents(desk / "mine")
    (desk / "newer.whl").write_bytes(wheel({**ROWS, "atlas-1": row(1.25, 4)}, "1.0.1"))

    result = fmselect("catalog", "import", "litellm", "newer.whl", "--into", "mine")

    assert result.out.splitlines()[:3] == [
        "mine/offerings/nimbus/atlas-1.yaml",
        "  prices standard usd_per_mtok.input: 1 -> 1.25 (atlas-1)",
        "",
    ]
    assert "4 confirmed by this version (--confirm dates them)" in result.out
    assert result.out.endswith("1 file written: mine\n")
    place = "offerings/nimbus/atlas-1.yaml"
    old, new = before[place].splitlines(), contents(desk / "mine")[place].splitlines()
    assert [(one, other) for one, other in zip(old, new, strict=True) if one != other] == [
        ("      input: 1   # the old price", "      input: 1.25   # the old price"),
        ("    source: https://pypi.org/project/litellm/1.0.0/", "    source: https://pypi.org/project/litellm/1.0.1/"),
        ("    checked: 2026-11-01", "    checked: 2026-11-23"),
    ]


def test_what_has_not_changed_is_dated_on_request(fmselect: Command, desk: Path) -> None:
    fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")
    (desk / "newer.whl").write_bytes(wheel(ROWS, "1.0.1"))

    left = fmselect("catalog", "import", "litellm", "newer.whl", "--into", "mine")
    dated = fmselect("catalog", "import", "litellm", "newer.whl", "--into", "mine", "--confirm")

    assert left.out.endswith("0 files written\n")
    assert dated.out.endswith("2 files written: mine\n")
    assert not any("litellm/1.0.0/" in text for text in contents(desk / "mine").values())


def test_an_imported_offering_can_be_ranked(fmselect: Command, desk: Path) -> None:
    fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")

    assert "cumulus-3@acme-api" in fmselect("recommend", "chat", "--catalog", "mine", "--per", "offering", "--format", "json").out


def test_a_list_comes_from_an_https_address(fmselect: Command, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: Any) -> Response:
        asked.append(request.full_url)
        return Response(json.dumps(ROWS).encode())

    monkeypatch.setattr(fetching, "_open", answer)

    result = fmselect("catalog", "import", "litellm", "https://example.com/prices.json", "--into", "mine", "--dry-run")

    assert asked == ["https://example.com/prices.json"]
    assert "litellm, price map of LiteLLM, prices.json\n" in result.out


class Response(io.BytesIO):
    """An answer of a server."""

    def __init__(self, raw: bytes, url: str = "https://example.com/prices.json") -> None:
        super().__init__(raw)
        self.url = url


def fails(error: Exception) -> Any:
    def answer(request: Any) -> Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("place", "answer", "said"),
    [
        ("http://example.com/p.json", None, "http://example.com/p.json:1: is not https: give an https address, or a file"),
        (
            "https://example.com/p.json",
            lambda _: Response(b"", "http://example.com/x"),
            "leads to http://example.com/x, which is not https",
        ),
        ("https://example.com/p.json", lambda _: Response(b"12345678901"), "has more than 10 bytes"),
        (
            "https://example.com/p.json",
            fails(urllib.error.HTTPError("https://example.com/p.json", 404, "Not Found", None, None)),  # type: ignore[arg-type]
            "answers 404 Not Found",
        ),
        ("https://example.com/p.json", fails(urllib.error.URLError("no route")), "cannot be reached: no route"),
        ("https://example.com/p.json", fails(TimeoutError("timed out")), "broke off: timed out"),
        ("nowhere.json", None, "nowhere.json:1: cannot be read: No such file or directory"),
        ("litellm.whl", None, "litellm.whl:1: has more than 10 bytes"),
    ],
)
def test_what_cannot_be_read(fmselect: Command, desk: Path, monkeypatch: pytest.MonkeyPatch, place: str, answer: Any, said: str) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 10)
    if answer is not None:
        monkeypatch.setattr(fetching, "_open", answer)

    result = fmselect("catalog", "import", "litellm", place, "--into", "mine")

    assert (result.code, result.out) == (1, "")
    assert said in result.err


def test_what_is_no_list(fmselect: Command, desk: Path) -> None:
    (desk / "odd.json").write_text("[]", encoding="utf-8")

    result = fmselect("catalog", "import", "litellm", "odd.json", "--into", "mine")

    assert (result.code, result.out) == (1, "")
    assert result.err == "odd.json:1: is no price map of LiteLLM: it should map names of models to their prices\n"


def test_a_source_that_nobody_knows(fmselect: Command, desk: Path) -> None:
    result = fmselect("catalog", "import", "litelm", "litellm.whl")

    assert (result.code, result.out) == (2, "")
    assert "did you mean 'litellm'?" in " ".join(result.err.replace("│", " ").split())


def test_a_catalog_without_the_table_of_names(fmselect: Command, desk: Path) -> None:
    (desk / "mine/aliases/litellm.yaml").unlink()

    result = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")

    assert result.code == 1
    assert result.err == "there is no aliases/litellm.yaml, so no name of litellm means anything\n"


def test_a_catalog_with_a_mistake_is_not_imported_into(fmselect: Command, desk: Path) -> None:
    (desk / "mine/offerings/nimbus/atlas-1.yaml").write_text("sale: 1\n", encoding="utf-8")

    result = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")

    assert result.code == 1
    assert result.err == "mine/offerings/nimbus/atlas-1.yaml:1: sale: is 1, not a mapping: write its keys below it\n"


def test_an_import_that_would_break_a_rule_writes_nothing(fmselect: Command, desk: Path) -> None:
    (desk / "litellm.whl").write_bytes(wheel({**ROWS, "atlas-1": row(5000, 4)}))
    before = contents(desk / "mine")

    result = fmselect("catalog", "import", "litellm", "litellm.whl", "--into", "mine")

    assert result.code == 1
    assert "mine/offerings/nimbus/atlas-1.yaml:10: prices[0].usd_per_mtok.input: is 5000 USD per million tokens" in result.err
    assert contents(desk / "mine") == before


def test_a_folder_that_cannot_be_written(fmselect: Command, desk: Path) -> None:
    result = fmselect("catalog", "import", "litellm", "litellm.whl", "--catalog", "mine", "--into", "litellm.whl/sub")

    assert result.code == 1
    assert "cannot be written" in result.err


# ---------------------------------------------------------------- two lists against ours

GENAI = """\
providers: list[Provider] = [
    Provider(id='nimbus', models=[
        ModelInfo(id='atlas-2', prices=ModelPrice(input_mtok=Decimal('{input}'), output_mtok=Decimal('15'))),
        ModelInfo(id='old', prices=ModelPrice(input_mtok=Decimal('1'))),
    ]),
    Provider(id='openai', models=[ModelInfo(id='unheard-of', prices=ModelPrice(input_mtok=Decimal('1'), output_mtok=Decimal('1')))]),
]
"""


@pytest.fixture
def lists(desk: Path) -> Path:
    """Return the desk with both price lists on it, and a table of names for each."""
    table = ALIASES.replace("nimbus/atlas-2: atlas-2@nimbus", "global.atlas-2: atlas-2@nimbus")
    (desk / "mine/aliases/litellm.yaml").write_text(table, encoding="utf-8")
    genai = "says: Models.\nnames:\n  nimbus/atlas-2: atlas-2@nimbus\n"
    (desk / "mine/aliases/genai-prices.yaml").write_text(genai, encoding="utf-8")
    (desk / "prices.json").write_text(json.dumps({"global.atlas-2": row(3, 15), "unheard-of": row(1, 1)}), encoding="utf-8")
    (desk / "data.py").write_text(GENAI.format(input=3), encoding="utf-8")
    return desk


def test_both_lists_agree_with_ours(fmselect: Command, lists: Path) -> None:
    result = fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine")

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
litellm and genai-prices both give 4 prices and agree on 4 (100%)
of these, 2 are of offerings that we carry, and 2 equal ours (100%)
the others: 0 of offerings that have ended, 2 of offerings or scopes that we do not carry
they disagree on 0 that we carry: 0 settled in the entry, 0 open
""")


def test_a_disagreement_that_nobody_settled_is_listed(fmselect: Command, lists: Path) -> None:
    (lists / "data.py").write_text(GENAI.format(input=4), encoding="utf-8")

    result = fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine")

    assert (result.code, result.err) == (3, "")
    assert result.out.splitlines()[:3] == [
        "the lists disagree, and the entry does not say why it follows one:",
        "  atlas-2@nimbus: standard usd_per_mtok.input: ours 3, litellm 3, genai-prices 4",
        "",
    ]


def test_settled_disagreements_are_listed_on_request(fmselect: Command, lists: Path) -> None:
    (lists / "data.py").write_text(GENAI.format(input=4), encoding="utf-8")
    text = (FROZEN.root / "offerings/nimbus/atlas-2.yaml").read_text(encoding="utf-8")
    conflict = '    conflicts:\n      - {field: usd_per_mtok.input, value: "4", source: genai-prices 0.2.3, reason: the page says 3}\n'
    settled = text.replace("    checked: 2026-11-22\n  - tier: standard\n", f"    checked: 2026-11-22\n{conflict}  - tier: standard\n", 1)
    (lists / "mine/offerings/nimbus/atlas-2.yaml").write_text(settled, encoding="utf-8")

    quiet = fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine")
    every = fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine", "--all")

    assert (quiet.code, every.code) == (0, 0)
    assert "settled in the entry:" not in quiet.out
    assert "settled in the entry:\n  atlas-2@nimbus: standard usd_per_mtok.input: ours 3, litellm 3, genai-prices 4\n" in every.out


def test_a_price_that_is_not_ours_is_listed(fmselect: Command, lists: Path) -> None:
    (lists / "prices.json").write_text(json.dumps({"global.atlas-2": row(4, 15)}), encoding="utf-8")
    (lists / "data.py").write_text(GENAI.format(input=4), encoding="utf-8")

    result = fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine")

    assert result.code == 3
    assert (
        "ours is another, and no reason is recorded:\n  atlas-2@nimbus: standard usd_per_mtok.input: ours 3, both lists 4\n" in result.out
    )


def test_a_list_in_the_place_of_the_other(fmselect: Command, lists: Path) -> None:
    result = fmselect("catalog", "agreement", "data.py", "prices.json", "--catalog", "mine")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("data.py:1: is no price map of LiteLLM")


def test_agreement_with_a_broken_catalog(fmselect: Command, lists: Path) -> None:
    (lists / "mine/offerings/nimbus/atlas-1.yaml").write_text("sale: 1\n", encoding="utf-8")

    assert fmselect("catalog", "agreement", "prices.json", "data.py", "--catalog", "mine").code == 1

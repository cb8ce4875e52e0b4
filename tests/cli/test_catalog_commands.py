"""`fmselect catalog`: checking, adding, and the schemas; and the user's own folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from inline_snapshot import snapshot

from tests.builders import FIXTURES
from tests.cli.conftest import Command

MODEL = """\
name: Own 1
family: own
kind: chat
modalities: {input: [text], output: [text], source: my own records, checked: 2026-11-23}
limits: {context_tokens: 500000, output_tokens: 8000, source: my own records, checked: 2026-11-23}
"""
OFFERING = """\
sale: {platform_model_id: own-1, source: my own records, checked: 2026-11-23}
lifecycle: {stage: ga, source: my own records, checked: 2026-11-23}
prices:
  - {tier: standard, usd_per_mtok: {input: 0.01, output: 0.02}, source: my own records, checked: 2026-11-23}
"""


def write(folder: Path, place: str, text: str) -> None:
    """Write one file of a catalog."""
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text(text, encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a catalog folder with one model, sold on a platform of the frozen catalog."""
    folder = tmp_path / "own"
    write(folder, "models/me/own-1.yaml", MODEL)
    write(folder, "offerings/nimbus/own-1.yaml", OFFERING)
    return folder


def test_two_small_files_add_a_model(fmselect: Command, own: Path) -> None:
    checked = fmselect("catalog", "check", own)
    answer = json.loads(fmselect("recommend", "chat", "--catalog", own, "--format", "json").out)

    assert (checked.code, checked.err) == (0, "")
    assert checked.out == "7 models, 10 offerings, 3 platforms, 4 benchmarks, 3 tasks, 2 licenses: no problems\n"
    assert "own-1@nimbus" in [row["offering"] for row in answer["ranking"]]


def test_folders_come_from_the_environment_and_the_configuration_too(
    fmselect: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMSELECT_CATALOG", str(own))
    assert "me/own-1" in fmselect("list", "models").out
    monkeypatch.delenv("FMSELECT_CATALOG")
    assert "me/own-1" not in fmselect("list", "models").out
    (tmp_path / "config" / "fmselect").mkdir(parents=True)
    own.rename(tmp_path / "config" / "fmselect" / "catalog")
    assert "me/own-1" in fmselect("list", "models").out


def test_a_file_at_the_same_place_replaces_the_shipped_one(fmselect: Command, own: Path) -> None:
    shipped = (FIXTURES / "catalog/offerings/nimbus/bear-embed.yaml").read_text(encoding="utf-8")
    write(own, "offerings/nimbus/bear-embed.yaml", shipped.replace("input: ", "input: 9"))

    def rate(*more: object) -> str:
        bills = json.loads(fmselect("cost", "bear-embed", "--format", "json", *more).out)
        found: str = bills[0]["lines"][0]["usd_per"]
        return found

    assert rate("--catalog", own) == "9" + rate()


MISTAKES = {
    "an unknown key": ("models/me/own-1.yaml", MODEL + "contxt: 5\n"),
    "a missing key": ("models/me/own-1.yaml", MODEL.replace("family: own\n", "")),
    "a misspelled kind": ("models/me/own-1.yaml", MODEL.replace("kind: chat", "kind: chatt")),
    "a fact without a source": (
        "models/me/own-1.yaml",
        MODEL.replace("output_tokens: 8000, source: my own records, ", "output_tokens: 8000, "),
    ),
    "a key given twice": ("models/me/own-1.yaml", MODEL + "name: Own 2\n"),
    "an old boolean": ("models/me/own-1.yaml", MODEL + "license: {id: proprietary, open_weights: no, source: me, checked: 2026-11-23}\n"),
    "a license nobody knows": (
        "models/me/own-1.yaml",
        MODEL + "license: {id: propietary, open_weights: false, source: me, checked: 2026-11-23}\n",
    ),
    "a negative price": ("offerings/nimbus/own-1.yaml", OFFERING.replace("input: 0.01", "input: -0.01")),
    "a price per token": ("offerings/nimbus/own-1.yaml", OFFERING.replace("input: 0.01", "input: 5000")),
    "a model that is not there": ("offerings/nimbus/own-2.yaml", OFFERING),
    "a platform that is not there": ("offerings/nimbos/own-1.yaml", OFFERING),
    "an id that the path says": ("offerings/nimbus/own-1.yaml", "id: own-1\n" + OFFERING),
    "a date in the future": (
        "offerings/nimbus/own-1.yaml",
        OFFERING.replace("checked: 2026-11-23}\nprices", "checked: 2027-11-23}\nprices"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_with_file_line_and_what_to_do(fmselect: Command, own: Path, mistake: str) -> None:
    place, text = MISTAKES[mistake]
    write(own, place, text)

    result = fmselect("catalog", "check", own)

    assert (result.code, result.out) == (1, "")
    assert result.err.replace(str(own), "own") == EXPECTED[mistake]


EXPECTED = snapshot(
    {
        "an unknown key": "own/models/me/own-1.yaml:6: contxt: is not a known key\n",
        "a missing key": "own/models/me/own-1.yaml:1: family: is missing: add it\n",
        "a misspelled kind": "own/models/me/own-1.yaml:3: kind: is 'chatt', not one of chat, embedding, rerank, image, video, speech-to-text, text-to-speech, music, realtime, document, moderation, encoder; did you mean 'chat'?\n",
        "a fact without a source": "own/models/me/own-1.yaml:5: limits.source: is missing: add it\n",
        "a key given twice": "own/models/me/own-1.yaml:6: name: is given twice; the first is on line 1: keep one\n",
        "an old boolean": "own/models/me/own-1.yaml:6: license.open_weights: is `no`: write true or false, or quote it if it is text\n",
        "a license nobody knows": "own/models/me/own-1.yaml:6: license.id: 'propietary' is not in licenses/; did you mean 'proprietary'?\n",
        "a negative price": "own/offerings/nimbus/own-1.yaml:4: prices[0].usd_per_mtok.input: is -0.01: it must be at least 0\n",
        "a price per token": "own/offerings/nimbus/own-1.yaml:4: prices[0].usd_per_mtok.input: is 5000 USD per million tokens: no model costs that; give the price per million, not per thousand or per token\n",
        "a model that is not there": "own/offerings/nimbus/own-2.yaml:1: sells a model that no file in models/ describes: 'own-2'; did you mean 'own-1'? Otherwise add models/<developer>/own-2.yaml\n",
        "a platform that is not there": "own/offerings/nimbos/own-1.yaml:1: is sold on 'nimbos', which no file in platforms/ describes; did you mean 'nimbus'? Otherwise add platforms/nimbos.yaml\n",
        "an id that the path says": "own/offerings/nimbus/own-1.yaml:1: id: comes from the file's path: remove it\n",
        "a date in the future": "own/offerings/nimbus/own-1.yaml:2: lifecycle.checked: is 2027-11-23, in the future (today is 2026-11-23)\n",
    }
)


def test_all_mistakes_are_told_at_once(fmselect: Command, own: Path) -> None:
    write(own, "models/me/own-1.yaml", MODEL + "contxt: 5\nnam: x\n")
    write(own, "offerings/nimbus/own-1.yaml", OFFERING.replace("input: 0.01", "input: -0.01"))

    result = fmselect("recommend", "chat", "--catalog", own)

    assert result.code == 1
    assert result.err.splitlines()[-1] == "fmselect: 3 problems"
    assert result.err.count(str(own)) == 3


def test_a_new_model_and_offering_pass_the_check_as_soon_as_what_is_needed_is_said(fmselect: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"

    made = fmselect("catalog", "new", "model", "me/own-2", "--name", "Own 2", "--family", "own", "--kind", "chat", "--into", folder)
    fmselect("catalog", "new", "offering", "own-2@my-place", "--into", folder)
    fmselect("catalog", "new", "platform", "my-place", "--name", 'My "place"', "--into", folder)

    assert made.out.startswith(str(folder / "models/me/own-2.yaml"))
    assert fmselect("catalog", "check", folder).code == 0
    assert "own-2@my-place" in fmselect("recommend", "chat", "--catalog", folder, "--per", "offering", "--format", "json").out
    assert (folder / "schema/model.schema.json").is_file()


def test_a_new_model_without_what_is_needed_says_what_is_missing(fmselect: Command, tmp_path: Path) -> None:
    fmselect("catalog", "new", "model", "me/own-2", "--into", tmp_path)

    result = fmselect("catalog", "check", tmp_path)

    assert result.code == 1
    assert [line.split(": ", 1)[1] for line in result.err.splitlines()[:-1]] == [
        "family: is missing: add it",
        "kind: is missing: add it",
        "name: is missing: add it",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("model", "own-2"), 2, "'own-2' is not DEVELOPER/MODEL"),
        (("offering", "me/own-2"), 2, "'me/own-2' is not MODEL@PLATFORM"),
        (("platform", "My Place"), 2, "'My Place' is not PLATFORM"),
        (("model", "me/own-2", "--kind", "chatt"), 2, "'chatt' is not one of chat,"),
    ],
)
def test_new_refuses_what_is_no_id(fmselect: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = fmselect("catalog", "new", *arguments, "--into", tmp_path)

    assert (result.code, result.out) == (code, "")
    assert said in " ".join(result.err.replace("│", " ").split())


def test_new_never_overwrites(fmselect: Command, own: Path) -> None:
    result = fmselect("catalog", "new", "model", "me/own-1", "--into", own)

    assert result.code == 1
    assert result.err.endswith("own-1.yaml:1: is already there: edit it, or remove it first\n")


def test_new_in_a_place_that_cannot_be_written(fmselect: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    result = fmselect("catalog", "new", "platform", "x", "--into", tmp_path / "file" / "folder")

    assert result.code == 1
    assert "cannot be written" in result.err


def test_a_folder_that_is_not_there(fmselect: Command, tmp_path: Path) -> None:
    result = fmselect("catalog", "check", tmp_path / "nowhere")

    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("nowhere:1: is no folder: give the folder that holds models/ and offerings/\n")


def test_schemas_are_printed_and_written(fmselect: Command, tmp_path: Path) -> None:
    kinds = fmselect("catalog", "schema").out.split()
    offering = json.loads(fmselect("catalog", "schema", "offering").out)
    written = fmselect("catalog", "schema", "--into", tmp_path / "schema").out.split()

    assert kinds == snapshot(
        [
            "aliases",
            "benchmark",
            "compliance",
            "customization",
            "features",
            "geographies",
            "gpus",
            "languages",
            "license",
            "model",
            "offering",
            "platform",
            "regions",
            "task",
        ]
    )
    assert {Path(file).name for file in written} == {f"{kind}.schema.json" for kind in kinds}
    assert not {"id", "model", "platform"} & offering["properties"].keys()
    assert offering["$defs"]["Lifecycle"]["properties"]["retires_on"]["description"] == "First day on which it can no longer be used."
    assert "did you mean 'model'?" in " ".join(fmselect("catalog", "schema", "modell").err.replace("│", " ").split())


def test_drafts_agree_with_their_schemas(fmselect: Command, tmp_path: Path) -> None:
    import jsonschema

    fmselect("catalog", "new", "offering", "own-2@nimbus", "--into", tmp_path)
    schema = json.loads((tmp_path / "schema/offering.schema.json").read_text(encoding="utf-8"))
    draft = yaml.safe_load((tmp_path / "offerings/nimbus/own-2.yaml").read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(json.dumps(draft, default=str)), schema)


# ---------------------------------------------------------------- what the catalog knows, what is old, what changed


def test_coverage_counts_what_is_known_as_a_page(fmselect: Command) -> None:
    result = fmselect("catalog", "coverage")

    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("The catalog on 2026-11-23\n")
    assert [line for line in result.out.splitlines() if line.startswith("all ")][-1].split() == ["all", "97", "100%", "1%", "0"]
    assert "0 of 3 platforms leave nothing open." in " ".join(result.out.split())


def test_coverage_in_the_other_formats_says_the_same(fmselect: Command) -> None:
    data = json.loads(fmselect("catalog", "coverage", "--format", "json").out)
    rows = fmselect("catalog", "coverage", "--format", "csv").out.splitlines()
    markdown = fmselect("catalog", "coverage", "--format", "markdown").out

    assert data["totals"]["offerings"] == 9
    assert data["by_kind"]["chat"]["models"] == 5
    assert data["sources"]["prices"] == {"groups": 12, "sourced": 12, "secondary": 0, "conflicts": 0}
    assert data["platform_facts"]["nimbus"]["facts"]["private_network"] == "documented"
    assert "offerings,nimbus,price,5,5" in rows
    assert "| acme-api | 3 | 2 | 3 | 2 |" in markdown


PRICE_MAP = {
    "atlas-2": {"litellm_provider": "nimbus_ai"},
    "atlas-9-2026-01-01": {"litellm_provider": "nimbus_ai"},
    "hd/atlas-2": {"litellm_provider": "nimbus_ai"},
    "music": {"litellm_provider": "nimbus_ai"},
    "router": {"litellm_provider": "nimbus_ai"},
    "acme/atlas-2": {"litellm_provider": "acme"},
    "other": {"litellm_provider": "stratus"},
}
TABLE = """\
says: Rows of a price map.
platforms: {nimbus_ai: nimbus, acme: acme-api}
names: {atlas-2: atlas-2@nimbus, acme/atlas-2: atlas-2@acme-api}
left_out: {hd/atlas-2: {of: atlas-2@nimbus, why: a price by size}, music: {of: music@nimbus, why: it makes music}}
ignored: {router: a router and not a model}
"""


def test_coverage_against_a_price_list_names_what_is_missing(fmselect: Command, own: Path, tmp_path: Path) -> None:
    write(own, "aliases/litellm.yaml", TABLE)
    (tmp_path / "map.json").write_text(json.dumps(PRICE_MAP), encoding="utf-8")
    held = ("--against", tmp_path / "map.json", "--catalog", own)

    page = fmselect("catalog", "coverage", *held)
    one = fmselect("catalog", "coverage", *held, "--platform", "nimbus", "--format", "json")
    data = json.loads(fmselect("catalog", "coverage", *held, "--format", "json").out)
    rows = fmselect("catalog", "coverage", *held, "--format", "csv").out

    assert (page.code, page.err) == (0, "")
    lines = [" ".join(line.split()) for line in page.out.splitlines()]
    assert "nimbus 5 0 1 3 1 1 1 33.3%" in lines
    assert "all 6 0 1 4 2 1 1 50.0%" in lines
    assert {"nimbus atlas-9 in no table of names", "nimbus music it makes music"} <= set(lines)
    assert {"1 an offering here a price by size", "1 a missing model it makes music", "1 no model a router and not a model"} <= set(lines)
    assert "By the catalog 0 models of those here ended" in " ".join(page.out.split())
    assert "1 row of 1 seller that are no platform here" in " ".join(page.out.split())
    assert (data["against"]["names"], data["against"]["there"], data["against"]["models"]) == ("litellm", 2, 4)
    assert data["against"]["platforms"]["nimbus"]["missing"] == {"music": "it makes music"}
    assert {"standing": "here", "reason": "a price by size", "rows": 1} in data["against"]["reasons"]
    assert "price list,nimbus,missing,music,it makes music\nprice list,nimbus,unmatched,atlas-9,\n" in rows
    assert (list(json.loads(one.out)["against"]["platforms"]), json.loads(one.out)["against"]["models"]) == (["nimbus"], 3)


def test_coverage_of_some_platforms_is_against_a_list(fmselect: Command, tmp_path: Path) -> None:
    unknown = fmselect("catalog", "coverage", "--against", tmp_path / "map.json", "--platform", "nimbsu")
    alone = fmselect("catalog", "coverage", "--platform", "nimbus")

    assert (unknown.code, alone.code) == (2, 2)
    assert "'nimbsu' is not in the catalog; did you mean" in " ".join(unknown.err.split())
    assert "give the list with --against" in " ".join(alone.err.split())


def test_coverage_against_what_is_no_price_map(fmselect: Command, own: Path, tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(json.dumps(PRICE_MAP), encoding="utf-8")
    nowhere = fmselect("catalog", "coverage", "--against", tmp_path / "nowhere.json")
    unnamed = fmselect("catalog", "coverage", "--against", tmp_path / "map.json")

    assert (nowhere.code, nowhere.out) == (1, "")
    assert "nowhere.json:1: cannot be read" in nowhere.err
    assert unnamed.err == "aliases/litellm.yaml:1: is missing: the list's names are matched by it alone\n"


def test_stale_says_where_to_look_again(fmselect: Command) -> None:
    fresh = fmselect("catalog", "stale", "--kind", "prices")
    old = fmselect("catalog", "stale", "--kind", "prices", "--on", "2027-03-01")

    assert (fresh.code, old.code) == (0, 0)
    assert "To look up again" not in fresh.out
    assert "prices      12     12  2026-11-22" in old.out
    assert "2027-02-21  prices  https://acme.example/prices" in old.out
    assert "catalog/offerings/acme-api/atlas-2.yaml: prices[0], prices[1]" in " ".join(old.out.split())


def test_stale_in_the_other_formats_lists_every_group(fmselect: Command) -> None:
    when = ("--on", "2027-03-01", "--platform", "acme-api")
    data = json.loads(fmselect("catalog", "stale", "--format", "json", *when).out)
    rows = fmselect("catalog", "stale", "--format", "csv", *when).out.splitlines()

    assert len(data["items"]) == len(rows) - 1 == data["kinds"]["prices"]["stale"]
    assert data["items"][0]["file"] == "catalog/offerings/acme-api/atlas-2-mini.yaml"
    assert "| prices | 4 | 4 | 2026-11-22 |" in fmselect("catalog", "stale", "--format", "markdown", *when).out


def test_stale_shows_a_few_files_of_many(fmselect: Command) -> None:
    page = fmselect("catalog", "stale", "--on", "2030-01-01", "--kind", "terms").out

    assert "more files (--format csv lists all)" in page


def test_stale_knows_only_platforms_of_the_catalog(fmselect: Command) -> None:
    result = fmselect("catalog", "stale", "--platform", "nimbos")

    assert (result.code, result.out) == (2, "")
    assert "did you mean 'nimbus'?" in " ".join(result.err.replace("│", " ").split())


def test_diff_tells_what_a_folder_of_ones_own_changes(fmselect: Command, own: Path, tmp_path: Path) -> None:
    shipped = (FIXTURES / "catalog/offerings/nimbus/bear-embed.yaml").read_text(encoding="utf-8")
    write(own, "offerings/nimbus/bear-embed.yaml", shipped.replace("input: 0.1", "input: 0.125"))
    (tmp_path / "before").mkdir()

    result = fmselect("catalog", "diff", tmp_path / "before", own)

    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot("""\
New (2)
entry                   is
offerings/own-1@nimbus  me/own-1
models/me/own-1         Own 1

Prices (1)
entry                        field                        old  new
offerings/bear-embed@nimbus  standard usd_per_mtok.input  0.1  0.125  +25%

3 changes for prices on 2026-11-23 and after; 0 entries only looked up again, 26
the same
""")


def test_diff_of_a_whole_catalog_with_what_every_command_reads(fmselect: Command, own: Path) -> None:
    same = fmselect("catalog", "diff", FIXTURES / "catalog")
    more = json.loads(fmselect("catalog", "diff", FIXTURES / "catalog", "--catalog", own, "--format", "json").out)
    rows = fmselect("catalog", "diff", FIXTURES / "catalog", own, "--format", "csv").out.splitlines()

    assert same.out.startswith("0 changes for prices on 2026-11-23 and after; 0 entries only looked up again")
    assert more["counts"]["new"] == 2
    assert [item["entry"] for item in more["items"]] == ["offerings/own-1@nimbus", "models/me/own-1"]
    assert rows[1:] == ["new,offerings/own-1@nimbus,,,me/own-1,", "new,models/me/own-1,,,Own 1,"]
    assert "| models/me/own-1 | Own 1 |" in fmselect("catalog", "diff", FIXTURES / "catalog", own, "--format", "markdown").out


def test_a_shipped_file_is_copied_to_be_corrected_and_diff_tells_the_correction(fmselect: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine"

    made = fmselect("catalog", "new", "offering", "bear-embed@nimbus", "--into", mine)
    copy = mine / "offerings/nimbus/bear-embed.yaml"
    copy.write_text(copy.read_text(encoding="utf-8").replace("input: 0.1", "input: 0.05"), encoding="utf-8")
    told = json.loads(fmselect("catalog", "diff", "--catalog", mine, "--format", "json").out)

    assert "is a copy of the shipped file and replaces it" in made.out
    assert [(item["old"], item["new"], item["percent"]) for item in told["items"]] == [("0.1", "0.05", -50.0)]


def test_diff_takes_the_new_catalog_once(fmselect: Command, own: Path) -> None:
    result = fmselect("catalog", "diff", FIXTURES / "catalog", own, "--catalog", own)

    assert result.code == 2
    assert "give either NEW or --catalog" in " ".join(result.err.replace("│", " ").split())

"""The snapshot: nothing is parsed when nothing changed, every change is noticed, and a bad cache costs only time."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from fmselect import strict_yaml
from fmselect.catalog import snapshot
from fmselect.catalog.catalog import Catalog
from fmselect.catalog.derived import Ability, Derived, Span, SpeedEvidence, Trial
from fmselect.catalog.layers import Layer, Source
from fmselect.catalog.loader import Entries
from fmselect.errors import InvalidInput
from tests.builders import FROZEN, ON

PRICE = Path("offerings") / "nimbus" / "atlas-2-mini.yaml"


def fit(entries: Entries) -> Derived:
    """Derive something that has to survive the snapshot."""
    rows = sum(len(benchmark.rows) for benchmark in entries.benchmarks.values())
    return Derived(
        abilities={"chat": {"acme/atlas-2": (Ability(effort="high", theta=rows / 3, sd=0.1, basis=("duel",)),)}},
        speed=SpeedEvidence(rate_of_any=Span(low=1.0, high=rows / 3), trials={"kind": Trial(factor=1.5, count=3, covered=2)}),
    )


def load(root: Path, cache: Path | None) -> Catalog:
    return snapshot.load([Layer(root, "catalog")], cache, fit, ON)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the frozen catalog whose files were all changed an hour ago."""
    copy = tmp_path / "catalog"
    shutil.copytree(FROZEN.root, copy)
    settle(copy)
    return copy


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "fmselect"


def settle(root: Path) -> None:
    """Set the time of every file back; the time of that change itself cannot be."""
    hour_ago = time.time() - 3600
    for file in root.rglob("*"):
        os.utime(file, (hour_ago, hour_ago))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files changed just now as settled, so that tests need not wait."""
    monkeypatch.setattr(snapshot, "_RACY_NS", -3_600_000_000_000)


def forbid_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("YAML was parsed")

    monkeypatch.setattr(strict_yaml, "read", refuse)


def test_a_warm_start_parses_no_yaml_and_gives_the_same(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = load(root, cache)
    forbid_yaml(monkeypatch)
    warm = load(root, cache)

    for part in ("models", "platforms", "offerings", "benchmarks", "tasks", "licenses", "vocabulary", "derived", "as_of", "places"):
        assert getattr(warm, part) == getattr(cold, part), part
    assert warm.evidence() == cold.evidence()
    assert warm.benchmarks["duel"].rows == ()
    assert len(warm.evidence()["duel"].rows) == 4
    assert list(warm.offerings) == sorted(warm.offerings)
    assert warm.as_of == date(2026, 11, 22)
    assert warm.places["offerings/atlas-2@nimbus"] == "catalog/offerings/nimbus/atlas-2.yaml"


def test_a_settled_start_reads_no_file_of_the_catalog(root: Path, cache: Path, settled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    load(root, cache)

    def refuse(*_: object) -> bytes:
        raise AssertionError("a file was read")

    monkeypatch.setattr(snapshot, "_content", refuse)
    assert load(root, cache).models


def test_files_changed_just_now_are_read_again(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second change within one tick of the clock would leave the same stamp."""
    load(root, cache)
    seen: list[str] = []
    content = snapshot._content

    def count(source: Source) -> bytes:
        seen.append(source.relative)
        return content(source)

    monkeypatch.setattr(snapshot, "_content", count)
    load(root, cache)

    assert PRICE.as_posix() in seen


def test_without_a_cache_nothing_is_kept(root: Path, tmp_path: Path) -> None:
    assert load(root, None).models
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalog"]


def replace_price(root: Path, old: str, new: str) -> None:
    text = (root / PRICE).read_text(encoding="utf-8")
    assert old in text
    (root / PRICE).write_text(text.replace(old, new), encoding="utf-8")


def test_a_change_of_same_size_and_time_is_noticed_within_the_racy_window(root: Path, cache: Path) -> None:
    load(root, cache)
    before = (root / PRICE).stat()
    replace_price(root, "input: 0.275", "input: 0.375")
    os.utime(root / PRICE, ns=(before.st_atime_ns, before.st_mtime_ns))

    after = load(root, cache)

    assert (root / PRICE).stat().st_mtime_ns == before.st_mtime_ns
    price = after.offerings["atlas-2-mini@nimbus"].prices[0].usd_per_mtok
    assert price is not None
    assert str(price.input) == "0.375"


def test_a_change_of_same_size_and_time_is_noticed_after_the_racy_window(root: Path, cache: Path, settled: None) -> None:
    """A copy that keeps times (rsync, an archive, an image layer) cannot keep the time of its own change."""
    load(root, cache)
    before = (root / PRICE).stat()
    time.sleep(0.02)
    replace_price(root, "input: 0.275", "input: 0.375")
    os.utime(root / PRICE, ns=(before.st_atime_ns, before.st_mtime_ns))

    price = load(root, cache).offerings["atlas-2-mini@nimbus"].prices[0].usd_per_mtok

    assert price is not None
    assert str(price.input) == "0.375"


def test_new_and_removed_files_are_noticed(root: Path, cache: Path, settled: None) -> None:
    load(root, cache)
    (root / "models" / "acme" / "odd.yaml").write_text("name: Odd\nfamily: odd\nkind: chat\n", encoding="utf-8")
    assert "acme/odd" in load(root, cache).models

    (root / "models" / "acme" / "odd.yaml").unlink()
    assert "acme/odd" not in load(root, cache).models


def test_a_change_that_is_taken_back_finds_the_old_snapshot(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(root, cache)
    replace_price(root, "input: 0.275", "input: 0.375")
    load(root, cache)
    replace_price(root, "input: 0.375", "input: 0.275")

    forbid_yaml(monkeypatch)
    assert load(root, cache).models


def test_a_change_that_breaks_a_rule_is_a_problem_although_a_snapshot_is_there(root: Path, cache: Path) -> None:
    load(root, cache)
    replace_price(root, "input: 0.275", "input: -1")

    with pytest.raises(InvalidInput, match=r"atlas-2-mini.yaml:19: prices\[0\].usd_per_mtok.input: is -1: it must be at least 0"):
        load(root, cache)


def test_other_code_makes_another_snapshot(root: Path, cache: Path, tmp_path: Path, settled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "stage.py"
    code.write_text("one", encoding="utf-8")
    monkeypatch.setattr(snapshot, "_code", lambda: [code])
    load(root, cache)
    load(root, cache)
    code.write_text("two", encoding="utf-8")
    forbid_yaml(monkeypatch)

    with pytest.raises(AssertionError, match="YAML was parsed"):
        load(root, cache)


def test_the_same_files_in_other_layers_are_another_catalog(root: Path, cache: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "models" / "acme"
    mine.mkdir(parents=True)
    shutil.copy(root / "models" / "acme" / "atlas-1.yaml", mine / "atlas-1.yaml")
    load(root, cache)

    layered = snapshot.load([Layer(root, "catalog"), Layer(tmp_path / "mine", "mine")], cache, fit, ON)

    assert layered.places["models/acme/atlas-1"] == "mine/models/acme/atlas-1.yaml"
    assert load(root, cache).places["models/acme/atlas-1"] == "catalog/models/acme/atlas-1.yaml"


def test_a_layer_that_is_gone_is_a_problem_although_it_was_empty(root: Path, cache: Path, tmp_path: Path, settled: None) -> None:
    layers = [Layer(root, "catalog"), Layer(tmp_path / "mine", "mine")]
    (tmp_path / "mine").mkdir()
    snapshot.load(layers, cache, fit, ON)
    (tmp_path / "mine").rmdir()

    with pytest.raises(InvalidInput, match="is no folder"):
        snapshot.load(layers, cache, fit, ON)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b"{}", b'{"models": 1}', b"\xff\xfe", b'{"files": [], "digest": 3}'])
@pytest.mark.parametrize("pattern", ["*.json", "*.jsonl", "*.index", "*"])
def test_a_damaged_cache_is_rebuilt(root: Path, cache: Path, settled: None, pattern: str, content: bytes) -> None:
    expected = load(root, cache)
    for file in cache.glob(pattern):
        file.write_bytes(content)

    found = load(root, cache)

    assert found.offerings == expected.offerings
    assert found.derived == expected.derived
    assert found.evidence() == expected.evidence()


def test_evidence_is_read_from_the_files_when_its_snapshot_is_gone(root: Path, cache: Path) -> None:
    expected = load(root, cache).evidence()
    for file in cache.glob("*.evidence.json"):
        file.unlink()

    assert load(root, cache).evidence() == expected


@pytest.mark.parametrize("place", ["under-a-file", "folder-in-the-way", "read-only"])
def test_a_cache_that_cannot_be_written_costs_only_time(root: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = tmp_path / "file" / "cache" if place == "under-a-file" else tmp_path / "cache"
    if place == "folder-in-the-way":
        load(root, cache)
        for file in cache.iterdir():
            file.unlink()
            file.mkdir()
    if place == "read-only":  # root may write everywhere, so the refusal is made

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(tempfile, "mkstemp", refuse)
        monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)

    assert load(root, cache).models
    assert load(root, cache).models


def test_a_broken_link_in_the_catalog_is_no_crash(root: Path, cache: Path) -> None:
    (root / "models" / "acme" / "gone.yaml").symlink_to(root / "nowhere.yaml")
    (root / "models" / "loop").symlink_to(root / "models")

    assert load(root, cache).models
    assert load(root, cache).models


def test_old_snapshots_are_removed(root: Path, cache: Path) -> None:
    for number in range(snapshot.KEPT + 3):
        replace_price(root, f"input: 0.{27 + number}5", f"input: 0.{28 + number}5")
        load(root, cache)

    left = sorted(path.name for path in cache.iterdir())
    assert Counter(Path(name).suffix for name in left) == {".json": snapshot.KEPT, ".jsonl": snapshot.KEPT, ".index": 1}


def test_an_index_names_its_snapshot(root: Path, cache: Path) -> None:
    load(root, cache)
    (index,) = cache.glob("*.index")

    digest = json.loads(index.read_text(encoding="utf-8").partition("\n")[0])["digest"]

    assert {path.name for path in cache.glob("*.json*")} == {f"{digest}.jsonl", f"{digest}.evidence.json"}


def started(root: Path, cache: Path, number: int) -> tuple[int, int]:
    """Load in a process of its own, as another command would."""
    found = load(root, cache)
    return len(found.offerings), len(found.evidence()["duel"].rows)


def test_two_processes_at_once_both_get_the_answer(root: Path, cache: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        running = [pool.submit(started, root, cache, number) for number in range(6)]
        answers = {future.result(timeout=60) for future in running}

    assert answers == {(9, 4)}
    assert not [path for path in cache.iterdir() if path.suffix == ".tmp"]

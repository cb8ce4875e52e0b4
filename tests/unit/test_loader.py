"""Layers of folders become entries; all problems of all files come back at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmselect.catalog import loader, snapshot
from fmselect.catalog.layers import Layer
from fmselect.catalog.loader import VOCABULARIES
from fmselect.errors import InvalidInput
from tests.builders import FROZEN, ON

MODEL = "name: Odd\nfamily: odd\nkind: chat\n"


def write(root: Path, relative: str, text: str) -> None:
    file = root / relative
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_ids_come_from_paths() -> None:
    entries, problems = loader.read(loader.files([FROZEN]))

    assert problems == []
    assert entries.models["acme/atlas-2"].developer == "acme"
    assert entries.models["acme/atlas-2"].slug == "atlas-2"
    sold = entries.offerings["atlas-2@nimbus"]
    assert (sold.model, sold.platform) == ("acme/atlas-2", "nimbus")
    assert entries.documents["offerings/atlas-2@nimbus"].path == "catalog/offerings/nimbus/atlas-2.yaml"
    assert set(entries.of_kind("tasks")) == {"chat", "rag", "embedding"}


def test_a_later_layer_replaces_a_file_whole_and_adds_others(tmp_path: Path) -> None:
    write(tmp_path, "models/acme/atlas-2.yaml", MODEL)
    write(tmp_path, "models/acme/odd.yaml", MODEL)

    entries, problems = loader.read(loader.files([FROZEN, Layer(tmp_path, "mine")]))

    assert problems == []
    assert entries.models["acme/atlas-2"].name == "Odd"
    assert entries.models["acme/atlas-2"].limits is None
    assert entries.documents["models/acme/atlas-2"].path == "mine/models/acme/atlas-2.yaml"
    assert entries.models["acme/odd"].name == "Odd"
    assert "acme/atlas-1" in entries.models


def test_files_outside_the_known_folders_and_hidden_ones_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "# mine")
    write(tmp_path, "schema/model.schema.json", "{}")
    write(tmp_path, "models/acme/.odd.yaml.swp", "x")

    assert loader.files([Layer(tmp_path, "mine")]) == {}


def test_problems_of_all_files_and_layers_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, "models/acme/odd.yaml", "name: Odd\nfamly: odd\nkind: chatt\n")
    write(tmp_path, "offerings/nimbus/none.yaml", "sale:\n")
    write(tmp_path, "licenses/odd.yaml", "name: no\n")

    with pytest.raises(InvalidInput, match=r"licenses/odd.yaml") as caught:
        snapshot.read([FROZEN, Layer(tmp_path, "mine")], ON)

    assert [(problem.file, problem.line, problem.field) for problem in caught.value.problems] == [
        ("mine/licenses/odd.yaml", 1, "name"),
        ("mine/models/acme/odd.yaml", 1, "family"),
        ("mine/models/acme/odd.yaml", 2, "famly"),
        ("mine/models/acme/odd.yaml", 3, "kind"),
        ("mine/offerings/nimbus/none.yaml", None, ""),
    ]


def test_a_layer_that_is_no_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none:1: is no folder: give the folder that holds models/ and offerings/"):
        loader.files([FROZEN, Layer(tmp_path / "none", "none")])


def test_a_catalog_without_vocabulary_lacks_every_vocabulary(tmp_path: Path) -> None:
    write(tmp_path, "models/acme/odd.yaml", MODEL)

    with pytest.raises(InvalidInput, match=r"is missing: every catalog needs this vocabulary") as caught:
        snapshot.read([Layer(tmp_path, "mine")], ON)

    assert {problem.file for problem in caught.value.problems} == {f"mine/vocabulary/{name}.yaml" for name in VOCABULARIES}


def test_an_empty_catalog_lacks_every_vocabulary(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"^catalog/vocabulary/compliance.yaml:1: is missing"):
        snapshot.read([Layer(tmp_path, "mine")], ON)


def test_an_entry_with_a_problem_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, "models/acme/odd.yaml", "name: Odd\n")

    entries, problems = loader.read(loader.files([FROZEN, Layer(tmp_path, "mine")]))

    assert len(problems) == 2
    assert "acme/odd" not in entries.models
    assert "acme/atlas-2" in entries.models

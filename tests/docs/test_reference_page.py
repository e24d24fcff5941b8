"""docs/reference.md, CITATION.cff and the notebook are what the code says today."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from jsonschema import Draft7Validator
from nbclient import NotebookClient
from paths import ROOT

import sim
from sim.evidence.reference import page

NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"


def test_the_page_is_fresh() -> None:
    """Where it is not: `python -m sim.evidence.reference docs/reference.md`."""
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == page()


def test_every_public_name_has_its_part() -> None:
    parts = page().split("\n### ")
    for name in sim.__all__:
        (part,) = [p for p in parts if p.startswith(f"sim.{name}\n")]
        assert f"{name}(" in part
        assert len(part.split("```")[2].strip()) > 20, name


def test_the_citation_fits_the_format() -> None:
    """Against the schema of the Citation File Format 1.2.0, CC BY 4.0, beside this test."""
    schema = json.loads((Path(__file__).parent / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert [e.message for e in Draft7Validator(schema).iter_errors(cited)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    del cited["authors"]
    assert list(Draft7Validator(schema).iter_errors(cited))


@pytest.mark.slow
def test_the_notebook_runs_to_its_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HEALTHPLAN_NOTEBOOK_OUT", str(tmp_path / "outputs"))
    book = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(book)
    NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    text = json.dumps(outputs, ensure_ascii=False)
    assert "beds_per_1000" in text
    assert not any(output.output_type == "error" for output in outputs)


def test_the_notebook_is_stored_without_outputs() -> None:
    """Its figures are those of the day that it is run."""
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) >= 6
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)

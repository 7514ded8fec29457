"""The example notebooks run from beginning to end, in their own folder, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.shared import ROOT, shared_dir

BOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def run(path: Path) -> list[Any]:
    """The outputs of every cell; a cell that fails raises."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    book = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        book, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return [out for cell in book.cells if cell.cell_type == "code" for out in cell.outputs]


def test_there_are_three() -> None:
    assert [book.stem for book in BOOKS] == ["asylum", "compare_models", "find_a_deal"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_something(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TREVES_DEU", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    shown = run(path)
    assert sum("text/html" in out.get("data", {}) for out in shown) >= 2
    assert not [out for out in shown if out.output_type == "stream" and out.name == "stderr"]


@pytest.mark.slow
def test_the_comparison_runs_on_the_real_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREVES_DEU", str(shared_dir().resolve() / "data" / "deu" / "deu3_dev.csv"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    shown = run(ROOT / "examples" / "compare_models.ipynb")
    assert any("softmax" in out.get("data", {}).get("text/html", "") for out in shown)

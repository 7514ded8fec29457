"""Where the shared data lie. They are not part of the project: tests that need them skip."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_dir() -> Path:
    """The folder of shared data, ``../shared`` beside the checkout or TREVES_SHARED; else skip."""
    folder = Path(os.environ.get("TREVES_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("shared data are not beside this checkout")
    return folder


def benchmark(name: str) -> ModuleType:
    """A script of the benchmarks, for what it measures: tests repeat figures with the same code."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

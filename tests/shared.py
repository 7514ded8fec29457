"""Where the shared data lie. They are not part of the project: tests that need them skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_dir() -> Path:
    """The folder of shared data, ``../shared`` beside the checkout or TREVES_SHARED; else skip."""
    folder = Path(os.environ.get("TREVES_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("shared data are not beside this checkout")
    return folder

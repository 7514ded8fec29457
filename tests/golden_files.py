"""Comparison with stored outputs."""

from __future__ import annotations

from pathlib import Path

from tests.shared import ROOT

GOLDEN = ROOT / "tests" / "golden"


def assert_golden(name: str, text: str) -> None:
    """The text equals the stored file; if not, the new one is written beside it to be looked at."""
    path: Path = GOLDEN / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        new = path.with_name(path.name + ".new")
        new.write_text(text, encoding="utf-8")
        raise AssertionError(f"differs from {path.name}; if the new one is right: mv {new} {path}")

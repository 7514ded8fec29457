"""Every example in a docstring runs and says what it prints."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from tests.shared import ROOT

SOURCE = ROOT / "src"
WITH_EXAMPLES = [
    path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")
]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=module_name)
def test_the_examples_of_a_module_run(path: Path) -> None:
    module = importlib.import_module(module_name(path))
    done = doctest.testmod(module, extraglobs=_names_its_examples_may_use())
    assert done.attempted > 0
    assert done.failed == 0


def _names_its_examples_may_use() -> dict[str, object]:
    import numpy as np

    return {"np": np}

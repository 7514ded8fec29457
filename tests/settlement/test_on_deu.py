"""The pages of the models say how well each forecasts: those figures are measured again."""

from __future__ import annotations

import re

import pytest
from tests.shared import ROOT, benchmark, shared_dir

ON_UNION = re.compile(r"it is (\d+\.\d+) points off")
ON_COALITIONS = re.compile(r"On (\d+) measures .*? off by (\d+\.\d+) points")
MEASURED = (
    "mean",
    "median",
    "challenge",
    "nash",
    "kalai_smorodinsky",
    "egalitarian",
    "utilitarian",
    "smp",
    "exchange",
    "predictioneer",
    "setter",
)


def page_of(model: str) -> str:
    """The page of a model on one line."""
    return " ".join((ROOT / "docs" / "models" / f"{model}.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("model", [*MEASURED, "baron_ferejohn"])
def test_a_page_says_what_is_measured_on_coalitions(model: str) -> None:
    script = benchmark("models_on_deu")
    found = script.measure(model, *script.of_coalitions(script.CASES))
    said = ON_COALITIONS.search(page_of(model))
    assert said is not None
    assert (int(said.group(1)), float(said.group(2))) == (found["issues"], found["mae"])


@pytest.mark.slow
@pytest.mark.parametrize("model", MEASURED)
def test_a_page_says_what_is_measured(model: str) -> None:
    script = benchmark("models_on_deu")
    found = script.measure(model, *script.of_union(shared_dir() / "data/deu/deu3_dev.csv"))
    figure = ON_UNION.search(page_of(model))
    assert figure is not None
    assert float(figure.group(1)) == found["mae"]

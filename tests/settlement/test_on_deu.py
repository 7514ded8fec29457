"""The pages of the models say how well each forecasts: those figures are measured again."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from tests.shared import ROOT, shared_dir

from treves.case.formats import deu
from treves.forecast.council import capabilities

sys.path.insert(0, str(ROOT / "benchmarks"))
import models_on_deu

FIGURE = re.compile(r"it is (\d+\.\d+) points off")
MEASURED = (
    "nash",
    "kalai_smorodinsky",
    "egalitarian",
    "utilitarian",
    "smp",
    "exchange",
    "setter",
)


@pytest.mark.slow
@pytest.mark.parametrize("model", MEASURED)
def test_a_page_says_what_is_measured(model: str) -> None:
    path = shared_dir() / "data" / "deu" / "deu3_dev.csv"
    cases = [models_on_deu.with_chair(c) for c in deu.load(path, power=capabilities())]
    happened = deu.outcomes(path)
    said = models_on_deu.answers(model, cases)
    known = [i for i in said if not np.isnan(happened.get(i, np.nan))]
    error = float(np.mean([abs(said[i] - happened[i]) for i in known]))
    page = " ".join((ROOT / "docs" / "models" / f"{model}.md").read_text(encoding="utf-8").split())
    figure = FIGURE.search(page)
    assert figure is not None
    assert abs(float(figure.group(1)) - error) < 0.006

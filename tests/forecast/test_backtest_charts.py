"""Charts of backtests: drawn from the record, in both formats, and said in words."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from treves.case.model import Case
from treves.errors import InputError
from treves.forecast.decided import fitted
from treves.forecast.episodes import event_scores
from treves.forecast.tornado import sensitivity
from treves.report.charts.backtests import case_rows, describe, deu_rows, draw
from treves.report.charts.files import content
from treves.report.charts.tornado import draw_ends


@pytest.fixture
def cases() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    p = rng.dirichlet([4, 1, 2, 0.5, 2], size=30)
    happened = np.array([rng.choice(5, p=row) for row in p])
    group = np.array([f"g{k // 2}" for k in range(30)])
    return {
        "backtest": "cases",
        "with_outcome": 30,
        "calibrated_on": 0,
        "events": event_scores(p, happened, group),
    }


@pytest.fixture
def deu() -> dict[str, Any]:
    return dict(fitted()["scores"])


def test_scores_stand_with_their_intervals(cases: dict[str, Any], deu: dict[str, Any]) -> None:
    for row in (*case_rows(cases), *deu_rows(deu)):
        assert row["low"] <= row["score"] <= row["high"]
    assert deu_rows(deu)[0]["name"] == "softmax"
    assert len(case_rows(cases)) == 4


def test_reliability_of_the_cases_counts_each_once(cases: dict[str, Any]) -> None:
    for event in ("collapse", "any break"):
        rows = cases["events"][event]["reliability"]
        assert sum(r["count"] for r in rows) == 30


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_both_charts_are_drawn(cases: dict[str, Any], deu: dict[str, Any], lang: str) -> None:
    pytest.importorskip("vl_convert")
    for record in (cases, deu):
        ElementTree.fromstring(str(content(draw(record, lang), "a.svg")))
        assert describe(record, lang)
    picture = content(draw(cases, lang), "a.PNG")
    assert isinstance(picture, bytes)
    assert picture.startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_said(cases: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no format gif"):
        content(draw(cases), "a.gif")
    del cases["events"]
    with pytest.raises(InputError, match="outcomes of two governments"):
        draw(cases)


def test_the_tornado_shows_both_ends_of_each_number(asylum: Case) -> None:
    pytest.importorskip("vl_convert")
    found = sensitivity(asylum, draws=16)
    drawn = str(content(draw_ends(found, most=3), "tornado.svg"))
    ElementTree.fromstring(drawn)
    for bar in found.bars[:3]:
        assert bar.name in drawn
    assert found.bars[4].name not in drawn

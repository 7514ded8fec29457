"""Recalibration: zeros stay, the shift of the prior, what was fitted is what is used."""

from __future__ import annotations

import numpy as np
import pytest

from treves.endgame import OUTCOMES, Play, precision_draws, recalibrate, recalibrations
from treves.endgame.calibration import PRIORS, apply, calibration, to_world

ODDS = np.array([[0.4, 0.1, 0.2, 0.1, 0.2], [0.5, 0.0, 0.2, 0.0, 0.3], [0.0, 0.0, 0.0, 0.0, 1.0]])


@pytest.mark.parametrize("prior", PRIORS)
def test_shares_and_structural_zeros(prior: str) -> None:
    found = recalibrate(ODDS, prior)
    assert found.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-12)
    assert ((found == 0.0) == (ODDS == 0.0)).all()
    for calibrated in recalibrations(prior):
        assert calibrated(ODDS).sum(axis=1) == pytest.approx(np.ones(3), abs=1e-12)


def test_no_recalibration_is_the_identity() -> None:
    assert apply(ODDS, np.zeros(5), 1.0, "library") == pytest.approx(ODDS, abs=1e-12)


def test_the_shift_of_the_rubric() -> None:
    def log_odds(p: np.ndarray) -> np.ndarray:
        return np.log(p / (1.0 - p))

    library, world = recalibrate(ODDS[:2], "library"), recalibrate(ODDS[:2], "world")
    shift = log_odds(world[:, 4]) - log_odds(library[:, 4])
    assert shift == pytest.approx([-0.92, -0.92], abs=1e-9)
    shares = np.array([19.0, 3.0, 6.0, 10.0, 20.0]) / 58.0
    broken = log_odds(np.array(to_world(shares)[3:].sum())) - log_odds(np.array(30.0 / 58.0))
    assert float(broken) == pytest.approx(-1.35, abs=0.01)
    assert to_world(shares)[4] == pytest.approx(0.17, abs=0.01)


def test_an_unknown_prior_is_refused() -> None:
    with pytest.raises(ValueError, match="world, library"):
        recalibrate(ODDS, "press")


def test_what_was_fitted_is_what_is_used() -> None:
    fitted = calibration()
    assert fitted["outcomes"] == list(OUTCOMES)
    assert Play().reluctance == fitted["reluctance"]["value"]
    middle = precision_draws(np.array([0.5]))[0]
    assert middle == pytest.approx(fitted["precision"]["median"])
    assert precision_draws(np.array([0.05, 0.95]), 8.0, 0.7) == pytest.approx([2.53, 25.3], abs=0.1)


def test_the_stored_scores_beat_the_base_rate() -> None:
    scores = calibration()["scores"]
    for event in ("collapse, all", "collapse, clear"):
        assert scores[event]["tree"]["brier"] < scores[event]["base rate"]["brier"]
        assert scores[event]["base rate"]["tree minus this, brier 95%"][0] < 0

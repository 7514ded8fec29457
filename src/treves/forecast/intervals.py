"""How sure the odds are: their spread over precision, order of play and calibration."""

from __future__ import annotations

import numpy as np

from treves.endgame import OUTCOMES
from treves.endgame.calibration import recalibrations
from treves.profile import Floats

PRECISION_GROUPS = 5


def outcome_spread(by_order: Floats, precision: Floats, prior: str) -> Floats:
    """The odds as they could have been said, (n, 5), over precision, order of play, calibration.

    by_order: (order, d, 5), odds of each draw under each order of play. precision: (d), the
    uniforms behind the precision of each draw; draws are grouped by it. Every group under every
    order is recalibrated with every bootstrap sample of the calibration: one row each, always in
    the same sequence, so that rows of two cases can be compared. Draws are averaged.
    """
    groups = np.array_split(np.argsort(precision, kind="stable"), PRECISION_GROUPS)
    raw = np.array([by_order[:, g].mean(axis=1) for g in groups if len(g)]).reshape(-1, 5)
    return np.concatenate([calibrated(raw) for calibrated in recalibrations(prior)])


def outcome_intervals(spread: Floats, point: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Interval [q10, q90] of every column of a spread (n, 5); it always contains ``point``."""
    low, high = np.quantile(spread, [0.1, 0.9], axis=0)
    return {
        name: (
            round(float(min(low[k], point[name])), 12),
            round(float(max(high[k], point[name])), 12),
        )
        for k, name in enumerate(OUTCOMES)
    }

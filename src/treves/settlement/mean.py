"""The compromise model: the mean of positions, weighted by power times salience."""

from __future__ import annotations

import numpy as np

from treves.profile import Floats, Profile
from treves.settlement.card import Card, Model


def settle(profile: Profile) -> Floats:
    """Weighted mean of the positions per issue, axes (..., i), 0-100.

    Weights are power times salience; where all of them are 0 on an issue, equal weights. NaN where
    nobody has a position. Sources: Van den Bos (1991); Achen (2006).

    >>> from treves.settlement.table import profile_of
    >>> settle(profile_of([[0.0], [100.0]], power=[3.0, 1.0])).tolist()
    [25.0]
    """
    weight, present = profile.weight, profile.present
    position = np.where(present, profile.position, 0.0)
    total = weight.sum(axis=-2)
    with np.errstate(invalid="ignore"):
        mean = (weight * position).sum(axis=-2) / total
    # Rounding must not carry the mean past the outermost position.
    lowest = np.where(present, profile.position, np.inf).min(axis=-2)
    highest = np.where(present, profile.position, -np.inf).max(axis=-2)
    return np.where(total > 0.0, np.clip(mean, lowest, highest), np.nan)


MODEL = Model(
    Card(
        id="mean",
        names=("compromise model", "weighted mean", "base model"),
        sources=("vandenbos1991", "achen2006"),
    ),
    settle,
)

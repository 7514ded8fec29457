"""The weighted median: the position that beats every other in a weighted majority vote."""

from __future__ import annotations

from typing import Literal

import numpy as np

from treves.profile import Floats, Profile
from treves.settlement.card import Card, Model

Tie = Literal["midpoint", "lower", "upper"]

# Halves of the weight closer together than this share of the whole count as equal.
TIE = 1e-12


def settle(profile: Profile, tie: Tie = "midpoint") -> Floats:
    """Weighted median of the positions per issue, axes (..., i), 0-100.

    Weights as in the compromise model. Where a whole interval is tied, the answer is its midpoint,
    so that turning the scale round turns the answer round; :func:`interval` shows the tie. NaN
    where nobody has a position. Source: Black (1948).

    >>> from treves.settlement.table import profile_of
    >>> settle(profile_of([[0.0], [100.0]])).tolist()
    [50.0]
    >>> settle(profile_of([[0.0], [100.0]]), tie="lower").tolist()
    [0.0]
    """
    lower, upper = interval(profile)
    if tie == "lower":
        return lower
    return upper if tie == "upper" else (lower + upper) / 2.0


def interval(profile: Profile, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Lower and upper weighted median, each (..., i); tied where they differ.

    ``weight``, axes (..., p, i), replaces power times salience: the presence mask gives the
    unweighted median.
    """
    present = profile.present
    pull = profile.weight if weight is None else np.where(present, weight, 0.0)
    order = np.argsort(np.where(present, profile.position, np.inf), axis=-2, kind="stable")
    position = np.take_along_axis(profile.position, order, axis=-2)
    rising = np.cumsum(np.take_along_axis(pull, order, axis=-2), axis=-2)
    total = rising[..., -1:, :]
    at_least = rising >= (0.5 - TIE) * total
    more = rising > (0.5 + TIE) * total
    known = total[..., 0, :] > 0.0

    def first(mask: np.ndarray) -> Floats:
        index = mask.argmax(axis=-2)[..., None, :]
        chosen = np.take_along_axis(position, index, axis=-2)[..., 0, :]
        return np.where(known, chosen, np.nan)

    return first(at_least), first(more)


def tied(profile: Profile) -> np.ndarray:
    """Whether the weighted median is a whole interval, (..., i)."""
    lower, upper = interval(profile)
    return np.asarray(upper - lower > 1e-9)


MODEL = Model(
    Card(
        id="median",
        names=("weighted median", "median voter", "Condorcet winner"),
        sources=("black1948",),
    ),
    settle,
)

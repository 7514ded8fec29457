"""From the odds of the game to odds that can be believed: recalibration to what happened.

Declared before it was run: softmax(a + b log p) over the five outcomes, with priors on a and b,
fitted to the coded crises; nothing else. Endings that the rules exclude (p = 0) stay excluded.
The numbers lie in ``calibration.json``; ``tools/fit_endgame.py`` makes that file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import numpy as np

from treves.profile import Floats
from treves.resources import resource

PRIORS = ("world", "library")
LEAVES, COLLAPSE = 3, 4
# Famous falls are over-represented in the library. Shift of the log-odds of a fall from the
# library (20 of 58) to crises that the press calls one (4 of 23): cases/RUBRIC.md, section 6.
FALL_SHIFT = -0.92
# The same for "a party leaves", as log-odds against the endings in which nobody breaks (10 : 28
# in the library, about 1 : 18 in the press): with FALL_SHIFT it gives the rubric's shift of
# -1.35 for any break.
LEAVES_SHIFT = -1.86


@cache
def calibration() -> Mapping[str, Any]:
    """The fitted numbers, and how and on what they were fitted."""
    text = resource("endgame", "calibration.json").read_text(encoding="utf-8")
    data: Mapping[str, Any] = json.loads(text)
    return data


def recalibrate(odds: Floats, prior: str = "world") -> Floats:
    """Recalibrated odds, axes (..., outcome); rows sum to 1.

    odds: of the five outcomes, in the order of ``OUTCOMES``. prior: ``library`` as the coded
    crises have it, ``world`` shifted to crises that the press calls one.

    Raises ValueError on another prior.

    >>> import numpy as np
    >>> odds = np.array([0.5, 0.0, 0.2, 0.0, 0.3])
    >>> library, world = recalibrate(odds, "library"), recalibrate(odds, "world")
    >>> bool(world[4] < library[4]), float(world[1])
    (True, 0.0)
    """
    fitted = calibration()
    return apply(odds, np.array(fitted["a"]), float(fitted["b"]), prior)


def recalibrations(prior: str = "world") -> tuple[Callable[[Floats], Floats], ...]:
    """One recalibration per bootstrap sample of the coded crises: for intervals."""
    rows = calibration()["bootstrap"]
    return tuple(
        partial(apply, a=np.array(row[:-1]), b=float(row[-1]), prior=prior) for row in rows
    )


def apply(odds: Floats, a: Floats, b: float, prior: str) -> Floats:
    """softmax(a + b log p), and the shift of the prior; p = 0 stays 0. Axes (..., outcome)."""
    if prior not in PRIORS:
        raise ValueError(f"unknown prior {prior!r}; there are {', '.join(PRIORS)}")
    p = np.asarray(odds, dtype=np.float64)
    with np.errstate(divide="ignore"):
        score = a + b * np.log(p)
    weight = np.where(p > 0.0, np.exp(score - score.max(axis=-1, keepdims=True)), 0.0)
    library = weight / weight.sum(axis=-1, keepdims=True)
    return library if prior == "library" else to_world(library)


def to_world(odds: Floats) -> Floats:
    """Shift odds from the library to crises that the press calls one, axes (..., outcome).

    >>> import numpy as np
    >>> to_world(np.array([19.0, 3.0, 6.0, 10.0, 20.0]) / 58).round(3)[3:].tolist()
    [0.044, 0.173]
    """
    fall = odds[..., COLLAPSE : COLLAPSE + 1]
    shifted = fall * np.exp(FALL_SHIFT) / (fall * np.exp(FALL_SHIFT) + 1.0 - fall)
    others = odds[..., :COLLAPSE] * np.array([1.0, 1.0, 1.0, np.exp(LEAVES_SHIFT)])
    total = others.sum(axis=-1, keepdims=True)
    share = np.divide(others, total, out=np.zeros_like(others), where=total > 0.0)
    shifted = np.where(total > 0.0, shifted, 1.0)
    return np.concatenate([share * (1.0 - shifted), shifted], axis=-1)

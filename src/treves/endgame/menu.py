"""Which packages are worth putting on the table: a short menu out of many candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from treves.profile import Floats, Profile
from treves.utility import Packages, payoff

SIZE = 8
# Draws on which candidates are compared: enough for a ranking.
DRAWS = 64
# Packages that differ by less than this to every party are one offer.
SAME = 0.02


def choose_menu(profile: Profile, packages: Packages, size: int = SIZE) -> NDArray[np.int64]:
    """Indices of at most ``size`` packages, best first.

    A package counts by the smallest gain over collapse among the parties that must agree. Each
    such party's own best package comes in too, if everybody needed still prefers it to collapse.
    Offers that nobody could tell apart enter once.

    packages: axes (k, i). Cost: draws (at most 64) x parties x packages.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> grid = np.array([[x, y] for x in (0.0, 40.0, 100.0) for y in (0.0, 65.0)])
    >>> choose_menu(modal(load_example("asylum")), grid, size=2).tolist()
    [3, 1]
    """
    packages = np.atleast_2d(np.asarray(packages, dtype=np.float64))
    worth, gain = _mean_gains(profile, packages)
    smallest = gain.min(axis=0)
    favourites: list[int] = []
    if (smallest >= 0.0).any():
        allowed = np.where(smallest >= 0.0, worth, -np.inf)
        favourites = [int(k) for k in allowed.argmax(axis=1)]
    ranked = [int(k) for k in np.argsort(-smallest, kind="stable")]
    chosen: list[int] = []
    for k in ranked[:1] + favourites + ranked[1:]:
        if len(chosen) == size:
            break
        if all(np.abs(worth[:, k] - worth[:, other]).max() > SAME for other in chosen):
            chosen.append(k)
    chosen.sort(key=lambda k: (-smallest[k], k))
    return np.array(chosen, dtype=np.int64)


def _mean_gains(profile: Profile, packages: Packages) -> tuple[Floats, Floats]:
    """Mean worth and mean gain over collapse to the needed parties, axes (p, k)."""
    if profile.power.ndim > 1:
        draws = len(profile.power)
        profile = profile.at(np.arange(0, draws, max(1, draws // DRAWS)))
    else:
        profile = profile.at(np.newaxis)
    worth = payoff(profile, packages)[:, profile.needed]
    gain = worth - profile.collapse[:, profile.needed, None]
    return worth.mean(axis=0), gain.mean(axis=0)

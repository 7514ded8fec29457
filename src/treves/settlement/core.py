"""What cannot be beaten, and what beats the status quo, on one line; and veto players."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from treves.profile import Floats


def core(position: ArrayLike, votes: ArrayLike, quota: float) -> tuple[float, float]:
    """Ends of the interval of points that no coalition of the quota can move. 7.2 of the models.

    position and votes have axis (p); parties at NaN are left out. Source: Black (1948).

    >>> core([100, 20, 60, 15], [8, 6, 4, 2], quota=15)
    (20.0, 100.0)
    """
    x, v = _known(position, votes)
    low = [y for y in np.sort(x) if v[x > y].sum() < quota - 1e-9]
    high = [y for y in np.sort(x) if v[x < y].sum() < quota - 1e-9]
    return float(low[0]), float(high[-1])


def win_set(
    position: ArrayLike, votes: ArrayLike, quota: float, status_quo: float
) -> tuple[float, float]:
    """Open interval of points that a coalition of the quota prefers to the status quo.

    Both ends equal the status quo where nothing beats it. Source: Romer and Rosenthal (1978).

    >>> win_set([40, 50, 90], [1, 1, 1], quota=2, status_quo=30)
    (30.0, 70.0)
    """
    x, v = _known(position, votes)
    mirror = 2.0 * x - status_quo
    above = [y for y in mirror if y > status_quo and v[mirror >= y].sum() >= quota - 1e-9]
    below = [y for y in mirror if y < status_quo and v[mirror <= y].sum() >= quota - 1e-9]
    return float(min(below, default=status_quo)), float(max(above, default=status_quo))


def veto_set(position: ArrayLike, status_quo: float) -> tuple[float, float]:
    """Interval of points that no veto player finds worse than the status quo. Source: Tsebelis
    (2002).

    >>> veto_set([60, 80], status_quo=50)
    (50.0, 70.0)
    """
    x = np.asarray(position, dtype=float)
    x = x[~np.isnan(x)]
    reach = np.abs(status_quo - x)
    return float((x - reach).max()), float((x + reach).min())


def _known(position: ArrayLike, votes: ArrayLike) -> tuple[Floats, Floats]:
    x, v = np.asarray(position, dtype=float), np.asarray(votes, dtype=float)
    present = ~(np.isnan(x) | np.isnan(v))
    return x[present], v[present]

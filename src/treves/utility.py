"""What a package is worth to a party, and red lines: one rule for deals, endgame and forecast.

Two readings of a red line are kept apart everywhere (docs/conventions.md, section 4):
``accepted`` is a mask, a package inside the party's interval on every issue or not;
``payoff`` is worth minus a soft cost that grows with the distance beyond the edge.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.profile import Floats, Profile

Packages = NDArray[np.float64]


def worth(profile: Profile, packages: Packages) -> Floats:
    """Worth of packages to parties without red lines, axes (..., p, k).

    ``u = 1 - g + g (1 - distance)``, distance weighted by salience over the issues on which the
    party has a position and divided by the largest distance it could have; g is the content
    weight. So 1 is the party's own package in full, 1 - g its worst. A party to which no issue
    matters values every package at 1.

    With ``settings.loss: quadratic`` the square of the distance takes its place; ratings of points
    (``worth`` of a stance) take its place on their issue; what belongs together is added.

    packages: axes (k, i), 0-100. Source: spatial model after Black (1948); content weight: own.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> profile = modal(load_example("asylum"))
    >>> worth(profile, np.array([[100.0, 90.0]]))[0, 0].round(2).item()  # the VVD's own package
    1.0
    """
    return _on_draws(profile, packages)[0]


def payoff(profile: Profile, packages: Packages) -> Floats:
    """Worth minus the soft cost of crossed red lines, axes (..., p, k).

    The cost per issue rises from 0 at the edge to ``red_line_cost`` x salience at ``red_line_ramp``
    points beyond it, and stays there.
    """
    value, cost = _on_draws(profile, packages)
    return value - cost


def accepted(profile: Profile, packages: Packages) -> NDArray[np.bool_]:
    """Whether each package lies inside all accepted intervals of each party, axes (..., p, k).

    Where nothing is known of what a party accepts on an issue, that issue blocks nothing.
    """
    low, high = profile.low[..., None, :], profile.high[..., None, :]
    points = packages[None, :, :]
    beyond = (points < low - 1e-9) | (points > high + 1e-9)  # NaN compares false: blocks nothing
    return np.asarray(~beyond.any(axis=-1))


def _on_draws(profile: Profile, packages: Packages) -> tuple[Floats, Floats]:
    """Fold the leading axes into one, run the kernel, unfold."""
    lead = profile.position.shape[:-2]
    parties, issues = profile.position.shape[-2:]
    flat = (-1, parties, issues)
    points = np.ascontiguousarray(packages, dtype=np.float64)
    form = profile.shape
    which = np.full((parties, issues), -1)
    for n, rated in enumerate(form.rated):
        which[rated.party, rated.issue] = n
    at = [form.unit * rated.at(points[:, rated.issue]) for rated in form.rated]
    value, cost = _worth_and_cost(
        profile.position.reshape(flat),
        profile.salience.reshape(flat),
        profile.low.reshape(flat),
        profile.high.reshape(flat),
        profile.content_weight.reshape(-1, parties),
        points,
        np.array([profile.red_line_cost, profile.red_line_ramp]),
        form.quadratic,
        which,
        np.array(at).reshape(len(at), len(points)),
        form.unit * np.array([rated.loss.max() for rated in form.rated]),
    )
    if form.together:
        value += form.added(points, parties)
    shape = (*lead, parties, len(packages))
    return value.reshape(shape), cost.reshape(shape)


@njit(cache=True, nogil=True)
def _worth_and_cost(
    position: Floats,
    salience: Floats,
    low: Floats,
    high: Floats,
    content: Floats,
    packages: Floats,
    red_line: Floats,
    quadratic: bool,
    which: NDArray[np.int64],
    rated: Floats,
    rated_most: Floats,
) -> tuple[Floats, Floats]:
    draws, parties, issues = position.shape
    count = packages.shape[0]
    value = np.empty((draws, parties, count))
    cost = np.zeros((draws, parties, count))
    for d in range(draws):
        for p in range(parties):
            largest = 0.0
            for i in range(issues):
                x, s = position[d, p, i], salience[d, p, i]
                if not (np.isnan(x) or np.isnan(s)):
                    far = max(x, 100.0 - x)
                    if which[p, i] >= 0:
                        far = rated_most[which[p, i]]
                    elif quadratic:
                        far *= far
                    largest += s * far
            for k in range(count):
                loss = 0.0
                for i in range(issues):
                    x, s, y = position[d, p, i], salience[d, p, i], packages[k, i]
                    if np.isnan(s):
                        continue
                    if not np.isnan(x):
                        away = abs(x - y)
                        if which[p, i] >= 0:
                            away = rated[which[p, i], k]
                        elif quadratic:
                            away *= away
                        loss += s * away
                    past = 0.0
                    if y < low[d, p, i]:
                        past = low[d, p, i] - y
                    elif y > high[d, p, i]:
                        past = y - high[d, p, i]
                    cost[d, p, k] += red_line[0] * s * min(past / red_line[1], 1.0)
                distance = loss / largest if largest > 0.0 else 0.0
                value[d, p, k] = 1.0 - content[d, p] * distance
    return value, cost

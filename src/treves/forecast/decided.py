"""What will be decided: the settlement forecast of a case, and jointly with how the talks end.

The softmax of ``atoms`` was fitted to European Union decisions and never tested on coalitions. In
a case it is therefore mixed, half and half, with the even distribution over the zone of each draw
(over the package space in draws without a zone), and marked as untested.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from treves.deals.space import Space
from treves.forecast import atoms
from treves.forecast.dressing import on_grid
from treves.forecast.issues import issues_of
from treves.forecast.playing import Played
from treves.forecast.result import Decided, Spread
from treves.forecast.scoring import GRID, POINTS, quantiles
from treves.forecast.settling import QUANTILES, short
from treves.profile import Floats, Profile
from treves.resources import resource

# The softmax is the same for draws that are nearly alike: more of them change the third decimal.
MOST_DRAWS = 200
SOFTMAX_SHARE = 0.5


@cache
def fitted() -> Mapping[str, Any]:
    """Weights of the softmax and its scores, with the data they come from."""
    data: Mapping[str, Any] = json.loads(
        resource("forecast", "data", "softmax.json").read_text(encoding="utf-8")
    )
    return data


def distributions(profile: Profile, space: Space) -> dict[str, Floats]:
    """Distribution of the decision on each issue over the whole points 0-100, if one is taken.

    profile: draws of a case, (d, p, i). Issues on which nobody has a position follow the zone
    alone.
    """
    step = max(1, -(-len(profile.power) // MOST_DRAWS))
    drawn = profile.at(slice(None, None, step))
    model = atoms.Softmax(np.array(fitted()["theta"]))
    draws, count = len(drawn.power), len(profile.issues)
    rows = issues_of(drawn, drawn.needed if drawn.needed.any() else None)
    held = ~np.isnan(rows.mean)
    p = np.zeros((draws * count, POINTS))
    if held.any():
        p[held] = model.predict(atoms.candidates(rows.at(held)))
    by_issue = p.reshape(draws, count, POINTS).mean(axis=0)
    even = even_over_zone(drawn, space)
    mixed = np.where(
        by_issue.sum(axis=1, keepdims=True) > 0.5,
        SOFTMAX_SHARE * by_issue + (1.0 - SOFTMAX_SHARE) * even,
        even,
    )
    mixed /= mixed.sum(axis=1, keepdims=True)
    return dict(zip(profile.issues, mixed, strict=True))


def even_over_zone(profile: Profile, space: Space) -> Floats:
    """Each issue evenly over what all needed accept in a draw, averaged, axes (i, 101).

    Red lines hold issue by issue, so that the zone of a draw is a box. A draw whose box is empty
    on some issue has no zone: there the levels of the package space count the same.
    """
    low = np.where(np.isnan(profile.low), 0.0, profile.low)[:, profile.needed].max(axis=1)
    high = np.where(np.isnan(profile.high), 100.0, profile.high)[:, profile.needed].min(axis=1)
    exists = (low <= high).all(axis=1)
    found = np.zeros((len(profile.issues), POINTS))
    for i, levels in enumerate(space.levels):
        anywhere = on_grid(levels[None, :])[0]
        inside = (low[:, i, None] - 0.5 <= GRID) & (high[:, i, None] + 0.5 >= GRID)
        shares = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1)
        found[i] = np.where(exists[:, None], shares, anywhere).mean(axis=0)
    return found


def given_ending(menu: Floats, settled: Floats) -> dict[str, Floats]:
    """Odds of each package of the menu given an agreement and given a vote, axes (k).

    settled: (d, 2, k) as the endgame gives it. An ending that never happens is left out.
    """
    odds = settled.mean(axis=0)
    return {
        name: odds[row] / odds[row].sum()
        for row, name in enumerate(("agreement", "vote_passed"))
        if odds[row].sum() > 1e-9 and len(menu)
    }


def grid_spread(p: Floats) -> Spread:
    """Mean and quantiles of a distribution over the whole points 0-100, axis (101)."""
    held = quantiles(p, np.array([q for _, q in QUANTILES]))
    named = {name: short(v) for (name, _), v in zip(QUANTILES, held, strict=True)}
    return Spread(mean=short(float(p @ GRID)), **named)


def joint(
    played: Played, likely: Mapping[str, Floats], outcomes: Mapping[str, float]
) -> dict[str, Decided]:
    """What is decided if there is an agreement, if a vote passes, if it is postponed."""
    menu = played.menu
    found = {
        name: Decided(
            probability=outcomes[name],
            issues={
                issue: grid_spread(tilted(p, menu[:, i], odds))
                for i, (issue, p) in enumerate(likely.items())
            },
        )
        for name, odds in given_ending(menu, played.game.settled).items()
    }
    stays = {i.id: i.status_quo for i in played.case.issues if i.status_quo is not None}
    return found | {"postponed": Decided(probability=outcomes["postponed"], status_quo=stays)}


def tilted(p: Floats, values: Floats, odds: Floats) -> Floats:
    """A distribution of the decision drawn towards the packages of one ending, (101).

    Half of it is the forecast without an ending, half the packages that the endgame ends with.
    """
    return np.asarray(0.5 * p + 0.5 * on_grid(values[None, :], odds[None, :])[0])

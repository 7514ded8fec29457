"""Which set of yes voters carries a proposal, as far as procedure models need it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from treves.errors import InputError, Problem
from treves.profile import Body

Bools = NDArray[np.bool_]


def carries(body: Body, needed: Bools, yes: Bools, chair_yes: Bools | None = None) -> Bools:
    """Whether the yes voters carry, (...), for votes ``yes`` (..., p).

    Majority is more than half of the votes, or half with the chair where the chair breaks ties;
    quotas that are met exactly pass. ``chair_yes`` (...) says how the chair votes (default: its own
    entry). Raises InputError for a decision rule without a voting rule underneath.
    """
    return _carries(body, body.decision, needed, yes, chair_yes)


def _carries(body: Body, rule: str, needed: Bools, yes: Bools, chair_yes: Bools | None) -> Bools:
    total = float(body.votes.sum())
    votes = yes @ body.votes
    if rule in ("consensus", "negotiation", "unanimity"):
        return np.asarray((yes | ~needed).all(axis=-1))
    if rule == "majority":
        passed = 2.0 * votes > total + 1e-9
        if body.chair_breaks_ties and body.chair >= 0:
            chair = yes[..., body.chair] if chair_yes is None else chair_yes
            passed |= (np.abs(2.0 * votes - total) <= 1e-9) & chair
        return np.asarray(passed)
    if rule == "weighted_majority":
        return np.asarray(votes >= body.quota - 1e-9)
    if rule == "double_majority":
        members = yes.sum(axis=-1) >= body.members_share * body.size - 1e-9
        people = yes @ np.nan_to_num(body.population)
        enough = people >= body.population_share * np.nansum(body.population) - 1e-9
        return np.asarray(members & enough)
    if rule == "veto":
        held = (yes | ~body.holders).all(axis=-1)
        return np.asarray(held & _carries(body, body.base, needed, yes, chair_yes))
    if rule == "setter" and body.base not in ("", "setter"):
        return _carries(body, body.base, needed, yes, chair_yes)
    raise InputError(
        [Problem(f"rule {rule!r} has no voting rule underneath", "`base:` of the rule")]
    )

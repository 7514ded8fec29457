"""Profiles for the tests of deals: random ones, and ones written as small tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from treves.profile import Profile

Floats = NDArray[np.float64]


def make_profile(
    position: Sequence[Sequence[float]] | Floats,
    low: Sequence[Sequence[float]] | Floats,
    high: Sequence[Sequence[float]] | Floats,
    salience: Sequence[Sequence[float]] | Floats | None = None,
    **stakes: Sequence[float] | Floats,
) -> Profile:
    """A profile from arrays (..., p, i); stakes (..., p) are 0 unless said."""
    x = np.asarray(position, dtype=float)
    lead, (parties, issues) = x.shape[:-2], x.shape[-2:]
    per_party = {
        name: np.broadcast_to(
            np.asarray(stakes.get(name, default), dtype=float), (*lead, parties)
        ).copy()
        for name, default in (
            ("power", 1.0),
            ("content_weight", 1.0),
            ("collapse", 0.0),
            ("status_quo", 0.0),
            ("outvoted", 0.05),
            ("outside", 0.1),
            ("blame", 0.0),
            ("dislikes_vote", 0.0),
        )
    }
    return Profile(
        parties=tuple("ABCDEFGHJKLMNOPQRSTUVWXYZ"[:parties]),
        issues=tuple(f"issue{i}" for i in range(issues)),
        position=x,
        low=np.asarray(low, dtype=float),
        high=np.asarray(high, dtype=float),
        salience=np.ones(x.shape) if salience is None else np.asarray(salience, dtype=float),
        needed=np.ones(parties, dtype=bool),
        status_quo_point=np.full(issues, 50.0),
        **per_party,
    )


def random_profile(
    seed: int, draws: int | None, parties: int, issues: int, width: tuple[float, float] = (5, 60)
) -> Profile:
    """Uniform positions with intervals around them whose half-widths lie in ``width``."""
    rng = np.random.default_rng(seed)
    shape = (parties, issues) if draws is None else (draws, parties, issues)
    x = rng.uniform(0, 100, shape)
    return make_profile(
        x,
        np.clip(x - rng.uniform(*width, shape), 0, 100),
        np.clip(x + rng.uniform(*width, shape), 0, 100),
        rng.uniform(0.1, 1.0, shape),
        collapse=rng.uniform(0, 0.3, shape[:-1]),
        status_quo=rng.uniform(0, 0.3, shape[:-1]),
    )

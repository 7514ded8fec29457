"""A profile from bare tables, for who has arrays and no case file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from treves.profile import ASSUMED, Floats, Profile


def profile_of(
    position: ArrayLike,
    salience: ArrayLike | None = None,
    power: ArrayLike | None = None,
    status_quo: ArrayLike | None = None,
    parties: Sequence[str] = (),
    issues: Sequence[str] = (),
) -> Profile:
    """A profile of which only position (..., p, i), salience (0-1) and power (..., p) are known.

    Salience and power are 1 where not given. ``status_quo`` has axis (i). Nothing is known of red
    lines; stakes are those that a silent case has.

    >>> profile_of([[0.0], [100.0]]).weight.tolist()
    [[1.0], [1.0]]
    """
    x = np.array(position, dtype=np.float64)
    s = np.ones_like(x) if salience is None else np.broadcast_to(salience, x.shape).astype(float)
    c = np.ones(x.shape[:-1]) if power is None else np.broadcast_to(power, x.shape[:-1])
    count, width = x.shape[-2:]
    absent = np.full(x.shape, np.nan)

    def stake(name: str) -> Floats:
        assumed = ASSUMED.get(name, (np.nan, np.nan, np.nan))[1]
        return np.full(x.shape[:-1], assumed)

    point = np.full(width, np.nan) if status_quo is None else np.array(status_quo, dtype=float)
    return Profile(
        parties=tuple(parties) or tuple(f"party{k}" for k in range(count)),
        issues=tuple(issues) or tuple(f"issue{k}" for k in range(width)),
        position=x,
        low=absent,
        high=absent.copy(),
        salience=s,
        power=np.array(c, dtype=float),
        needed=np.ones(count, dtype=bool),
        status_quo_point=point,
        content_weight=stake("content_weight"),
        collapse=stake("collapse"),
        status_quo=stake("status_quo"),
        outvoted=stake("outvoted"),
        outside=stake("outside"),
        blame=stake("blame"),
        dislikes_vote=stake("dislikes_vote"),
    )

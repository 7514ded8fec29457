"""A body of equals for tests of models that need to know who leads."""

from __future__ import annotations

import numpy as np

from treves.profile import Body, Profile


def body_led_by(profile: Profile, chair: int) -> Body:
    """Simple majority of one vote each, led by the party of that index (-1: nobody leads)."""
    count = len(profile.parties)
    return Body(
        decision="majority",
        fallback="none",
        exit="any_leaves",
        chair=chair,
        chair_breaks_ties=False,
        votes=np.ones(count),
        seats=np.ones(count),
        population=np.ones(count),
        role=np.zeros(count, dtype=np.int64),
        holders=np.zeros(count, dtype=bool),
        base="",
        quota=np.nan,
        members_share=np.nan,
        population_share=np.nan,
        majority=np.nan,
        is_government=False,
        sessions=(),
        threatened=False,
    )

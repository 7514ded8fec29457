"""Bodies and draws made by hand for tests of the endgame."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from treves.case.calendar import Session
from treves.profile import Body, Profile

DAY = dt.date(2024, 3, 1)


def sessions(count: int, can_vote: bool = True, hard: float = 0.0) -> tuple[Session, ...]:
    return tuple(
        Session(DAY + dt.timedelta(days=t), f"session {t + 1}", can_vote, hard)
        for t in range(count)
    )


def body(votes: list[float], **changes: object) -> Body:
    """A government of coalition parties; votes are also seats, the first party is the chair."""
    n = len(votes)
    plain = Body(
        decision="consensus",
        fallback="none",
        exit="any_leaves",
        chair=0,
        chair_breaks_ties=False,
        votes=np.array(votes, dtype=float),
        seats=np.array(votes, dtype=float),
        population=np.full(n, np.nan),
        role=np.zeros(n, dtype=np.int64),
        holders=np.zeros(n, dtype=bool),
        base="",
        quota=np.nan,
        members_share=np.nan,
        population_share=np.nan,
        majority=float(sum(votes)) / 2 + 0.5,
        chamber=float(sum(votes)) * 1.5,
        is_government=True,
        sessions=sessions(1),
        threatened=False,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def stakes_only(fall: list[float], idle: list[float] | float = 0.2, draws: int = 1) -> Profile:
    """Parties with positions spread over one line and the given worth of a collapse."""
    n = len(fall)

    def rows(values: object) -> np.ndarray:
        return np.broadcast_to(np.asarray(values, dtype=float), (draws, n)).copy()

    return Profile(
        parties=tuple(f"p{i}" for i in range(n)),
        issues=("line",),
        position=np.broadcast_to(np.linspace(0.0, 100.0, n)[:, None], (draws, n, 1)).copy(),
        low=np.zeros((draws, n, 1)),
        high=np.full((draws, n, 1), 100.0),
        salience=np.full((draws, n, 1), 0.8),
        power=rows(1.0),
        content_weight=rows(1.0),
        collapse=rows(fall),
        status_quo=rows(idle),
        outvoted=rows(0.05),
        outside=rows(np.asarray(fall) + 0.08),
        blame=rows(0.0),
        dislikes_vote=rows(0.0),
        needed=np.ones(n, dtype=bool),
        status_quo_point=np.array([np.nan]),
    )

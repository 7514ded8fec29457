"""The challenge model: everybody weighs challenging everybody else, and the weaker move.

Also called the expected-utility model, after Bueno de Mesquita (1985, 1994, 1997); written from
the reconstruction of Scholz, Calbert and Smith (2011). It is *a* reconstruction: the published
round table cannot be reproduced from its own equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import njit

from treves.profile import Floats, Profile
from treves.settlement.card import Card, Model
from treves.settlement.contest import middle, play_round, sort_by_position
from treves.settlement.threads import over_draws


@dataclass(frozen=True)
class Options:
    """How the model is run.

    ``q``: weight of the status quo against what happens without a challenge (1: only the status
    quo). ``risk``: second pass with risk exponents. ``conflict``: whether the weaker gives in when
    both want to challenge. ``span``: length of the scale; None for the distance between the
    outermost positions of each round. ``rounds``: at most so many; play stops earlier once the
    median moved less than ``still`` in two rounds running. ``answer``: statistic of the last round.
    ``tie``: midpoint of a tied median and of tied offers, or the lower one as in older programs.
    """

    q: float = 1.0
    risk: bool = True
    conflict: Literal["none", "full"] = "none"
    span: float | None = None
    rounds: int = 10
    still: float = 1e-3
    answer: Literal["median", "mean"] = "median"
    tie: Literal["midpoint", "lower"] = "midpoint"

    @property
    def numbers(self) -> Floats:
        """(q, span or 0, rounds, still) for the kernel."""
        return np.array([self.q, self.span or 0.0, float(self.rounds), self.still])

    @property
    def flags(self) -> np.ndarray:
        """(conflict, lower ties, risk, mean) for the kernel."""
        words = (self.conflict == "full", self.tie == "lower", self.risk, self.answer == "mean")
        return np.array(words, dtype=np.int64)


DEFAULT = Options()


@dataclass(frozen=True)
class Trace:
    """What happened on one issue, round by round.

    ``positions`` (round + 1, p), the first row before any move; ``median`` and ``mean`` (round
    + 1); ``gains`` (round, p, p): what the row expects from challenging the column; ``risk``
    (round, p): exponents; ``moved_by`` (round, p): index of the accepted proposer, -1 for none.
    ``ended``: "unanimous", "still" or "rounds". NaN for parties that are not on the issue.
    """

    positions: Floats
    median: Floats
    mean: Floats
    gains: Floats
    risk: Floats
    moved_by: np.ndarray
    ended: str


def settle(profile: Profile, options: Options = DEFAULT) -> Floats:
    """Weighted median of the last round per issue, axes (..., i), 0-100.

    Sources: Bueno de Mesquita (1985, 1994, 1997); Scholz, Calbert and Smith (2011).

    >>> from treves.settlement.table import profile_of
    >>> settle(profile_of([[0.0], [40.0], [100.0]], power=[1.0, 1.0, 8.0])).tolist()
    [100.0]
    """
    lead = profile.position.shape[:-2]
    flat = (-1, *profile.position.shape[-2:])
    position = np.where(profile.present, profile.position, np.nan).reshape(flat)
    salience = np.nan_to_num(profile.salience).reshape(flat)
    arrays = (position, profile.weight.reshape(flat), salience)
    answer = over_draws(_settle, arrays, options.numbers, options.flags)
    return answer.reshape(*lead, flat[-1])


def trace(profile: Profile, issue: int = 0, options: Options = DEFAULT) -> Trace:
    """Every round of one issue of a profile without leading axes."""
    present = np.flatnonzero(profile.present[:, issue])
    x = profile.position[present, issue].copy()
    w, s = profile.weight[present, issue].copy(), profile.salience[present, issue].copy()
    name = present.copy()
    count, n = len(profile.parties), len(present)
    rounds: list[tuple[Floats, float, float, Floats, Floats, np.ndarray]] = []
    shift, last, ended = np.inf, np.nan, "rounds"
    p, e, r = np.empty((n, n)), np.empty((n, n)), np.empty(n)
    new, by = np.empty(n), np.empty(n, np.int64)
    while True:
        sort_by_position(x, w, s, name, n)
        median = middle(x, w, n, options.tie == "lower")
        entry = (_spread(x, name, count), median, float((w * x).sum() / w.sum()))
        before, shift = shift, abs(median - last) if rounds else np.inf
        last = median
        if x[-1] - x[0] <= 1e-9:
            ended = "unanimous"
        elif max(before, shift) < options.still:
            ended = "still"
        if ended != "rounds" or len(rounds) == options.rounds:
            rounds.append((*entry, np.empty(0), np.empty(0), np.empty(0)))
            break
        model = np.array([options.span or x[-1] - x[0], median, options.q])
        play_round(x, w, s, n, model, options.flags, p, e, r, new, by)
        gains = np.full((count, count), np.nan)
        gains[np.ix_(name, name)] = e
        mover = np.where(by >= 0, name[by], -1)
        rounds.append((*entry, gains, _spread(r, name, count), _spread(mover, name, count, -1)))
        x[:] = new
    played = rounds[:-1]
    return Trace(
        positions=np.array([k[0] for k in rounds]),
        median=np.array([k[1] for k in rounds]),
        mean=np.array([k[2] for k in rounds]),
        gains=np.array([k[3] for k in played]).reshape(-1, count, count),
        risk=np.array([k[4] for k in played]).reshape(-1, count),
        moved_by=np.array([k[5] for k in played], dtype=np.int64).reshape(-1, count),
        ended=ended,
    )


def _spread(values: np.ndarray, name: np.ndarray, count: int, empty: float = np.nan) -> np.ndarray:
    """Values of the actors on the issue, back in the order of the parties."""
    out = np.full(count, empty, dtype=np.float64)
    out[name] = values
    return out


@njit(cache=True, nogil=True)
def _settle(
    position: Floats, weight: Floats, salience: Floats, numbers: Floats, flags: np.ndarray
) -> Floats:
    draws, parties, issues = position.shape
    answer = np.empty((draws, issues))
    x, w, s = np.empty(parties), np.empty(parties), np.empty(parties)
    p, e = np.empty((parties, parties)), np.empty((parties, parties))
    r, new, name = np.empty(parties), np.empty(parties), np.arange(parties)
    by, model = np.empty(parties, np.int64), np.empty(3)
    model[2] = numbers[0]
    for d in range(draws):
        for i in range(issues):
            n = 0
            for k in range(parties):
                if not np.isnan(position[d, k, i]):
                    x[n], w[n], s[n] = position[d, k, i], weight[d, k, i], salience[d, k, i]
                    n += 1
            if n == 0:
                answer[d, i] = np.nan
                continue
            sort_by_position(x, w, s, name, n)
            median = middle(x, w, n, flags[1] == 1)
            before = np.inf
            for _ in range(int(numbers[2])):
                span = x[n - 1] - x[0]
                if span <= 1e-9:
                    break
                model[0] = numbers[1] if numbers[1] > 0.0 else span
                model[1] = median
                play_round(x, w, s, n, model, flags, p, e, r, new, by)
                x[:n] = new[:n]
                sort_by_position(x, w, s, name, n)
                now = middle(x, w, n, flags[1] == 1)
                shift = abs(now - median)
                median = now
                if max(shift, before) < numbers[3]:
                    break
                before = shift
            if flags[3] == 1:
                total, pull = 0.0, 0.0
                for k in range(n):
                    total += w[k]
                    pull += w[k] * x[k]
                median = pull / total
            answer[d, i] = median
    return answer


MODEL = Model(
    Card(
        id="challenge",
        names=("challenge model", "expected utility model"),
        sources=("buenodemesquita1985", "buenodemesquita1994", "buenodemesquita1997", "scholz2011"),
    ),
    settle,
)

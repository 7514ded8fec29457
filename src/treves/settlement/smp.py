"""KTAB's spatial model of politics: bargains between pairs, chosen by everybody, step by step.

A probabilistic descendant of the challenge model for several issues at once. Source: KAPSARC
Toolkit for Behavioral Analysis (Wise, Lester and Efird 2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from treves.case.formats.ktab import SWITCHES
from treves.errors import InputError, Problem
from treves.profile import Floats, Profile
from treves.settlement import spatial
from treves.settlement.card import Card, Model
from treves.settlement.chance import uniform
from treves.settlement.threads import over_draws


@dataclass(frozen=True)
class Options:
    """How the model is run: switches other than the defaults, when to stop, and ideals.

    ``switches``: names and values as in KTAB's files, :data:`treves.case.formats.ktab.SWITCHES`.

    ``steps``: at most so many; play stops earlier, after two, once actors move less than ``still``
    times what they moved first. ``ideals``: (p, p) share of the ideal of the row that follows the
    position of the column; None where everybody's ideal is its present position. ``seed`` of
    stochastic transitions.
    """

    switches: Mapping[str, str] = field(default_factory=dict)
    steps: int = 100
    still: float = 0.02
    ideals: Floats | None = None
    seed: int = 0

    @property
    def codes(self) -> np.ndarray:
        """The switches as codes. Raises InputError for a name or value that does not exist."""
        problems = [
            Problem(f"{name} cannot be {value!r}", ", ".join(SWITCHES.get(name, tuple(SWITCHES))))
            for name, value in self.switches.items()
            if value not in SWITCHES.get(name, ())
        ]
        if problems:
            raise InputError(problems)
        chosen = [v.index(self.switches.get(k, v[0])) for k, v in SWITCHES.items()]
        return np.array(chosen, dtype=np.int64)


DEFAULT = Options()


@dataclass(frozen=True)
class Challenge:
    """Who challenges whom: chance to win, expected gain, and where the bargain leaves both."""

    by: int
    target: int
    chance: float
    gain: float
    by_position: Floats
    target_position: Floats


@dataclass(frozen=True)
class Step:
    """One step: positions (p, i) on 0-100 before it, risk (p), winning probability (p).

    ``queues``: per actor the bargains it chooses from, as (initiator, receiver) with their
    probability; (-1, -1) is the status quo. Empty lists in the last entry, after which none moves.
    """

    positions: Floats
    risk: Floats
    winning: Floats
    challenges: tuple[Challenge, ...]
    queues: tuple[tuple[tuple[int, int, float], ...], ...]


def settle(profile: Profile, options: Options = DEFAULT) -> Floats:
    """Mean of the last positions, weighted by their winning probability, axes (..., i), 0-100.

    Needs saliences that sum to at most 1 for each party; where a party's sum is larger, those of
    all are divided by the largest sum. A party without position on an issue does not care about
    it. NaN where nobody has a position. Source: Wise, Lester and Efird (2015).

    >>> from treves.settlement.table import profile_of
    >>> settle(profile_of([[20.0], [30.0], [90.0]], power=[1.0, 1.0, 1.0])).shape
    (1,)
    """
    lead = profile.position.shape[:-2]
    flat = (-1, *profile.position.shape[-2:])
    present = profile.present
    arrays = (
        np.where(present, profile.position, np.nan).reshape(flat),
        np.where(present, profile.salience, 0.0).reshape(flat),
        profile.weight.reshape(flat),
        np.broadcast_to(profile.power[..., None], profile.position.shape).reshape(flat),
    )
    pulls = np.zeros((0, 0)) if options.ideals is None else np.array(options.ideals, dtype=float)
    numbers = np.array([float(options.steps), options.still, float(options.seed)])
    return over_draws(_settle, arrays, numbers, options.codes, pulls).reshape(*lead, flat[-1])


def trace(profile: Profile, options: Options = DEFAULT) -> tuple[Step, ...]:
    """Every step of a profile without leading axes; all parties must have every position."""
    if not profile.present.all():
        raise InputError([Problem("a trace of smp needs every position, salience and power")])
    x, c, codes = profile.position / 100.0, profile.power.copy(), options.codes
    s = scaled(profile.salience)
    pulls = options.ideals
    ideal = x.copy()
    played = [_look(x, ideal, s, c, codes)]
    first = np.inf
    for k in range(options.steps):
        new = spatial.step(x, ideal, s, c, codes, _uniform(len(c), options.seed, k))
        size = float(np.sqrt(((new - x) ** 2).sum(axis=1)).sum())
        first = size if k == 0 else first
        x = new
        ideal = x if pulls is None else pulls @ x + (1 - pulls.sum(axis=1))[:, None] * ideal
        played.append(_look(x, ideal, s, c, codes))
        if k >= 1 and size / (first + 1e-4) < options.still:
            break
    return tuple(played)


def _look(x: Floats, ideal: Floats, s: Floats, c: Floats, codes: np.ndarray) -> Step:
    size = s.sum(axis=1)
    d = spatial.distances(ideal, s, x)
    risk = spatial.risk_aversion(d, c, codes)
    target, chance, gain = spatial.targets(d, risk, size, size * c, codes)
    pairs, ends = spatial.proposals(x, s, d, risk, size * c, target, chance, codes)
    u = spatial.bargain_worths(x, ideal, s, d, risk, pairs, ends)
    queues = []
    for k in range(len(c)):
        _, p, queue = spatial.choose(k, u, c, pairs, codes, 0.5)
        named = [(-1, -1) if b < 0 else (int(pairs[b, 0]), int(pairs[b, 1])) for b in queue]
        queues.append(tuple((*pair, float(v)) for pair, v in zip(named, p, strict=True)))
    challenges = []
    for (i, j), end in zip(pairs.tolist(), ends, strict=True):
        numbers = (float(chance[i]), float(gain[i]))
        challenges.append(Challenge(i, j, *numbers, 100.0 * end[0], 100.0 * end[1]))
    winning, _ = spatial.winning(d, x, c, risk, codes)
    return Step(100.0 * x, risk, winning, tuple(challenges), tuple(queues))


@njit(cache=True, nogil=True)
def scaled(salience: Floats) -> Floats:
    """Saliences (p, i) divided by the largest sum of a party where that is above 1."""
    largest = 1.0
    for k in range(len(salience)):
        largest = max(largest, salience[k].sum())
    return salience / largest


@njit(cache=True, nogil=True)
def _uniform(n: int, seed: int, step: int) -> Floats:
    """Numbers in [0, 1) that depend on seed and step only."""
    out = np.empty(n)
    for k in range(n):
        out[k] = uniform(seed, step, k)
    return out


@njit(cache=True, nogil=True)
def _play(
    x: Floats, s: Floats, c: Floats, numbers: Floats, codes: np.ndarray, pulls: Floats
) -> Floats:
    """Mean of the last positions of one draw, weighted by winning probability."""
    ideal, first = x.copy(), 0.0
    n, m = x.shape
    for k in range(int(numbers[0])):
        new = spatial.step(x, ideal, s, c, codes, _uniform(n, int(numbers[2]), k))
        size = 0.0
        for i in range(n):
            size += np.sqrt(((new[i] - x[i]) ** 2).sum())
        if k == 0:
            first = size
        x = new
        old, ideal = ideal, x.copy()
        if len(pulls) == n:
            for i in range(n):
                ideal[i] = (1.0 - pulls[i].sum()) * old[i]
                for j in range(n):
                    ideal[i] += pulls[i, j] * x[j]
        if k >= 1 and size / (first + 1e-4) < numbers[1]:
            break
    d = spatial.distances(ideal, s, x)
    risk = spatial.risk_aversion(d, c, codes)
    shared, places = spatial.winning(d, x, c, risk, codes)
    answer = np.zeros(m)
    for k in range(len(places)):
        answer += shared[places[k]] * x[places[k]]
    return answer


@njit(cache=True, nogil=True)
def _settle(
    position: Floats,
    salience: Floats,
    weight: Floats,
    power: Floats,
    numbers: Floats,
    codes: np.ndarray,
    pulls: Floats,
) -> Floats:
    draws, parties, issues = position.shape
    answer = np.full((draws, issues), np.nan)
    for d in range(draws):
        here = np.zeros(parties, np.bool_)
        for k in range(parties):
            here[k] = not np.isnan(position[d, k]).all()
        rows = np.flatnonzero(here)
        if len(rows) == 0:
            continue
        x, s = position[d][rows] / 100.0, salience[d][rows]
        c = power[d][rows][:, 0].copy()
        if c.sum() <= 0.0:
            c[:] = 1.0
        s = scaled(s)
        known = np.zeros(issues, np.bool_)
        for i in range(issues):
            pull, total = 0.0, 0.0
            for k in range(len(rows)):
                if not np.isnan(x[k, i]):
                    pull += weight[d, rows[k], i] * x[k, i]
                    total += weight[d, rows[k], i]
            known[i] = total > 0.0
            for k in range(len(rows)):
                if np.isnan(x[k, i]):
                    x[k, i] = pull / total if known[i] else 0.0
        end = _play(x, s, c, numbers, codes, pulls) if len(rows) > 1 else x[0]
        for i in range(issues):
            if known[i]:
                answer[d, i] = 100.0 * end[i]
    return answer


MODEL = Model(
    Card(
        id="smp",
        names=("spatial model of politics", "KTAB SMP"),
        sources=("wise2015",),
        mirrors="without ties",
    ),
    settle,
)

"""Legislative bargaining: a proposer is drawn, buys the cheapest coalition, and a pie is divided.

After Baron and Ferejohn (1989), closed rule, stationary equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from treves.errors import InputError, Problem
from treves.profile import Body, Floats, Profile
from treves.settlement.card import Card, Model
from treves.settlement.voting import Bools, carries

MOST_PARTIES = 12
ITERATIONS = 20_000


@dataclass(frozen=True)
class Options:
    """``delta``: how much a pie next round is worth now. ``recognition``: chance to propose, by
    party; None for equal chances."""

    delta: float = 0.9
    recognition: tuple[float, ...] | None = None


DEFAULT = Options()


def settle(profile: Profile, body: Body, options: Options = DEFAULT) -> Floats:
    """Mean of the positions, weighted by the share of the pie each party expects, axes (..., i).

    The theory divides a pie; reading the shares as pull on the content is this project's own step.
    Parties without a position are left out. NaN where nobody has one. Raises InputError for more
    than 12 parties and for rules without a voting rule underneath.
    """
    share = expected_shares(body, profile.needed, options)
    present = profile.present
    weight = np.where(present, share[:, None], 0.0)
    total = weight.sum(axis=-2)
    weight = np.where((total <= 0.0)[..., None, :] & present, 1.0, weight)
    total = weight.sum(axis=-2)
    pull = (weight * np.where(present, profile.position, 0.0)).sum(axis=-2)
    with np.errstate(invalid="ignore"):
        mean = pull / total
    low = np.where(present, profile.position, np.inf).min(axis=-2)
    high = np.where(present, profile.position, -np.inf).max(axis=-2)
    return np.where(total > 0.0, np.clip(mean, low, high), np.nan)


def expected_shares(body: Body, needed: Bools, options: Options = DEFAULT) -> Floats:
    """Share of the pie each party expects before the proposer is drawn, (p), sum 1."""
    n = body.size
    if n > MOST_PARTIES:
        raise InputError([Problem(f"{n} parties are too many", f"at most {MOST_PARTIES}")])
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
    winning = carries(body, needed, masks)
    return shares(masks[winning], options)


def shares(winning: Bools, options: Options = DEFAULT) -> Floats:
    """Expected shares from the list of winning coalitions, rows of (p)."""
    n = winning.shape[1]
    equal = (1.0 / n,) * n
    p: Floats = np.array(options.recognition or equal, dtype=np.float64)
    p /= p.sum()
    partners, proposer = _partner_sets(winning)
    if not len(proposer):
        return p  # nobody can ever form a coalition: nothing is divided, all proposers are alike
    values: Floats = _iterate(partners, proposer, p, options.delta, ITERATIONS)
    return values


def proposer_share(winning: Bools, values: Floats, delta: float = DEFAULT.delta) -> Floats:
    """What each party keeps when it proposes, (p); 0 where it can form no coalition."""
    partners, proposer = _partner_sets(winning)
    keep = np.zeros(len(values))
    for k in range(len(values)):
        mine = partners[proposer == k]
        if len(mine):
            keep[k] = 1.0 - delta * float((mine @ values).min())
    return keep


def _partner_sets(winning: Bools) -> tuple[Floats, np.ndarray]:
    """For every proposer its minimal sets of partners: rows (set, p), and whose they are."""
    n = winning.shape[1]
    sets: list[Bools] = []
    owner: list[int] = []
    for k in range(n):
        mine = winning[winning[:, k]].copy()
        mine[:, k] = False
        size = mine.sum(axis=1)
        for row in mine[np.argsort(size, kind="stable")]:
            held = [s for s, o in zip(sets, owner, strict=True) if o == k]
            if not any((row >= s).all() for s in held):
                sets.append(row)
                owner.append(k)
    return np.array(sets, dtype=np.float64).reshape(-1, n), np.array(owner, dtype=np.int64)


@njit(cache=True, nogil=True)
def _iterate(
    partners: Floats, proposer: np.ndarray, p: Floats, delta: float, iterations: int
) -> Floats:
    """Values by fictitious play: partners are mixed where several sets cost the same."""
    count, n = partners.shape
    v, chosen = np.full(n, 1.0 / n), np.zeros(count)
    cost, cheapest = np.empty(count), np.empty(n)
    for t in range(iterations):
        g = 1.0 if t == 0 else 2.0 / (t + 10.0)
        cheapest[:] = np.inf
        ties = np.zeros(n)
        for k in range(count):
            cost[k] = delta * (partners[k] * v).sum()
            cheapest[proposer[k]] = min(cheapest[proposer[k]], cost[k])
        for k in range(count):
            ties[proposer[k]] += cost[k] <= cheapest[proposer[k]] + 1e-12
        asked, new = np.zeros(n), np.zeros(n)
        for k in range(count):
            owner = proposer[k]
            best = cost[k] <= cheapest[owner] + 1e-12
            chosen[k] = (1.0 - g) * chosen[k] + (g / ties[owner] if best else 0.0)
            for i in range(n):
                asked[i] += p[owner] * chosen[k] * partners[k, i]
        for i in range(n):
            keep = 1.0 - cheapest[i] if np.isfinite(cheapest[i]) else 0.0
            new[i] = p[i] * keep + delta * v[i] * asked[i]
        v = 0.5 * v + 0.5 * new / new.sum()
    return v


MODEL = Model(
    Card(
        id="baron_ferejohn",
        names=("Baron-Ferejohn model", "legislative bargaining"),
        sources=("baron1989",),
        body=True,
        most=MOST_PARTIES,
    ),
    settle,
)

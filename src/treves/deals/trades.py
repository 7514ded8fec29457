"""Exchanges between two parties: each gives on the issue it cares less about.

From a package, one party lets an issue move towards the other's position and gets another issue
moved towards its own. The size is the largest at which both gain the same (the equal-gain exchange
of Stokman and Van Oosten 1994, here from a package instead of from two positions). What it does to
third parties is part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from treves.deals.preferences import Spatial, spatial
from treves.profile import Floats, Profile

_SMALL = 1e-9
# Values tried on an issue without levels that is traded against one that has them.
_EVEN = np.linspace(0.0, 100.0, 21)


@dataclass(frozen=True)
class Trade:
    """One exchange: ``first`` gives on issue ``gives`` and receives on ``receives``; second the
    reverse.

    ``package`` (i) after it; ``gain``: of both, in worth; ``change`` (p): of every party.
    ``hurts``: third parties that lose; ``crosses``: (party, issue) of red lines of needed parties
    that are crossed after the exchange and were not before.
    """

    first: int
    second: int
    gives: int
    receives: int
    package: Floats
    gain: float
    change: Floats
    hurts: tuple[int, ...]
    crosses: tuple[tuple[int, int], ...]

    @property
    def harmless(self) -> bool:
        """Nobody else loses and no red line is newly crossed."""
        return not self.hurts and not self.crosses


def find_trades(
    profile: Profile,
    package: Floats,
    *,
    levels: Sequence[Floats | None] | None = None,
    top: int | None = None,
    harmless_only: bool = False,
) -> tuple[Trade, ...]:
    """Exchanges from a package that make both parties better off, on a modal profile.

    package: (i), 0-100. levels: per issue the only values that exist, None where every value does;
    between listed levels gains can seldom be equal, and the exchange is the one in which the party
    that gains less gains most. Needed for every issue where worth is not a straight line, or
    ValueError is raised. Harmless ones first, then those that cross no red line, each by the gain.
    top: the most that are returned. Only needed parties trade; red lines are shown, not obeyed,
    because an exchange may be what moves them.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> trades = find_trades(modal(load_example("asylum")), np.array([50.0, 50.0]))
    >>> all(trade.gain > 0 for trade in trades)
    True
    """
    form = spatial(profile)
    package = np.asarray(package, dtype=float)
    listed = [None] * len(package) if levels is None else list(levels)
    if not form.shape.plain and any(level is None for level in listed):
        raise ValueError("worth that is no straight line needs the levels of every issue")
    side = np.sign(form.ideal - package) * (form.slope > 0)
    found: list[Trade | None] = []
    for p, q in combinations(np.flatnonzero(profile.needed).tolist(), 2):
        given = np.flatnonzero((side[q] != 0) & (side[p] != side[q])).tolist()
        received = np.flatnonzero((side[p] != 0) & (side[p] != side[q])).tolist()
        found.extend(
            _trade(profile, form, package, (p, q, i, j))
            for i in given
            for j in received
            if i != j and listed[i] is None and listed[j] is None
        )
    found.extend(_between_levels(profile, form, package, listed))
    kept = [t for t in found if t is not None and (t.harmless or not harmless_only)]
    kept.sort(key=lambda t: (not t.harmless, bool(t.crosses), -t.gain, t.first, t.second))
    return tuple(kept[:top])


def _trade(
    profile: Profile, form: Spatial, package: Floats, who: tuple[int, int, int, int]
) -> Trade | None:
    """The equal-gain exchange in which p gives on i and receives on j; None without a gain."""
    p, q, i, j = who
    slope = form.slope
    # Both gain only where each cares relatively more about what it receives.
    if slope[p, i] * slope[q, j] >= slope[p, j] * slope[q, i] - 1e-15:
        return None
    on_i, on_j = slope[p, i] + slope[q, i], slope[p, j] + slope[q, j]
    size = min(abs(form.ideal[q, i] - package[i]) / on_j, abs(form.ideal[p, j] - package[j]) / on_i)
    after = package.copy()
    after[i] += np.sign(form.ideal[q, i] - package[i]) * size * on_j
    after[j] += np.sign(form.ideal[p, j] - package[j]) * size * on_i
    after = np.clip(after, 0.0, 100.0)
    both = form(np.stack([package, after]))
    return _judged(profile, package, who, after, both[1] - both[0])


def _between_levels(
    profile: Profile, form: Spatial, package: Floats, listed: Sequence[Floats | None]
) -> Iterator[Trade | None]:
    """Exchanges on two issues of which at least one has only listed levels."""
    pairs = list(permutations(np.flatnonzero(profile.needed).tolist(), 2))
    for i, j in combinations(range(len(package)), 2):
        at_i, at_j = listed[i], listed[j]
        if at_i is None and at_j is None:
            continue
        of_i, of_j = (_EVEN if at is None else at for at in (at_i, at_j))
        after = np.tile(package, (len(of_i) * len(of_j), 1))
        after[:, i], after[:, j] = np.repeat(of_i, len(of_j)), np.tile(of_j, len(of_i))
        on_i, on_j = (form.lost(n, package[n : n + 1]) - form.lost(n, after[:, n]) for n in (i, j))
        change = form(after) - form(package[None, :])
        for p, q in pairs:
            # p gives on i and receives on j; q the reverse.
            fits = (on_i[:, p] <= _SMALL) & (on_j[:, p] > _SMALL)
            fits &= (on_i[:, q] > _SMALL) & (on_j[:, q] <= _SMALL)
            if fits.any():
                least = np.where(fits, np.minimum(change[:, p], change[:, q]), -np.inf)
                best = int(least.argmax())
                yield _judged(profile, package, (p, q, i, j), after[best], change[best])


def _judged(
    profile: Profile,
    package: Floats,
    who: tuple[int, int, int, int],
    after: Floats,
    change: Floats,
) -> Trade | None:
    """The exchange with what it does to everybody; None when one of the two gains nothing."""
    p, q, i, j = who
    gain = float(min(change[p], change[q]))
    if gain <= _SMALL:
        return None
    hurts = [k for k in np.flatnonzero(change < -_SMALL) if k not in (p, q)]
    new = _crossed(profile, after) & ~_crossed(profile, package)
    crosses = tuple((int(a), int(b)) for a, b in np.argwhere(new))
    return Trade(p, q, i, j, after, gain, change, tuple(map(int, hurts)), crosses)


def _crossed(profile: Profile, package: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    beyond = (package < profile.low - 1e-9) | (package > profile.high + 1e-9)
    return np.asarray(beyond & profile.needed[:, None])

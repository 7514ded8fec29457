"""Worth that distance on a line does not tell: ratings per point, quadratic loss, "only together".

A case says so under ``worth`` of a stance, ``settings.loss`` and ``together``
(docs/conventions.md, section 4). All of it is exact: doubt belongs in salience and position.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from treves.case.model import Case

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rated:
    """How much a party loses on an issue at some points (t), ascending; straight lines between.

    ``loss`` is in points: 0 at its best, 100 where the rating is a whole lower. So a rating that
    runs from 0 to 1 counts as much as a line from one end of the scale to the other.
    """

    party: int
    issue: int
    points: Floats
    loss: Floats

    def at(self, values: Floats) -> Floats:
        """Loss at values, the nearest point's beyond the ends."""
        return np.interp(values, self.points, self.loss)


@dataclass(frozen=True)
class Together:
    """Worth (p) that is added where two issues both lie in their range (low, high)."""

    first: int
    second: int
    of_first: tuple[float, float]
    of_second: tuple[float, float]
    worth: Floats

    def holds(self, packages: Floats) -> NDArray[np.bool_]:
        """In which packages (k, i) it counts."""
        one = marked(packages[:, self.first], self.of_first)
        return one & marked(packages[:, self.second], self.of_second)


@dataclass(frozen=True)
class Shape:
    """The form of every party's worth. The default is a straight line on both sides of a position.

    ``quadratic``: loss is the square of the distance, for issues without ratings.
    """

    quadratic: bool = False
    rated: tuple[Rated, ...] = ()
    together: tuple[Together, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether distance, counted once, says it all."""
        return not (self.quadratic or self.rated or self.together)

    @property
    def unit(self) -> float:
        """Loss at which a point of rating counts: whole scales weigh the same in either form."""
        return 100.0 if self.quadratic else 1.0

    def reorder(self, order: list[int]) -> Shape:
        """The same with the parties in another order."""
        place = {p: k for k, p in enumerate(order)}
        rated = tuple(replace(r, party=place[r.party]) for r in self.rated if r.party in place)
        together = tuple(replace(t, worth=t.worth[order]) for t in self.together)
        return replace(self, rated=rated, together=together)

    def marks(self, issue: int) -> Floats:
        """Values of an issue at which something changes: rated points, ends of ranges."""
        rated = [r.points for r in self.rated if r.issue == issue]
        first = [t.of_first for t in self.together if t.first == issue]
        second = [t.of_second for t in self.together if t.second == issue]
        return np.concatenate([np.empty(0), *rated, *map(np.array, first + second)])

    def added(self, packages: Floats, parties: int) -> Floats:
        """Worth (p, k) that packages (k, i) have for what they combine."""
        found = np.zeros((parties, len(packages)))
        for term in self.together:
            found += term.worth[:, None] * term.holds(packages)
        return found


PLAIN = Shape()


def marked(values: Floats, within: tuple[float, float]) -> NDArray[np.bool_]:
    """Which values lie in a range, its ends included."""
    return np.asarray((values >= within[0] - 1e-9) & (values <= within[1] + 1e-9))


def shape_of(case: Case) -> Shape:
    """The form of worth that a case describes."""
    issues, parties = [i.id for i in case.issues], [p.id for p in case.parties]
    rated = [
        _rated(p, i, stance.worth)
        for p, party in enumerate(parties)
        for i, issue in enumerate(issues)
        if (stance := case.stance(party, issue)).worth is not None
    ]
    together = []
    for term in case.together:
        (one, of_one), (other, of_other) = term.where.items()
        worth = np.array([term.worth.get(p, 0.0) for p in parties])
        together.append(Together(issues.index(one), issues.index(other), of_one, of_other, worth))
    return Shape(case.settings.loss == "quadratic", tuple(rated), tuple(together))


def _rated(party: int, issue: int, worth: dict[float, float]) -> Rated:
    points = np.array(sorted(worth))
    rating = np.array([worth[p] for p in points.tolist()])
    return Rated(party, issue, points, 100.0 * (rating.max() - rating))

"""All that deals has to say about a profile, in one frozen result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from treves.deals.concessions import Concession, Movements, movements, smallest_concession
from treves.deals.frontier import Frontier
from treves.deals.preferences import tables_of
from treves.deals.solutions import (
    CONCEPTS,
    Concept,
    Disagreement,
    Solutions,
    disagreement_of,
    rational,
    solve_tables,
)
from treves.deals.space import LIMIT, Space, package_space
from treves.deals.trades import Trade, find_trades
from treves.deals.zone import Zone, agreeable
from treves.errors import MissingExtra
from treves.profile import PARTY_FIELDS, STANCE_FIELDS, Floats, Profile
from treves.shown import Shown
from treves.utility import accepted, payoff

if TYPE_CHECKING:
    import xarray as xr

FRONTIER_LIMIT = 5_000
TRADES = 20

Row = dict[str, Any]


@dataclass(frozen=True)
class Deals(Shown):
    """Packages, who can live with them, the solutions, and what would have to move.

    ``profile`` has the draws, ``modal`` the most likely numbers; probabilities come from the first,
    frontier, solutions, concessions and trades from the second. ``front`` and ``solutions`` compare
    payoffs (soft red lines) of the needed parties on the whole product of levels;
    ``front_packages`` (f, i) are its packages. ``concession``: smallest movement by everybody
    together; ``walk_away_kept`` says whether its package leaves every needed party at least as well
    off as without a deal. ``alone``: the same per party, None where it cannot open a deal alone.
    ``trades`` start from ``base`` (i), the package most likely to be accepted unless given.
    ``titles`` and ``labels`` (value: label) of the issues are there for showing it, if known.
    """

    profile: Profile
    modal: Profile
    space: Space
    zone: Zone
    disagreement: Disagreement
    front: Frontier
    front_packages: Floats
    solutions: Solutions
    concession: Concession | None
    walk_away_kept: bool
    alone: tuple[Concession | None, ...]
    movements: Movements
    base: Floats
    trades: tuple[Trade, ...]
    titles: tuple[str, ...] = ()
    labels: tuple[Mapping[float, str], ...] = ()

    def table(self, top: int | None = 10) -> list[Row]:
        """The packages most likely to be accepted by everybody needed, the likeliest first.

        Each row: ``package`` {issue: value}, ``probability`` that everybody needed accepts,
        ``accepts`` {party: probability}, ``blocker`` {party, issue, alone, refuses} or None,
        ``payoff`` {party: worth with red lines, most likely numbers}, ``rational`` (nobody needed
        falls below the worth of no deal), ``in_zone`` (crosses no red line at the most likely
        numbers), ``solutions`` (concepts that pick it). Rational but not in the zone is the case of
        which the screen speaks: all prefer it to no deal, yet somebody's red line is crossed.
        """
        return self._rows(self.zone, self.zone.best(top).tolist())

    def frontier(self, top: int | None = None) -> list[Row]:
        """Undominated packages in the rows of :meth:`table`, the largest total payoff first."""
        return self.rows_of(self.front_packages[:top])

    def solution(self, concept: Concept) -> Row | None:
        """The package a concept picks, as a row; None when no package is individually rational."""
        row = self.solutions.row(concept)
        return None if row is None else self.rows_of(self.front_packages[row : row + 1])[0]

    def rows_of(self, packages: Floats) -> list[Row]:
        """Rows as in :meth:`table` for any packages (k, i), in their order."""
        if not len(packages):
            return []
        zone = agreeable(self.profile, packages, self.zone.needed)
        return self._rows(zone, list(range(len(packages))))

    def to_xarray(self) -> xr.Dataset:
        """Packages and probabilities as labelled arrays, dims package, party, issue.

        Raises MissingExtra when xarray is not installed.
        """
        try:
            import xarray as xr
        except ImportError as error:
            raise MissingExtra("to_xarray", "notebook") from error

        zone = self.zone
        return xr.Dataset(
            {
                "value": (("package", "issue"), zone.packages),
                "probability": (("package",), zone.probability),
                "refuses": (("party", "package"), zone.blocks),
                "refuses_alone": (("party", "package"), zone.alone),
                "payoff": (("party", "package"), payoff(self.modal, zone.packages)),
                "needed": (("party",), zone.needed),
            },
            coords={"party": list(zone.parties), "issue": list(zone.issues)},
            attrs={
                "coverage": self.space.coverage,
                "draws": zone.draws,
                "disagreement": self.disagreement,
                "share_of_draws": zone.share_of_draws,
                "share_in_box": zone.share_in_box,
            },
        )

    def _rows(self, zone: Zone, chosen: list[int]) -> list[Row]:
        packages = zone.packages[chosen]
        value, mask = payoff(self.modal, packages), accepted(self.modal, packages)
        without = disagreement_of(self.modal, self.disagreement)[zone.needed]
        fine = rational(value[zone.needed].T, without)
        picks = {
            concept: self.front_packages[tied]
            for concept in CONCEPTS
            if (tied := self.solutions.tied[concept]) is not None
        }
        return [
            {
                "package": dict(zip(zone.issues, packages[n].tolist(), strict=True)),
                "probability": float(zone.probability[k]),
                "accepts": dict(zip(zone.parties, (1.0 - zone.blocks[:, k]).tolist(), strict=True)),
                "blocker": _blocker(zone, k),
                "payoff": dict(zip(zone.parties, value[:, n].tolist(), strict=True)),
                "rational": bool(fine[n]),
                "in_zone": bool(mask[zone.needed, n].all()),
                "solutions": [c for c, rows in picks.items() if (rows == packages[n]).all(1).any()],
            }
            for n, k in enumerate(chosen)
        ]


def find_deals(
    profile: Profile,
    points: Sequence[Sequence[float]],
    continuous: Sequence[bool],
    *,
    modal: Profile | None = None,
    disagreement: Disagreement = "collapse",
    limit: int = LIMIT,
    base: Floats | None = None,
) -> Deals:
    """Everything about the deals of a profile: zone, frontier, solutions, concessions, trades.

    profile: with draws. points, continuous: per issue, as :func:`treves.deals.space.package_space`
    takes them. modal: the most likely numbers, default the median over the draws. disagreement:
    what happens without a deal, ``collapse`` or ``status_quo`` (talks go on as they are; not the
    package that keeps everything as it is). limit: the most packages whose probability is listed.
    base: package (i) from which trades start. Raises ValueError when no party is needed for a deal.

    >>> from treves.catalogue import load_example
    >>> from treves.profile import modal
    >>> case = load_example("asylum")
    >>> points, continuous = [list(i.points) for i in case.issues], [True] * len(case.issues)
    >>> deals = find_deals(modal(case), points, continuous)
    >>> deals.zone.share_in_box, deals.concession.total
    (0.0, 20.0)
    """
    if not profile.needed.any():
        raise ValueError("no party is needed for a deal, so every package is one")
    likely = middle(profile) if modal is None else modal
    space = package_space(profile, points, continuous, modal=likely, limit=limit)
    zone = agreeable(profile, space.packages)
    needed = profile.needed
    tables = tables_of(likely, space.levels)
    tables = replace(tables, worth=tuple(t[:, needed] for t in tables.worth))
    without = disagreement_of(likely, disagreement)
    front, solutions = solve_tables(tables, without[needed], most=FRONTIER_LIMIT)
    levels = [
        None if likely.shape.plain and (continuous[i] or not len(points[i])) else space.levels[i]
        for i in range(len(profile.issues))
    ]
    kept = smallest_concession(likely, disagreement=without, levels=levels)
    start = zone.packages[zone.best(1)[0]] if base is None else np.asarray(base, dtype=float)
    return Deals(
        profile=profile,
        modal=likely,
        space=space,
        zone=zone,
        disagreement=disagreement,
        front=front,
        front_packages=np.column_stack(
            [level[front.choice[:, i]] for i, level in enumerate(space.levels)]
        ),
        solutions=solutions,
        concession=smallest_concession(likely, levels=levels) if kept is None else kept,
        walk_away_kept=kept is not None,
        alone=tuple(
            smallest_concession(likely, only=p, levels=levels) if needed[p] else None
            for p in range(len(profile.parties))
        ),
        movements=movements(profile),
        base=start,
        trades=find_trades(likely, start, levels=levels, top=TRADES),
    )


def middle(profile: Profile) -> Profile:
    """The median over the draws of every number; the profile itself when it has no draws."""
    if profile.position.ndim == 2:
        return profile
    lead = tuple(range(profile.position.ndim - 2))
    changed: dict[str, Any] = {}
    for name in (*STANCE_FIELDS, *PARTY_FIELDS):
        field = getattr(profile, name)
        known = ~np.isnan(field).all(axis=lead)
        values = np.nanmedian(np.where(known, field, 0.0), axis=lead)
        changed[name] = np.where(known, values, np.nan)
    return replace(profile, **changed)


def _blocker(zone: Zone, package: int) -> Row | None:
    found = zone.blocker(package)
    if found is None:
        return None
    party, issue = found
    return {
        "party": zone.parties[party],
        "issue": zone.issues[issue],
        "alone": float(zone.alone[party, package]),
        "refuses": float(zone.blocks[party, package]),
    }

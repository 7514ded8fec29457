"""Is there a deal that nobody needed has to refuse, and what would open one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from treves.case.model import Case
from treves.deals.concessions import Concession
from treves.deals.result import Deals, find_deals
from treves.deals.solutions import CONCEPTS, Disagreement
from treves.deals.trades import Trade
from treves.deals.zone import Zone, passing
from treves.endgame.votes import carries, parties_of, voting_of
from treves.forecast.result import (
    ConcessionStep,
    Exchange,
    IssueGap,
    Opening,
    PackageOdds,
    ZoneOdds,
)
from treves.forecast.sampling import draw
from treves.forecast.settling import short
from treves.profile import Floats, Profile, body_of, modal

LISTED_PACKAGES = 20
LISTED_EXCHANGES = 5


def deals(
    case: Case, seed: int = 0, draws: int = 2000, disagreement: Disagreement = "collapse"
) -> Deals:
    """All about the deals of a case: who can live with which package, frontier, solutions,
    smallest concessions, trades.

    disagreement: what happens without a deal, ``collapse`` or ``status_quo`` (talks go on). The
    result has ``.table()``, ``.frontier()``, ``.solution(concept)`` and ``.to_xarray()``.

    >>> from treves.catalogue import load_example
    >>> found = deals(load_example("asylum"), draws=64)
    >>> found.concession.total
    20.0
    """
    return deals_of(case, draw(case, draws, np.random.default_rng(seed)), disagreement)


def deals_of(case: Case, profile: Profile, disagreement: Disagreement = "collapse") -> Deals:
    """The deals of a case whose numbers have been drawn already."""
    found = find_deals(
        profile,
        [list(issue.points) for issue in case.issues],
        [issue.continuous for issue in case.issues],
        modal=modal(case),
        disagreement=disagreement,
    )
    titles = tuple(issue.title or issue.id for issue in case.issues)
    return replace(found, titles=titles, labels=tuple(issue.points for issue in case.issues))


def carried(case: Case, found: Deals, decision: str) -> Floats:
    """Probability (k) that those who accept a package can carry it under a rule of the list.

    Raises CaseError when the rule is not in the list or lacks what it needs.
    """
    body = body_of(case)
    rule, table = voting_of(body, decision), parties_of(body)

    def wins(accept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.array([carries(rule, table, row) for row in accept.astype(np.int64)])

    return passing(found.profile, found.zone.packages, wins)


def zone_odds(found: Deals, top: int = LISTED_PACKAGES, order: Floats | None = None) -> ZoneOdds:
    """The deals as plain records: the packages most likely to be accepted, gaps, concessions.

    order: (k), rank the packages by this instead of by everybody's acceptance.
    """
    zone = found.zone
    best = zone.best() if order is None else np.argsort(-order, kind="stable")
    return ZoneOdds(
        share_of_draws=short(zone.share_of_draws),
        share_in_box=short(zone.share_in_box),
        packages_looked_at=len(zone.packages),
        packages_in_all=found.space.size,
        left_out=None if found.space.complete else short(found.space.bound),
        draws_searched=found.space.searched,
        coverage=found.space.coverage,
        gaps={issue: _gap(zone, i) for i, issue in enumerate(zone.issues)},
        packages=tuple(
            _odds(zone, int(k), None if order is None else float(order[k])) for k in best[:top]
        ),
        solutions={
            concept: _values(row["package"]) if (row := found.solution(concept)) else None
            for concept in CONCEPTS
        },
        opening=_opening(zone, found.concession),
        openings_alone={
            party: short(alone.total) if alone else None
            for party, alone in zip(zone.parties, found.alone, strict=True)
        },
        exchanges=tuple(_exchange(zone, trade) for trade in found.trades[:LISTED_EXCHANGES]),
    )


def _odds(zone: Zone, k: int, carried: float | None) -> PackageOdds:
    blocker = zone.blocker(k)
    return PackageOdds(
        values=_values(dict(zip(zone.issues, zone.packages[k], strict=True))),
        probability=short(zone.probability[k]),
        carried=None if carried is None else short(carried),
        accepts={p: short(1.0 - zone.blocks[n, k]) for n, p in enumerate(zone.parties)},
        blocker=zone.parties[blocker[0]] if blocker else None,
        blocking_issue=zone.issues[blocker[1]] if blocker else None,
    )


def _gap(zone: Zone, issue: int) -> IssueGap:
    gap = zone.gap
    q10, q50, q90 = (short(v) for v in gap.size[:, issue])

    def holder(shares: Floats) -> str | None:
        best = int(np.argmax(shares[:, issue]))
        return zone.parties[best] if shares[best, issue] > 0 else None

    return IssueGap(
        size=q50,
        q10=q10,
        q90=q90,
        overlap=short(gap.overlap[issue]),
        lower=short(gap.lower[issue]),
        upper=short(gap.upper[issue]),
        holds_lower=holder(gap.holds_lower),
        holds_upper=holder(gap.holds_upper),
    )


def _opening(zone: Zone, found: Concession | None) -> Opening | None:
    """The smallest concession, at the most likely numbers; None where no movement is enough."""
    if found is None:
        return None
    return Opening(
        total=short(found.total),
        steps=tuple(
            ConcessionStep(
                party=zone.parties[step.party],
                issue=zone.issues[step.issue],
                edge=step.edge,
                old=short(step.old),
                new=short(step.new),
            )
            for step in found.steps
        ),
        values=_values(dict(zip(zone.issues, found.package, strict=True))),
        worth={p: short(v) for p, v in zip(zone.parties, found.worth, strict=True)},
    )


def _exchange(zone: Zone, trade: Trade) -> Exchange:
    return Exchange(
        first=zone.parties[trade.first],
        second=zone.parties[trade.second],
        gives=zone.issues[trade.gives],
        receives=zone.issues[trade.receives],
        values=_values(dict(zip(zone.issues, trade.package, strict=True))),
        gain=short(trade.gain),
        hurts=tuple(zone.parties[p] for p in trade.hurts),
        crosses=tuple((zone.parties[p], zone.issues[i]) for p, i in trade.crosses),
    )


def _values(package: Mapping[str, float]) -> dict[str, float]:
    return {issue: short(value) for issue, value in package.items()}

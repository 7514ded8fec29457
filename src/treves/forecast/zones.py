"""Is there a deal that nobody needed has to refuse, and what would open one."""

from __future__ import annotations

import numpy as np

from treves.case.model import Case
from treves.deals.concessions import Concession, smallest_concession
from treves.deals.space import Space
from treves.deals.zone import Zone, agreeable
from treves.forecast.result import ConcessionStep, IssueGap, Opening, PackageOdds, ZoneOdds
from treves.forecast.sampling import sample
from treves.forecast.settling import short, space_of
from treves.profile import Floats, modal

LISTED_PACKAGES = 20


def find_zone(case: Case, seed: int = 0, draws: int = 2000, top: int = LISTED_PACKAGES) -> ZoneOdds:
    """For every package the probability that everybody can live with it, the likeliest first.

    With the gap on every issue, who holds its edges, and the smallest movement of red lines that
    would open a deal.

    >>> from treves.catalogue import load_example
    >>> odds = find_zone(load_example("asylum"), draws=64, top=3)
    >>> len(odds.packages), odds.opening.total
    (3, 20.0)
    """
    space = space_of(case)
    profile = sample(case, draws, np.random.default_rng(seed)).profile
    return zone_odds(case, agreeable(profile, space.packages), space, top)


def zone_odds(case: Case, zone: Zone, space: Space, top: int = LISTED_PACKAGES) -> ZoneOdds:
    """The zone as plain records: the packages most likely to be accepted, and the gaps."""
    return ZoneOdds(
        share_of_draws=short(zone.share_of_draws),
        share_in_box=short(zone.share_in_box),
        packages_looked_at=len(zone.packages),
        coverage=space.coverage,
        gaps={issue: _gap(zone, i) for i, issue in enumerate(zone.issues)},
        packages=tuple(_odds(zone, int(k)) for k in zone.best(top)),
        opening=_opening(case, smallest_concession(modal(case))),
    )


def _odds(zone: Zone, k: int) -> PackageOdds:
    blocker = zone.blocker(k)
    return PackageOdds(
        values={issue: short(v) for issue, v in zip(zone.issues, zone.packages[k], strict=True)},
        probability=short(zone.probability[k]),
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


def _opening(case: Case, found: Concession | None) -> Opening | None:
    """The smallest concession, at the most likely numbers; None where no movement is enough."""
    if found is None:
        return None
    parties, issues = [p.id for p in case.parties], [i.id for i in case.issues]
    return Opening(
        total=short(found.total),
        steps=tuple(
            ConcessionStep(
                party=parties[step.party],
                issue=issues[step.issue],
                edge=step.edge,
                old=short(step.old),
                new=short(step.new),
            )
            for step in found.steps
        ),
        values={issue: short(v) for issue, v in zip(issues, found.package, strict=True)},
        worth={party: short(v) for party, v in zip(parties, found.worth, strict=True)},
    )

"""A forecast at a glance: the odds and the zone of a case, fast enough for a slider.

The same game, draws and calibration as :func:`treves.forecast.run.run`. That function solves every
draw under every order of play, for its intervals; here each draw is solved under one order, an
equal part of the draws under each, which costs a fraction and averages over the same two things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from treves.case.evidence import Record
from treves.case.model import Case
from treves.endgame import OUTCOMES, Play, play, precision_draws
from treves.endgame.calibration import recalibrate
from treves.endgame.menu import choose_menu
from treves.forecast.playing import options_of
from treves.forecast.result import Prior
from treves.forecast.sampling import Sample, sample
from treves.forecast.settling import short, space_of
from treves.profile import Body, Floats, Profile, body_of
from treves.utility import Packages

DRAWS = 2000


class Glance(Record):
    """The odds of a case and whether a deal exists, without intervals."""

    case: str
    seed: int
    draws: int
    prior: Prior
    outcomes: dict[str, float]
    leaves: dict[str, float] = Field(description="How likely each party is to break.")
    share_in_box: float = Field(description="Share of draws with a deal nobody has to refuse.")
    overlap: dict[str, float] = Field(
        description="Per issue: share of draws in which some value is accepted by all needed."
    )

    @property
    def headline(self) -> str:
        """The most probable outcome."""
        return max(self.outcomes, key=lambda name: self.outcomes[name])


def glance(
    case: Case,
    seed: int = 0,
    draws: int = DRAWS,
    prior: Prior = "world",
    like: Case | None = None,
) -> Glance:
    """The odds of a case and whether a deal exists, in a fraction of the time of a forecast.

    like: the case that this one is a change of. Every number that is not changed is then drawn as
    it is drawn there, so that the difference between the two is due to the change alone.

    >>> from treves.catalogue import load_example
    >>> seen = glance(load_example("asylum"), draws=64)
    >>> round(sum(seen.outcomes.values()), 9), seen.share_in_box < 0.5
    (1.0, True)
    """
    return glance_at(case, sample(case, draws, np.random.default_rng(seed), like), seed, prior)


def glance_at(case: Case, drawn: Sample, seed: int, prior: Prior) -> Glance:
    """The same for a case whose numbers have been drawn already, with that seed."""
    menu = menu_of(case, drawn.profile)
    raw, gone = solve_once(drawn, body_of(case), menu)
    odds = recalibrate(raw.mean(axis=0), prior)
    overlaps = overlapping(drawn.profile)
    return Glance(
        case=case.id,
        seed=seed,
        draws=len(drawn.precision),
        prior=prior,
        outcomes={name: short(p) for name, p in zip(OUTCOMES, odds, strict=True)},
        leaves=leaves_of(case, raw.mean(axis=0), odds, gone.mean(axis=0)),
        share_in_box=short(overlaps.all(axis=1).mean()),
        overlap={i.id: short(s) for i, s in zip(case.issues, overlaps.mean(axis=0), strict=True)},
    )


def menu_of(case: Case, profile: Profile) -> Packages:
    """The packages that matter in a case, (k, i)."""
    packages = space_of(case, profile).packages
    return np.asarray(packages[choose_menu(profile, packages)])


def solve_once(drawn: Sample, body: Body, menu: Packages) -> tuple[Floats, Floats]:
    """Odds (d, 5) and who breaks (d, p), an equal part of the draws under each order of play."""
    orders = len(options_of(body).orders or ())
    draws = len(drawn.precision)
    # Neighbours in a Sobol sequence are spread evenly: a part of it is as good as the whole.
    return solve_under(drawn, body, menu, np.arange(draws) * orders // draws)


def solve_under(
    drawn: Sample, body: Body, menu: Packages, order: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Odds (d, 5) and who breaks (d, p); each draw under the order of play of that number (d)."""
    precision = precision_draws(drawn.precision)
    odds = np.zeros((len(order), len(OUTCOMES)))
    gone = np.zeros((len(order), body.size))
    for k, one in enumerate(options_of(body).orders or ()):
        rows = np.flatnonzero(order == k)
        if len(rows):
            chosen = drawn.profile.at(rows)
            game = play(chosen, body, menu, precision[rows], Play(orders=(one,)))
            odds[rows], gone[rows] = game.outcomes, game.leaves
    return odds, gone


def leaves_of(case: Case, raw: Floats, odds: Floats, gone: Floats) -> dict[str, float]:
    """How likely each party is to break, in step with the recalibrated odds of a break.

    raw, odds: (5), before and after recalibration. gone: (p), who breaks in the game. The game
    says who breaks when somebody does; the calibrated odds say how often that is.
    """
    breaks = [OUTCOMES.index(name) for name in ("party_leaves", "collapse")]
    before, after = float(raw[breaks].sum()), float(odds[breaks].sum())
    factor = after / before if before > 0 else 0.0
    return {p.id: short(min(1.0, factor * s)) for p, s in zip(case.parties, gone, strict=True)}


def overlapping(profile: Profile) -> NDArray[np.bool_]:
    """Whether all who are needed accept some value in common, axes (d, i)."""
    low = np.where(np.isnan(profile.low), 0.0, profile.low)[:, profile.needed]
    high = np.where(np.isnan(profile.high), 100.0, profile.high)[:, profile.needed]
    return np.asarray(low.max(axis=1) <= high.min(axis=1) + 1e-9)

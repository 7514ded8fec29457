"""From a case to a forecast: draw, settle, find the zone, play the endgame, record."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from treves import __version__
from treves.case.calendar import horizon
from treves.case.model import Case
from treves.case.provenance import count_kinds
from treves.endgame import OUTCOMES, Endgame
from treves.endgame.calibration import PRIORS, recalibrate
from treves.forecast.decided import distributions, grid_spread, joint
from treves.forecast.glance import leaves_of
from treves.forecast.intervals import outcome_intervals, outcome_spread
from treves.forecast.playing import play_case
from treves.forecast.result import Ending, Forecast, PartyStake, Prior, case_hash
from treves.forecast.sensitivity import questions
from treves.forecast.settling import settlements, short
from treves.forecast.zones import deals_of, zone_odds
from treves.profile import Floats

DRAWS = 2000
# The two that need nothing but positions; `treves settle` runs them all.
SHOWN_MODELS = ("mean", "median")

# Called with a few words and the share of the work that is done.
Progress = Callable[[str, float], None]
# What is done after the endgame, and after the deals, of the asylum case: for the bar of progress.
SHARE_OF_GAME, SHARE_OF_DEALS = 0.85, 0.9


def run(
    case: Case,
    seed: int = 0,
    draws: int = DRAWS,
    prior: Prior = "world",
    progress: Progress | None = None,
    like: Case | None = None,
) -> Forecast:
    """Forecast one case: how the talks end, who leaves, what is settled, which deals exist.

    seed: one seed, same bytes. draws: how often the uncertain numbers of the case are drawn.
    prior: ``world`` shifts the odds to the base rate of crises that the press calls one,
    ``library`` leaves them as the catalogue of cases has them. progress: called with a few words
    and the share that is done before each step that takes time. like: the case that this one is a
    change of; every number that is not changed is then drawn as it is drawn there, so that the
    difference is due to the change.

    >>> from treves.catalogue import load_example
    >>> forecast = run(load_example("asylum"), draws=64)
    >>> round(sum(forecast.outcomes.values()), 9)
    1.0
    """
    say = progress or (lambda _words, _share: None)
    say("playing the endgame", 0.0)
    played = play_case(case, seed, draws, like)
    profile, game = played.drawn.profile, played.game
    say("looking for packages that everybody can live with", SHARE_OF_GAME)
    found = deals_of(case, profile)
    say("running the settlement models", SHARE_OF_DEALS)
    settled = settlements(case, profile, SHOWN_MODELS, seed)
    raw = game.outcomes.mean(axis=0)
    by_array = {name: recalibrate(raw, name) for name in PRIORS}
    by_prior = {name: _named(odds) for name, odds in by_array.items()}
    likely = distributions(profile, played.space)
    spread = outcome_spread(game.by_order, played.drawn.precision, prior)
    return Forecast(
        case=case.id,
        title=case.title,
        as_of=case.day,
        horizon=horizon(case),
        seed=seed,
        draws=draws,
        prior=prior,
        version=__version__,
        case_hash=case_hash(case),
        outcomes=by_prior[prior],
        intervals=outcome_intervals(spread, by_prior[prior]),
        outcomes_by_prior=by_prior,
        leaves=leaves_of(case, raw, by_array[prior], game.leaves.mean(axis=0)),
        settlement=settled,
        decision={issue: grid_spread(p) for issue, p in likely.items()},
        joint=joint(played, likely, by_prior[prior]),
        zone=zone_odds(found),
        endings=_endings(case, played.menu, game),
        stakes=_stakes(case, game),
        questions=questions(case, profile, game.outcomes, prior),
        basis=count_kinds(case),
        notes=_notes(case),
    ).about(case, spread)


def _endings(case: Case, menu: Floats, game: Endgame) -> tuple[Ending, ...]:
    odds = game.settled.mean(axis=0)
    order = np.argsort(-odds.sum(axis=0), kind="stable")
    return tuple(
        Ending(
            values={i.id: short(v) for i, v in zip(case.issues, menu[k], strict=True)},
            agreed=short(odds[0, k]),
            voted=short(odds[1, k]),
        )
        for k in order
    )


def _stakes(case: Case, game: Endgame) -> dict[str, PartyStake]:
    worth = game.worth.mean(axis=0)
    likely = int(np.argmax(game.settled.mean(axis=0).sum(axis=0)))
    return {
        party.id: PartyStake(
            best_package=short(worth[p].max()),
            likely_package=short(worth[p, likely]),
            collapse=short(game.fall[:, p].mean()),
            status_quo=short(game.idle[:, p].mean()),
            outside=short(game.outside[:, p].mean()),
        )
        for p, party in enumerate(case.parties)
    }


def _notes(case: Case) -> tuple[str, ...]:
    silent = [p.id for p in case.parties if not case.positions.get(p.id)]
    if not silent:
        return ()
    return (f"nothing is known of what {', '.join(silent)} wants: counted as content with all",)


def _named(odds: Floats) -> dict[str, float]:
    return {name: short(p) for name, p in zip(OUTCOMES, odds, strict=True)}

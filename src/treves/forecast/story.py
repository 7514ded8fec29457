"""Why the talks end as they do: the endgame of one case explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from treves.case.evidence import Claim
from treves.case.model import Case, Move
from treves.endgame import OUTCOMES
from treves.endgame.beliefs import Belief, informative, update
from treves.endgame.bluff import Bluff, bluff_of
from treves.endgame.calibration import recalibrate
from treves.endgame.explain import Explanation, Flip, explain, flips
from treves.forecast.playing import Played, options_of, play_case
from treves.forecast.settling import short
from treves.profile import Floats


@dataclass(frozen=True)
class Story:
    """The endgame of a case, explained.

    ``outcomes``: recalibrated odds; ``before``: the same without what observed moves taught (equal
    when no move may re-weight). ``taught_by``: those moves. ``bluff`` is None unless a vote threat
    by the chair is outstanding.
    """

    played: Played
    outcomes: dict[str, float]
    before: dict[str, float]
    taught_by: tuple[Move, ...]
    belief: Belief
    explanation: Explanation
    bluff: Bluff | None
    flips: tuple[Flip, ...]

    def record(self) -> dict[str, Any]:
        """The story as plain data."""
        case, told = self.played.case, self.explanation
        package = self.played.menu[told.package]
        return {
            "case": case.id,
            "as_of": case.day.isoformat(),
            "outcomes": self.outcomes,
            "outcomes_before_moves": self.before,
            "observed_moves": [f"{m.by}: {m.kind} ({m.date})" for m in self.taught_by],
            "effective_draws": short(self.belief.effective),
            "likeliest_deal": {i.id: short(v) for i, v in zip(case.issues, package, strict=True)},
            "parties": [asdict(reason) for reason in told.reasons],
            "tree": [asdict(branch) for branch in told.tree],
            "path": [branch.label for branch in told.path],
            "bluff": asdict(self.bluff) if self.bluff else None,
            "flips": [asdict(flip) for flip in self.flips],
        }


def tell(
    case: Case,
    seed: int = 0,
    draws: int = 2000,
    prior: str = "world",
    as_of: dt.date | None = None,
    claims: Iterable[Claim] = (),
) -> Story:
    """Explain the endgame of a case: what each ending is worth to whom, the tree, the threat.

    as_of: only moves and dated claims up to that day are known, and the calendar starts there.
    claims: what reports say, their ``party`` an id of the case; what they say of the resolve of a
    party that threatens is the prior of the question whether it bluffs, and nothing else.

    >>> from treves.catalogue import load_example
    >>> story = tell(load_example("asylum"), draws=64)
    >>> [reason.party for reason in story.explanation.reasons]
    ['VVD', 'D66', 'CDA', 'CU']
    """
    if as_of is not None:
        moves = tuple(m for m in case.moves if m.date <= as_of)
        case = case.model_copy(update={"as_of": as_of, "moves": moves})
    played = play_case(case, seed, draws)
    known = informative(case.moves, case.day, _cited(case))
    belief = update(played.game, known)
    said = [c for c in claims if not c.date or c.date <= case.day.isoformat()]
    odds = np.tensordot(belief.weights, played.game.outcomes, axes=1)
    return Story(
        played=played,
        outcomes=_named(recalibrate(odds, prior)),
        before=_named(recalibrate(played.game.outcomes.mean(axis=0), prior)),
        taught_by=tuple(known),
        belief=belief,
        explanation=explain(played.game, played.body, belief.weights),
        bluff=bluff_of(played.game, played.body, said) if played.body.threatened else None,
        flips=flips(
            played.drawn.profile,
            played.body,
            played.menu,
            played.precision,
            options_of(played.body),
            prior,
        ),
    )


def _cited(case: Case) -> Iterator[str]:
    """Every source that a number of the case was coded from."""
    for rows in case.positions.values():
        yield from (stance.source for stance in rows.values() if stance.source)
    yield from (stakes.source for stakes in case.stakes.values() if stakes.source)


def _named(odds: Floats) -> dict[str, float]:
    return {name: short(p) for name, p in zip(OUTCOMES, odds, strict=True)}

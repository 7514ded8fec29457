"""What observed moves teach: draws that made a move likely count for more.

Every draw of the stakes is a "particle" with a weight. A public move multiplies the weight by the
probability of that move in that draw. A move that was already used to code a number must not
count again (:func:`informative`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

import numpy as np
from ruamel.yaml import YAML

from treves.endgame.game import Endgame
from treves.endgame.tables import FLOW
from treves.profile import Floats
from treves.resources import resource

# Below this share of the draws the weighted answer rests on few of them.
DEGENERATE = 0.1


class Observed(Protocol):
    """A public move: what it was, who made it, when, and which source tells."""

    @property
    def date(self) -> dt.date: ...
    @property
    def by(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str | None: ...


Seen = TypeVar("Seen", bound=Observed)


@dataclass(frozen=True)
class Belief:
    """Weights of the draws (d), summing to 1, and how many draws they are worth."""

    weights: Floats
    effective: float

    @property
    def degenerate(self) -> bool:
        """Too few draws carry the weight: draw more before believing the answer."""
        return self.effective < DEGENERATE * len(self.weights)

    def warning(self) -> str:
        """One sentence when the weights are degenerate, else empty."""
        if not self.degenerate:
            return ""
        return (
            f"The observed moves leave {self.effective:.0f} of {len(self.weights)} draws that "
            "count; draw more before relying on these odds."
        )


def reweight(weights: Floats, likelihood: Floats) -> Belief:
    """Bayes' rule over draws: weights (d) times the likelihood (d) of what was seen.

    If no draw allows the move at all, the weights stay as they were.

    >>> import numpy as np
    >>> reweight(np.array([0.5, 0.5]), np.array([0.6, 0.2])).weights.round(2).tolist()
    [0.75, 0.25]
    """
    prior = np.asarray(weights, dtype=np.float64)
    product = prior * np.asarray(likelihood, dtype=np.float64)
    total = product.sum()
    after = product / total if total > 0.0 else prior / prior.sum()
    return Belief(after, float(1.0 / np.square(after).sum()))


@cache
def _table() -> Mapping[str, list[str] | None]:
    text = resource("endgame", "moves.yaml").read_text(encoding="utf-8")
    moves: Mapping[str, list[str] | None] = YAML(typ="safe").load(text)["moves"]
    return moves


def all_kinds() -> frozenset[str]:
    """Every kind of move that is known, also those that enter no node of the game."""
    return frozenset(_table())


def move_table() -> Mapping[str, tuple[str, str]]:
    """Kind of move -> (node, action) of the game, for the kinds that enter it."""
    return {kind: (e[0], e[1]) for kind, e in _table().items() if e is not None}


def informative(moves: Iterable[Seen], coded_on: dt.date, cited: Iterable[str]) -> list[Seen]:
    """Moves that may re-weight draws: after the day of coding, or from a source not yet cited.

    A move reported twice (same day, party and kind) counts once. Kinds outside the table, and
    kinds that enter no node, are left out.
    """
    used = {source for entry in cited for source in _sources(entry)}
    seen: set[tuple[dt.date, str, str]] = set()
    kept = []
    for move in sorted(moves, key=lambda m: m.date):
        fresh = move.date > coded_on or not (_sources(move.source or "") & used)
        key = (move.date, move.by, move.kind)
        if move.kind in move_table() and fresh and key not in seen:
            seen.add(key)
            kept.append(move)
    return kept


def likelihood(game: Endgame, move: Observed) -> Floats:
    """Probability (d) of a move in the first session, summed over the nodes where it can occur.

    All ones for a move that enters no node or is made by nobody in the case.
    """
    draws = len(game.outcomes)
    if move.kind not in move_table():
        return np.ones(draws)
    node, action = move_table()[move.kind]
    if node == "chair":
        steps = {"vote": "voted", "postpone": "postponed", "drop": "dropped", "resign": "resigned"}
        return game.flow[:, 0, FLOW.index(steps[action])]
    if node == "propose":
        return game.flow[:, 0, FLOW.index("offered")]
    if move.by not in game.parties:
        return np.ones(draws)
    p = game.parties.index(move.by)
    if node == "exit":
        return game.walks[:, p]
    refused = game.refuses[:, p]
    if not refused.any():  # the party makes the offers and answers none
        return np.ones(draws)
    return refused if action == "refuse" else 1.0 - refused


def update(game: Endgame, moves: Iterable[Observed]) -> Belief:
    """Weights of the draws of a solved game after some observed moves."""
    belief = reweight(np.ones(len(game.outcomes)), np.ones(len(game.outcomes)))
    for move in moves:
        belief = reweight(belief.weights, likelihood(game, move))
    return belief


def _sources(text: str) -> set[str]:
    return {part.strip() for part in text.split(";") if part.strip()}

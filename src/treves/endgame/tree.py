"""Small games as explicit trees: the sequential form of the crisis game, solved exactly.

The main game (:mod:`treves.endgame.game`) answers offers and votes jointly, because a chain of
separate logit choices makes agreement rarer the more parties there are. The published reference
trees are sequential; they are built and solved here, also for observed moves. Several draws
("particles", axis m) are solved at once.

Source: agent quantal response equilibrium, McKelvey and Palfrey (1998); the crisis tree is own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from treves.profile import Floats

TIE = 1e-9


@dataclass(frozen=True)
class Node:
    """A decision of one player. ``children`` index earlier nodes or endings of the tree."""

    player: int
    actions: tuple[str, ...]
    children: tuple[int, ...]
    base: tuple[float, ...]


@dataclass(frozen=True)
class Ending:
    """An end of the game: its kind and what it is worth, axes (m, player)."""

    kind: str
    payoff: Floats


@dataclass
class Tree:
    """Nodes in order of construction, children first; the last one is the root.

    >>> import numpy as np
    >>> tree = Tree()
    >>> deal = tree.end("agreement", np.array([[0.8, 0.4]]))
    >>> fall = tree.end("collapse", np.array([[0.5, 0.4]]))
    >>> root = tree.decide(1, ["accept", "refuse"], [deal, fall])
    >>> solve(tree, 10.0).chance("agreement").tolist()
    [0.5]
    """

    nodes: list[Node | Ending] = field(default_factory=list)

    def end(self, kind: str, payoff: Floats) -> int:
        """Add an ending; payoff (m, player) or (player). Returns its index."""
        self.nodes.append(Ending(kind, np.atleast_2d(np.asarray(payoff, dtype=np.float64))))
        return len(self.nodes) - 1

    def decide(
        self,
        player: int,
        actions: Sequence[str],
        children: Sequence[int],
        base: Sequence[float] | None = None,
    ) -> int:
        """Add a decision; ``base`` are the weights of the actions (1). Returns its index."""
        weights = tuple(base) if base is not None else (1.0,) * len(actions)
        self.nodes.append(Node(player, tuple(actions), tuple(children), weights))
        return len(self.nodes) - 1


@dataclass(frozen=True)
class Solution:
    """Choice probabilities per node (m, action) and values per node (m, player)."""

    tree: Tree
    choices: tuple[Floats | None, ...]
    values: tuple[Floats, ...]

    @property
    def value(self) -> Floats:
        """Value of the game, axes (m, player)."""
        return self.values[-1]

    def chance(self, kind: str, start: int | None = None) -> Floats:
        """Probability (m) of ending in ``kind``, from the root or from another node."""
        nodes, first = self.tree.nodes, len(self.tree.nodes) - 1 if start is None else start
        reach = [np.zeros(len(self.value)) for _ in nodes]
        reach[first] = np.ones(len(self.value))
        total = np.zeros(len(self.value))
        for index in range(first, -1, -1):
            node, choice = nodes[index], self.choices[index]
            if isinstance(node, Ending):
                total += reach[index] * (node.kind == kind)
                continue
            assert choice is not None
            for a, child in enumerate(node.children):
                reach[child] = reach[child] + reach[index] * choice[:, a]
        return total

    def play_of(self, index: int, action: str) -> tuple[Floats, int]:
        """Probability (m) of an action at a node, and the node it leads to."""
        node, choice = self.tree.nodes[index], self.choices[index]
        assert isinstance(node, Node)
        assert choice is not None
        at = node.actions.index(action)
        return choice[:, at], node.children[at]


def solve(tree: Tree, precision: Floats | float) -> Solution:
    """Backward induction with logit choices; precision (m) or one number, infinity allowed.

    At infinite precision every best action (ties within 1e-9) is chosen in proportion to its
    base weight, which gives a subgame-perfect equilibrium.
    """
    draws = max(len(n.payoff) for n in tree.nodes if isinstance(n, Ending))
    sharp = np.broadcast_to(np.asarray(precision, dtype=np.float64), draws)
    values: list[Floats] = []
    choices: list[Floats | None] = []
    for node in tree.nodes:
        if isinstance(node, Ending):
            values.append(np.broadcast_to(node.payoff, (draws, node.payoff.shape[1])))
            choices.append(None)
            continue
        after = np.stack([values[c] for c in node.children], axis=1)
        chosen = _logit(after[:, :, node.player], np.array(node.base), sharp)
        choices.append(chosen)
        values.append(np.einsum("ma,map->mp", chosen, after))
    return Solution(tree, tuple(choices), tuple(values))


def _logit(worth: Floats, base: Floats, precision: Floats) -> Floats:
    """Choice probabilities (m, action) of worths (m, action)."""
    behind = worth - worth.max(axis=1, keepdims=True)
    finite = np.where(np.isinf(precision), 1.0, precision)[:, None]
    best = (behind >= -TIE).astype(float)
    score = base * np.where(np.isinf(precision)[:, None], best, np.exp(finite * behind))
    return np.asarray(score / score.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Crisis:
    """The sequential crisis game: payoffs (m, player[, package]) and rules.

    ``passes`` says which sets of yes-voters carry a vote, ``survives`` which sets of leavers the
    body survives. Players act in the order of their numbers, the chair first in votes.
    """

    u: Floats
    collapse: Floats
    idle: Floats
    outvoted: Floats
    blame: Floats
    outside: Floats
    passes: Callable[[frozenset[int]], bool]
    survives: Callable[[frozenset[int]], bool] = lambda _leavers: False
    chair: int = 0
    sessions: int = 1
    threats: bool = False
    backing_down: float = 0.0
    delay: float = 0.0
    offer_weight: float = 1.0

    @property
    def players(self) -> int:
        """Number of players."""
        return int(self.u.shape[1])

    @property
    def others(self) -> tuple[int, ...]:
        """Everybody but the chair, in order."""
        return tuple(p for p in range(self.players) if p != self.chair)


def build(game: Crisis) -> Tree:
    """The tree of a crisis game; equal situations share one node."""
    builder = _Builder(game)
    builder.session(1, 0)
    return builder.tree


class _Builder:
    """Grows the tree from the endings up, remembering what was built."""

    def __init__(self, game: Crisis) -> None:
        self.game, self.tree = game, Tree()
        self.known: dict[tuple[Any, ...], int] = {}

    def _once(self, key: tuple[Any, ...], make: Callable[[], int]) -> int:
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def _end(self, kind: str, t: int, payoff: Floats, *key: Any) -> int:
        paid = payoff - self.game.delay * (t - 1)
        return self._once(("end", kind, t, *key), lambda: self.tree.end(kind, paid))

    def session(self, t: int, z: int) -> int:
        def make() -> int:
            if not (self.game.threats and z == 0):
                return self.propose(t, z)
            calls = [self.propose(t, 1), self.propose(t, 0)]
            return self.tree.decide(self.game.chair, ["threaten", "silent"], calls)

        return self._once(("session", t, z), make)

    def propose(self, t: int, z: int) -> int:
        def make() -> int:
            count = self.game.u.shape[2]
            offers = [self.respond(t, z, k, 0) for k in range(count)] + [self.chair(t, z, None)]
            names = [f"offer {k}" for k in range(count)] + ["none"]
            base = [self.game.offer_weight] * count + [1.0]
            return self.tree.decide(self.game.chair, names, offers, base)

        return self._once(("propose", t, z), make)

    def respond(self, t: int, z: int, k: int, turn: int) -> int:
        if turn == len(self.game.others):
            return self._end("agreement", t, self.game.u[:, :, k], k)

        def make() -> int:
            after = [self.respond(t, z, k, turn + 1), self.chair(t, z, k)]
            return self.tree.decide(self.game.others[turn], ["accept", "refuse"], after)

        return self._once(("respond", t, z, k, turn), make)

    def chair(self, t: int, z: int, k: int | None) -> int:
        def make() -> int:
            votes = {} if k is None else {"vote": self.vote(t, k, ())}
            after = votes | self.waiting(t, z)
            return self.tree.decide(self.game.chair, list(after), list(after.values()))

        return self._once(("chair", t, z, k), make)

    def waiting(self, t: int, z: int) -> dict[str, int]:
        """Postpone while there is a next session, drop, resign."""
        game = self.game
        idle = game.idle.copy()
        idle[:, game.chair] -= game.backing_down * z
        later = {"postpone": self.session(t + 1, z)} if t < game.sessions else {}
        return later | {
            "drop": self._end("no decision", t, idle, z),
            "resign": self.fall(t, frozenset()),
        }

    def fall(self, t: int, leavers: frozenset[int]) -> int:
        payoff = self.game.collapse.copy()
        for p in leavers:
            payoff[:, p] -= self.game.blame[:, p]
        return self._end("collapse", t, payoff, leavers)

    def vote(self, t: int, k: int, cast: tuple[bool, ...]) -> int:
        voters = (self.game.chair, *self.game.others)
        if len(cast) == len(voters):
            yes = frozenset(v for v, said in zip(voters, cast, strict=True) if said)
            if not self.game.passes(yes):
                return self.lost(t)
            return self.exits(t, k, tuple(v for v in voters if v not in yes), ())

        def make() -> int:
            after = [self.vote(t, k, (*cast, said)) for said in (True, False)]
            return self.tree.decide(voters[len(cast)], ["yes", "no"], after)

        return self._once(("vote", t, k, cast), make)

    def lost(self, t: int) -> int:
        def make() -> int:
            after = self.waiting(t, 0)
            return self.tree.decide(self.game.chair, list(after), list(after.values()))

        return self._once(("lost", t), make)

    def exits(self, t: int, k: int, out: tuple[int, ...], chosen: tuple[bool, ...]) -> int:
        game = self.game
        if len(chosen) == len(out):
            leavers = frozenset(p for p, left in zip(out, chosen, strict=True) if left)
            if leavers and not game.survives(leavers):
                return self.fall(t, leavers)
            payoff = game.u[:, :, k].copy()
            for p in out:
                payoff[:, p] -= game.outvoted[:, p]
            for p in leavers:
                payoff[:, p] = game.outside[:, p]
            kind = "party leaves" if leavers else "passed"
            return self._end(kind, t, payoff, k, out, leavers)

        def make() -> int:
            after = [self.exits(t, k, out, (*chosen, left)) for left in (False, True)]
            return self.tree.decide(out[len(chosen)], ["stay", "leave"], after)

        return self._once(("exits", t, k, out, chosen), make)

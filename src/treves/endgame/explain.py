"""Why the talks end as they do: what each ending is worth to whom, who is pivotal, what flips it.

Structures with numbers; the report room writes the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from treves.endgame.calibration import recalibrate
from treves.endgame.game import OUTCOMES, Endgame, Play, play
from treves.endgame.tables import FLOW
from treves.profile import Body, Floats, Profile
from treves.utility import Packages

# A party that makes up this share of all refusals of the offers on the table is pivotal.
PIVOTAL = 0.25
# How far a number is moved when looking for the one that flips the outcome, and how finely.
WORTH_REACH, EDGE_REACH = 0.5, 50.0
HALVINGS = 7
FLIP_DRAWS = 64
# Branches of the tree that are less likely than this are not shown.
SHOWN = 0.005


@dataclass(frozen=True)
class Reason:
    """What each ending is worth to one party (means over draws, 0 worst package, 1 its own).

    ``accept``: the likeliest package; ``outvoted``: that package passed over its head;
    ``leave``: having left a body that goes on; ``fall``: a collapse; ``idle``: nothing decided;
    ``expected``: playing on. ``refuses``: its share of all refusals of offers; ``breaks``:
    chance that it breaks in any ending.
    """

    party: str
    accept: float
    outvoted: float
    leave: float
    fall: float
    idle: float
    expected: float
    refuses: float
    breaks: float
    pivotal: bool


@dataclass(frozen=True)
class Branch:
    """One line of the tree: how deep, what happens, how likely after what stands above it."""

    depth: int
    label: str
    probability: float
    overall: float


@dataclass(frozen=True)
class Flip:
    """The change of one number that makes another outcome the most probable one."""

    party: str
    field: str
    issue: str | None
    change: float
    before: str
    after: str


@dataclass(frozen=True)
class Explanation:
    """Reasons per party, the tree, and the most probable path through it."""

    package: int
    reasons: tuple[Reason, ...]
    tree: tuple[Branch, ...]
    path: tuple[Branch, ...]

    @property
    def pivotal(self) -> tuple[str, ...]:
        """The parties on whose refusal the offers founder."""
        return tuple(r.party for r in self.reasons if r.pivotal)


def explain(game: Endgame, body: Body, weights: Floats | None = None) -> Explanation:
    """Why the talks end as they do. ``weights`` (d): of the draws, after observed moves."""
    draws = len(game.outcomes)
    w = np.full(draws, 1.0 / draws) if weights is None else np.asarray(weights)

    def mean(values: Floats) -> Floats:
        return np.tensordot(w, values, axes=1)

    package = int(mean(game.settled).sum(axis=0).argmax())
    refusals = mean(game.refuses)
    share = refusals / refusals.sum() if refusals.sum() > 0 else refusals
    worth, breaks, expected = mean(game.worth)[:, package], mean(game.leaves), mean(game.value)
    rows = zip(game.parties, worth, mean(game.outside), mean(game.fall), strict=True)
    idle, cost = mean(game.idle), mean(game.outvoted)
    reasons = tuple(
        Reason(
            party=party,
            accept=float(accept),
            outvoted=float(accept - cost[p]),
            leave=float(leave),
            fall=float(fall),
            idle=float(idle[p]),
            expected=float(expected[p]),
            refuses=float(share[p]),
            breaks=float(breaks[p]),
            pivotal=bool(share[p] >= PIVOTAL),
        )
        for p, (party, accept, leave, fall) in enumerate(rows)
    )
    tree = _tree(mean(game.flow), [s.label for s in body.sessions])
    return Explanation(package, reasons, tree, _likeliest(tree))


def _tree(flow: Floats, labels: Sequence[str]) -> tuple[Branch, ...]:
    """The tree as lines, from the flow (t, step) of probability."""
    lines: list[Branch] = []

    def add(depth: int, label: str, part: float, whole: float) -> bool:
        shown = part >= SHOWN
        if shown:
            lines.append(Branch(depth, label, float(min(1.0, part / whole)), float(part)))
        return shown

    for t, label in enumerate(labels):
        before = flow[t - 1, FLOW.index("postponed")] if t else 1.0
        f = dict(zip(FLOW, flow[t], strict=True))
        if not add(2 * t, label, f["reached"], before):
            break
        depth = 2 * t + 1
        if add(depth, "an offer is made", f["offered"], f["reached"]):
            add(depth + 1, "everybody agrees", f["agreed"], f["offered"])
            add(depth + 1, "it is refused", f["refused"], f["offered"])
        stuck = f["refused"] + f["reached"] - f["offered"]
        if not add(depth, "no agreement", stuck, f["reached"]):
            continue
        add(depth + 1, "a party walks out", f["walked_out"], stuck)
        if add(depth + 1, "the chair calls a vote", f["voted"], stuck):
            add(depth + 2, "the vote passes", f["passed"], f["voted"])
            add(depth + 2, "the vote fails", f["failed"], f["voted"])
        add(depth + 1, "the chair drops the matter", f["dropped"], stuck)
        add(depth + 1, "the chair resigns", f["resigned"], stuck)
        add(depth + 1, "put off", f["postponed"], stuck)
    return tuple(lines)


def _likeliest(tree: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """Follow the likeliest branch from each line down."""
    path: list[Branch] = []
    at, depth = 0, 0
    while at < len(tree):
        path.append(tree[at])
        last = next((i for i in range(at + 1, len(tree)) if tree[i].depth <= depth), len(tree))
        below = [i for i in range(at + 1, last) if tree[i].depth == depth + 1]
        if not below:
            break
        at = max(below, key=lambda i: tree[i].overall)
        depth += 1
    return tuple(path)


def flips(
    profile: Profile,
    body: Body,
    packages: Packages,
    precision: Floats,
    options: Play | None = None,
    prior: str = "world",
) -> tuple[Flip, ...]:
    """Single numbers that, changed far enough, make another outcome the most probable.

    Looked at: every party's worth of a collapse and of waiting (up to 0.5 either way) and the red
    lines on every issue (up to 50 points wider or narrower). The smallest change is found by
    halving; nearest first, as a share of how far a number may move. The odds are recalibrated
    under ``prior``, which should be that of the headline. At most 64 draws are used.
    """
    if profile.power.ndim > 1:
        step = max(1, len(profile.power) // FLIP_DRAWS)
        chosen = np.arange(0, len(profile.power), step)
        profile, precision = profile.at(chosen), np.asarray(precision)[chosen]
    else:
        profile = profile.at(np.newaxis)

    def likeliest(changed: Profile) -> int:
        game = play(changed, body, packages, precision, options)
        return int(recalibrate(game.outcomes.mean(axis=0), prior).argmax())

    before = likeliest(profile)
    found: list[tuple[float, Flip]] = []
    for p, party in enumerate(profile.parties):
        places: list[tuple[str, int | None]] = [("collapse", None), ("status_quo", None)]
        places += [("accepts", i) for i in range(len(profile.issues))]
        for field, issue in places:
            reach = WORTH_REACH if issue is None else EDGE_REACH
            for sign in (-1.0, 1.0):
                far = likeliest(_moved(profile, p, field, issue, sign * reach))
                if far == before:
                    continue
                low, high = 0.0, reach
                for _ in range(HALVINGS):
                    middle = (low + high) / 2.0
                    after = likeliest(_moved(profile, p, field, issue, sign * middle))
                    low, high = (middle, high) if after == before else (low, middle)
                    far = far if after == before else after
                name = None if issue is None else profile.issues[issue]
                flip = Flip(party, field, name, sign * high, OUTCOMES[before], OUTCOMES[far])
                found.append((high / reach, flip))
    return tuple(flip for _, flip in sorted(found, key=lambda pair: pair[0]))


def _moved(profile: Profile, p: int, field: str, issue: int | None, by: float) -> Profile:
    """The profile with one number moved; "accepts" moves both edges, outward when positive."""
    if issue is None:
        values = getattr(profile, field).copy()
        values[..., p] += by
        return replace(profile, **{field: values})
    low, high = profile.low.copy(), profile.high.copy()
    low[..., p, issue] = np.clip(low[..., p, issue] - by, 0.0, 100.0)
    high[..., p, issue] = np.clip(high[..., p, issue] + by, 0.0, 100.0)
    crossed = low > high
    middle = (low + high) / 2.0
    low, high = np.where(crossed, middle, low), np.where(crossed, middle, high)
    return replace(profile, low=low, high=high)

"""How the models that go in rounds get to their answer, at the most likely numbers of a case."""

from __future__ import annotations

from typing import Any

import numpy as np

from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.profile import Floats, Profile, modal
from treves.settlement import challenge, exchange, smp

# A line of a trace: what happened in which round.
Line = dict[str, Any]
MODELS = ("challenge", "exchange", "smp")
# The model has no end of its own; after this many rounds of a drawing little moves.
EXCHANGE_ROUNDS = 5


def trace(case: Case, model: str) -> list[Line]:
    """Every round of one model as lines: who stood where, who moved whom, what was traded.

    Raises InputError for a model that does not go in rounds.

    >>> from treves.catalogue import load_example
    >>> lines = trace(load_example("asylum"), "challenge")
    >>> lines[0]["round"], lines[0]["issue"]
    (0, 'family_reunification')
    """
    if model not in MODELS:
        what = f"{model} does not go in rounds"
        raise InputError([Problem(what, f"--model one of {', '.join(MODELS)}", "--trace")])
    profile = modal(case)
    return {"challenge": _challenge, "exchange": _exchange, "smp": _smp}[model](profile)


def positions(case: Case, model: str) -> list[Line]:
    """Where every party stands before the first and after each round, a line per issue and party.

    For ``exchange``: where the next round starts, part of the way towards what was promised.

    >>> from treves.catalogue import load_example
    >>> positions(load_example("asylum"), "challenge")[0]["position"]
    100.0
    """
    if model == "exchange":
        profile = modal(case)
        places = exchange.starts(profile, EXCHANGE_ROUNDS)
        told: list[Line] = [
            {"issue": issue, "round": k, "positions": _by_party(profile, x[:, i])}
            for i, issue in enumerate(profile.issues)
            for k, x in enumerate(places)
        ]
    else:
        told = sorted(trace(case, model), key=lambda line: _place(case, line))
    return [
        {"issue": line["issue"], "round": line["round"], "party": party, "position": x}
        for line in told
        for party, x in line["positions"].items()
    ]


def _place(case: Case, line: Line) -> tuple[int, int]:
    return [issue.id for issue in case.issues].index(line["issue"]), line["round"]


def _challenge(profile: Profile) -> list[Line]:
    lines = []
    for i, issue in enumerate(profile.issues):
        told = challenge.trace(profile, i)
        for k, row in enumerate(told.positions):
            moved = told.moved_by[k - 1] if 0 < k <= len(told.moved_by) else []
            moves = {
                profile.parties[p]: profile.parties[int(by)]
                for p, by in enumerate(moved)
                if by >= 0
            }
            lines.append(
                {
                    "issue": issue,
                    "round": k,
                    "median": float(told.median[k]),
                    "mean": float(told.mean[k]),
                    "positions": _by_party(profile, row),
                    "moved_by": moves,
                }
            )
    return lines


def _exchange(profile: Profile) -> list[Line]:
    lines = []
    for k, played in enumerate(exchange.trace(profile), 1):
        for trade in played.trades:
            first, second = profile.parties[trade.first], profile.parties[trade.second]
            lines.append(
                {
                    "round": k,
                    "first": first,
                    "gives": profile.issues[trade.gives],
                    "from_to": list(trade.first_move),
                    "second": second,
                    "gets": profile.issues[trade.wants],
                    "second_from_to": list(trade.second_move),
                    "gain": trade.gain[0],
                    "others": _by_party(profile, trade.externality),
                }
            )
    return lines


def _smp(profile: Profile) -> list[Line]:
    return [
        {
            "round": k,
            "issue": issue,
            "positions": _by_party(profile, step.positions[:, i]),
            "winning": _by_party(profile, step.winning),
        }
        for k, step in enumerate(smp.trace(profile))
        for i, issue in enumerate(profile.issues)
    ]


def _by_party(profile: Profile, row: Floats) -> dict[str, float]:
    known = zip(profile.parties, row, strict=True)
    return {party: round(float(v), 6) for party, v in known if not np.isnan(v)}

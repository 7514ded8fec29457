"""What reports say of a party's resolve: the prior of the games about bluffing.

The rule is a judgement, written before it was used and fitted to nothing. Nobody has counted how
often insiders are right; so a sentence counts little, and all together can only do so much. It
touches no other number of a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from treves.case.evidence import Claim

# Chance that a threatener is resolute when nobody says anything about it.
ASSUMED = 0.5
# One plain sentence makes even odds 3 to 2; all together make them 3 to 1 at most.
STEP = float(np.log(3.0 / 2.0))
MOST = float(np.log(3.0))
# Measures under which reports file the end of the body.
BREAK = frozenset({"collapse", "resignation", "no_confidence", "elections"})
SURE = {"asserted": 1.0, "hedged": 0.5, "denied": -1.0}
VAGUE = {"asserted": 0.0, "hedged": -0.5, "denied": -1.0}


@dataclass(frozen=True)
class Said:
    """A sentence about a party's resolve; ``counts`` in plain sentences, above 0: resolute.

    ``about``: break or deal (the party expects or wants it), hint or denial (of its threat).
    """

    quote: str
    speaker: str | None
    about: str
    counts: float


@dataclass(frozen=True)
class Resolve:
    """How likely a party is to mean its threat before the threat is weighed, and why."""

    party: str
    assumed: float
    prior: float
    said: tuple[Said, ...]


def resolve_of(claims: Iterable[Claim], party: str) -> Resolve:
    """Prior chance that a party is resolute, from what is reported of it.

    claims: their ``party`` is an id of the case. For: that the party expects or wants the break.
    Against: that it expects or wants a deal, and a threat that is only hinted at or denied (a
    plain threat counts nothing: it is what the game is about). A hedged sentence counts half, a
    denied one the other way; words that are repeated count once. Each whole sentence multiplies
    the odds by 3/2, all together by 3 at most.

    >>> words = "Rutte is said to be after the fall of his cabinet"
    >>> claim = Claim(source="a", span=(0, len(words)), quote=words, party="VVD",
    ...               issue="collapse", stance="expect", certainty="hedged")
    >>> round(resolve_of([claim], "VVD").prior, 3), resolve_of([claim], "CU").prior
    (0.551, 0.5)
    """
    told: dict[str, Said] = {}
    for claim in claims:
        about, counts = _meaning(claim)
        if claim.party == party and counts:
            words = " ".join(claim.quote.casefold().split())
            told.setdefault(words, Said(claim.quote, claim.speaker, about, counts))
    shift = float(np.clip(STEP * sum(s.counts for s in told.values()), -MOST, MOST))
    odds = ASSUMED / (1.0 - ASSUMED) * np.exp(shift)
    prior = float(odds / (1.0 + odds)) if told else ASSUMED
    return Resolve(party, ASSUMED, prior, tuple(told.values()))


def _meaning(claim: Claim) -> tuple[str, float]:
    """What a claim says of its party's resolve, and how much it counts; 0 for nothing."""
    if claim.stance in ("threaten_vote", "threaten_leave"):
        return "denial" if claim.certainty == "denied" else "hint", VAGUE[claim.certainty]
    if claim.stance == "expect" and claim.issue in BREAK:
        return "break", SURE[claim.certainty]
    if claim.stance == "want_deal" or (claim.stance == "expect" and claim.issue == "deal"):
        return "deal", -SURE[claim.certainty]
    return "", 0.0

"""Where reports say one thing about how talks will end and the numbers say another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from treves.case.evidence import Claim
from treves.forecast.result import Forecast
from treves.reading.phrases import first

# The numbers side with neither between these: "about even" is no clash.
LOW, HIGH = 0.25, 0.60


@dataclass(frozen=True)
class Clash:
    """What a report says of the ending, what the numbers say, and the claim behind it."""

    says: str
    numbers: str
    claim: Claim

    def __str__(self) -> str:
        quote = " ".join(self.claim.quote.split())[:160]
        return f"reports say {self.says} (“{quote}”); the numbers say {self.numbers}"


def clashes(claims: Iterable[Claim], forecast: Forecast) -> tuple[Clash, ...]:
    """Claims about a deal or a fall that the computed zone or odds contradict.

    ``a deal is possible`` clashes when a package that nobody must refuse exists in under .25 of
    the draws and the odds of agreement or vote are under .25 as well; ``impossible`` when either
    is over .60. ``the body will fall`` clashes when the odds of a break are under .25, ``it need
    not fall`` when they are over .60. Each sentence is listed once. A denied claim says the
    opposite; wishes and threats say nothing of the odds.
    """
    outcomes = forecast.outcomes
    zone = forecast.zone.share_of_draws
    deal = outcomes["agreement"] + outcomes["vote_passed"]
    breaks = outcomes["collapse"] + outcomes["party_leaves"]
    room = (
        f"a deal nobody has to refuse exists in {zone:.0%} of the draws, a deal {deal:.0%} likely"
    )
    verdicts = {
        "possible": ("a deal is possible", zone < LOW and deal < LOW, room),
        "impossible": ("no deal is possible", max(zone, deal) > HIGH, room),
        "falls": ("it will fall", breaks < LOW, f"a break is {breaks:.0%} likely"),
        "not_falls": ("it need not fall", breaks > HIGH, f"a break is {breaks:.0%} likely"),
    }
    found: dict[tuple[str, tuple[int, int]], Clash] = {}
    for claim in claims:
        for kind in outlook(claim):
            says, contradicted, numbers = verdicts[kind]
            if contradicted:
                found.setdefault((claim.source, claim.span), Clash(says, numbers, claim))
    return tuple(found.values())


OPPOSITE = {
    "possible": "impossible", "impossible": "possible", "falls": "not_falls", "not_falls": "falls",
}  # fmt: skip
SAYS_NOTHING = ("demand", "threaten_vote", "threaten_leave", "oppose", "reject")


def outlook(claim: Claim) -> tuple[str, ...]:
    """What a claim says of the ending: possible or impossible, falls or not_falls.

    >>> said = "Ook dan blijft het kabinet overeind"
    >>> outlook(Claim(source="s", span=(0, len(said)), quote=said, stance="expect"))
    ('not_falls',)
    """
    if claim.stance in SAYS_NOTHING:
        return ()
    found = []
    for kinds in (("possible", "impossible"), ("not_falls", "falls")):
        kind = first(claim.quote, *kinds)
        if kind is None:
            continue
        # A denial in its own words ("not said that it falls") is no denial of those words.
        turned = claim.certainty == "denied" and kind in ("possible", "falls")
        found.append(OPPOSITE[kind] if turned else kind)
    return tuple(found)

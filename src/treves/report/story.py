"""Why, party by party: what it gets in each ending, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass

from treves.case.model import Case
from treves.endgame.explain import Reason
from treves.forecast.result import Forecast, PartyStake
from treves.forecast.story import Story
from treves.report.numbers import Bases, party_numbers
from treves.report.phrases import within
from treves.report.records import PartyStory, Worth
from treves.report.strings import Strings
from treves.report.words import listed, percent, round_half_up

# A break less likely than this is not worth a sentence.
WORTH_SAYING = 0.01


@dataclass(frozen=True)
class Teller:
    """What the stories are made of; ``told`` is the endgame explained, where it was."""

    case: Case
    forecast: Forecast
    basis: Bases
    say: Strings
    told: Story | None = None


def stories(teller: Teller, order: list[str]) -> tuple[PartyStory, ...]:
    """One story per party, in the order of the main line of conflict."""
    return tuple(_story(teller, party) for party in order)


def beyond(case: Case, party: str, values: dict[str, float]) -> list[str]:
    """Issues on which a package lies outside what a party accepts, at its most likely edges."""
    found = []
    for issue, value in values.items():
        accepts = case.stance(party, issue).accepts
        if accepts is not None and not accepts.low.mode <= value <= accepts.high.mode:
            found.append(issue)
    return found


def _story(teller: Teller, party: str) -> PartyStory:
    case, forecast, say = teller.case, teller.forecast, teller.say
    stake = forecast.stakes[party]
    leaves = forecast.leaves.get(party, 0.0)
    values = forecast.endings[0].values if forecast.endings else {}
    crossed = [within(case, i) for i in beyond(case, party, values)]
    sentences = [
        say(
            "why.gets",
            party=party,
            deal=_points(stake.likely_package),
            collapse=_points(stake.collapse),
            status_quo=_points(stake.status_quo),
        ),
        _what_it_takes(stake, crossed, say),
    ]
    if leaves >= WORTH_SAYING:
        sentences.append(say("why.breaks", share=percent(leaves)))
    reasons = teller.told.explanation.reasons if teller.told else ()
    reason = next((r for r in reasons if r.party == party), None)
    if reason is not None and reason.refuses >= WORTH_SAYING:
        sentences.append(say("why.refuses", share=percent(reason.refuses)))
    record = case.party(party)
    return PartyStory(
        party=party,
        name=record.name or party,
        role=say(f"role.{record.role}"),
        worths=_worths(stake, reason, say),
        sentences=tuple(sentences),
        numbers=party_numbers(case, party, teller.basis, say),
        leaves=leaves,
        needed=record.role == "coalition",
    )


def _what_it_takes(stake: PartyStake, crossed: list[str], say: Strings) -> str:
    if stake.likely_package <= stake.collapse:
        return say("why.falls", collapse=_points(stake.collapse))
    if stake.likely_package <= stake.status_quo:
        return say("why.waits")
    if crossed:
        return say("why.gains", issues=listed(crossed, say.lang))
    return say("why.content")


def _worths(stake: PartyStake, reason: Reason | None, say: Strings) -> tuple[Worth, ...]:
    values = {
        "deal": stake.likely_package,
        "status_quo": stake.status_quo,
        "outside": stake.outside,
        "collapse": stake.collapse,
    }
    if reason is not None and reason.outvoted < reason.accept:
        values["outvoted"] = reason.outvoted
    return tuple(Worth(name, say(f"why.{name}"), 100.0 * v) for name, v in values.items())


def _points(worth: float) -> int:
    return round_half_up(100.0 * worth)

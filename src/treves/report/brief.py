"""The page in five answers, for a reader who stops there: made of the summary's own records."""

from __future__ import annotations

from treves.report.phrases import inside
from treves.report.records import IssueLine, PartyLine, PartyStory, Summary
from treves.report.strings import Strings
from treves.report.words import listed, percent, round_half_up

# From here a package is a deal that people could count on; below the other, it is none.
SAFE, POSSIBLE = 0.5, 0.005
# A package of more measures than this is counted, not spelled out.
MOST_PARTS = 4


def brief_of(summary: Summary, say: Strings) -> tuple[tuple[str, str], ...]:
    """Questions of a reader with their answers; a question without an answer is left out."""
    answers = {
        "want": _want(summary, say),
        "accept": _accept(summary, say),
        "otherwise": _otherwise(summary, say),
        "why": _why(summary, say),
        "watch": _watch(summary, say),
    }
    return tuple((say(f"brief.{name}"), text) for name, text in answers.items() if text)


def _want(summary: Summary, say: Strings) -> str:
    """Who asks for what at the two ends of the measure on which they are furthest apart."""
    found = [(i, ends) for i in summary.issues if (ends := _ends(i))]
    if not found:
        return ""
    issue, (low, high) = max(found, key=lambda pair: _distance(pair[0]))
    return say(
        "brief.ends",
        issue=inside(issue.title),
        one=high.party,
        asks_one=high.label or f"{high.position:.0f}",
        other=low.party,
        asks_other=low.label or f"{low.position:.0f}",
    )


def _ends(issue: IssueLine) -> tuple[PartyLine, PartyLine] | None:
    known = sorted(
        (p for p in issue.parties if p.position is not None), key=lambda p: p.position or 0.0
    )
    if len(known) < 2 or known[0].position == known[-1].position:
        return None
    return known[0], known[-1]


def _distance(issue: IssueLine) -> tuple[float, float]:
    """How far apart the red lines are, then the wishes."""
    gap = issue.span.upper - issue.span.lower if issue.span and issue.span.is_gap else 0.0
    places = [p.position for p in issue.parties if p.position is not None]
    return gap, max(places) - min(places)


def _accept(summary: Summary, say: Strings) -> str:
    if not summary.deals:
        return ""
    best = summary.deals[0]
    package = "; ".join(part.label or part.title for part in best.parts)
    if len(best.parts) > MOST_PARTS:
        package = say("brief.package", count=len(best.parts))
    if best.probability >= SAFE:
        return say("brief.deal", package=package, share=best.figure)
    if best.probability >= POSSIBLE:
        return say("brief.perhaps", package=package, share=best.figure)
    refusing = [p for p, verdict in best.parties if verdict == "refuses"]
    text = say("brief.nothing")
    if refusing:
        text += " " + say("brief.nearest", package=package, who=listed(refusing, say.lang))
    told = summary.tension and len(best.parts) <= MOST_PARTS
    return f"{text} {summary.tension}." if told else text


def _otherwise(summary: Summary, say: Strings) -> str:
    """The second ending, and who is the likeliest to break."""
    ranked = sorted(summary.outcomes, key=lambda o: -o.probability)
    text = say("brief.second", outcome=ranked[1].words, chance=ranked[1].chance)
    if summary.leaves:
        party, share = summary.leaves[0]
        text += " " + say("brief.breaks", party=party, share=percent(share))
    return text


def _why(summary: Summary, say: Strings) -> str:
    """The party that gains least by a deal, and how little."""
    gains = [(_gain(s), s) for s in summary.stories if s.needed]
    known = [(gain, s.party) for gain, s in gains if gain is not None]
    if not known:
        return ""
    (deal, collapse), party = min(known, key=lambda pair: pair[0][0] - pair[0][1])
    name = "brief.loses" if deal <= collapse else "brief.gains"
    points = {"deal": round_half_up(deal), "collapse": round_half_up(collapse)}
    text = say(name, party=party, **points)
    return f"{text} {summary.course.words}" if summary.course else text


def _gain(story: PartyStory) -> tuple[float, float] | None:
    """Worth of the likeliest deal and of a collapse; None where one is left out."""
    worths = {w.ending: w.value for w in story.worths}
    if "deal" in worths and "collapse" in worths:
        return worths["deal"], worths["collapse"]
    return None


def _watch(summary: Summary, say: Strings) -> str:
    parts = []
    if summary.days:
        first = summary.days[0]
        words = first.words[:1].upper() + first.words[1:]
        parts.append(say("brief.day", day=words, label=first.label))
    if summary.levers:
        lever = summary.levers[0]
        parts.append(say("brief.ask", question=lever.text, swing=lever.swing_words))
    return " ".join(parts)

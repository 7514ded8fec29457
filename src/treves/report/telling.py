"""The endgame in the words of one language: the course it takes, the threat, what would turn it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from treves.case.model import Case, Move
from treves.endgame.bluff import Bluff
from treves.endgame.explain import Branch, Flip, Reason
from treves.forecast.story import Story
from treves.report.phrases import within
from treves.report.records import CostPoint, Course, Step, Threat, Turn
from treves.report.strings import Strings
from treves.report.words import day, listed, percent, round_half_up

SHOWN_TURNS = 4
QUOTED = 100
# A change of a chance, and a difference of worth, that is too small to be told as one.
NOTHING, HARDLY, MUCH = 0.05, 0.05, 0.2


def course_of(story: Story, say: Strings) -> Course:
    """The tree with its odds, the most probable way through it, and what would turn it."""
    case, told = story.played.case, story.explanation
    likeliest = {id(branch) for branch in told.path}
    steps = tuple(
        Step(
            b.depth,
            branch_words(b, say),
            percent(b.probability),
            percent(b.overall),
            id(b) in likeliest,
        )
        for b in told.tree
    )
    path = " → ".join(branch_words(b, say) for b in told.path)
    return Course(
        words=say("course.path", path=path) if path else "",
        steps=steps,
        taught=taught_words(story, say),
        turns=tuple(
            Turn(flip_path(flip), flip_words(flip, case, say)) for flip in _first(story.flips)
        ),
    )


def taught_words(story: Story, say: Strings) -> str:
    """What observed moves did to the odds of the likeliest ending; empty when there are none."""
    if not story.taught_by:
        return ""
    top = max(story.outcomes, key=lambda name: story.outcomes[name])
    return say(
        "course.taught",
        moves="; ".join(move_words(move, say) for move in story.taught_by),
        outcome=say(f"outcome.{top}"),
        before=percent(story.before[top]),
        after=percent(story.outcomes[top]),
    )


def move_words(move: Move, say: Strings) -> str:
    """What a party did, and when."""
    what = say(f"move.{move.kind}", party=move.by)
    return say("course.move", what=what, day=day(move.date, say.lang))


def branch_words(branch: Branch, say: Strings) -> str:
    """A line of the tree; names of meetings stay as the case has them."""
    table = say.held("tree")
    return str(table.get(branch.label.replace(" ", "_"), branch.label))


def reason_words(reason: Reason, say: Strings) -> str:
    """The comparison that decides for one party, in one sentence."""
    worths = {"deal": reason.accept, "collapse": reason.fall, "status_quo": reason.idle}
    best, second = sorted(worths, key=lambda name: -worths[name])[:2]
    gap = worths[best] - worths[second]
    how = "hardly" if gap < HARDLY else "more" if gap < MUCH else "much"
    return say(
        f"reason.{how}",
        party=reason.party,
        best=say(f"why.{best}"),
        second=say(f"why.{second}"),
        a=round_half_up(100 * worths[best]),
        b=round_half_up(100 * worths[second]),
    )


def flip_path(flip: Flip) -> str:
    """The number that would have to change, by its path."""
    return ".".join(part for part in (flip.party, flip.issue, flip.field) if part)


def flip_words(flip: Flip, case: Case, say: Strings) -> str:
    """A change of one number, and which ending it would make the most probable."""
    issue = within(case, flip.issue) if flip.issue else ""
    up = flip.change > 0
    name = f"turn.{flip.field}_{'up' if up else 'down'}"
    size = abs(flip.change) if flip.issue else 100 * abs(flip.change)
    return say(
        name,
        party=flip.party,
        issue=issue,
        points=max(1, round_half_up(size)),
        after=say(f"outcome.{flip.after}"),
        before=say(f"outcome.{flip.before}"),
    )


def threat_of(bluff: Bluff, say: Strings) -> Threat:
    """The bluff answer: a paragraph, and the band over the cost of backing down."""
    points = []
    for cost, types, shocks in zip(bluff.costs, bluff.types, bluff.shocks, strict=True):
        chances = [s.chance for s in types] + [s.carries_out for s in shocks]
        points.append(CostPoint(cost, min(chances), max(chances)))
    return Threat(
        threatener=bluff.threatener,
        target=bluff.target,
        words=threat_words(bluff, say),
        points=tuple(points),
        prior=bluff.prior,
        grounds=tuple(resolve_words(bluff, say)),
    )


def threat_words(bluff: Bluff, say: Strings) -> str:
    """Whether the threat is a bluff, in one paragraph."""
    taught = say("threat.nothing")
    if abs(bluff.taught) >= NOTHING:
        taught = say("threat.points", points=f"{100 * bluff.taught:+.0f}")
    return say(
        "threat.verdict_" + _verdict(bluff), threatener=bluff.threatener, target=bluff.target
    ) + say(
        "threat.paragraph",
        target=bluff.target,
        threatener=bluff.threatener,
        band=_of_hundred(bluff.low, bluff.high, say),
        prior=_of_hundred(*bluff.prior, say),
        taught=taught,
        before=round_half_up(100 * bluff.resolve.prior),
        why=_why(bluff, say),
        after=_of_hundred(*bluff.resolute_after, say),
    )


def resolve_words(bluff: Bluff, say: Strings) -> list[str]:
    """The sentences on which the resolve of who threatens rests, with what each counts for."""
    return [
        say(
            f"threat.said_{said.about}",
            party=bluff.threatener,
            counts=f"{said.counts:+g}",
            quote=textwrap.shorten(said.quote, QUOTED, placeholder=" …"),
        )
        for said in bluff.resolve.said
    ]


def _why(bluff: Bluff, say: Strings) -> str:
    count = len(bluff.resolve.said)
    if not count:
        return say("threat.assumed")
    assumed = round_half_up(100 * bluff.resolve.assumed)
    name = "threat.moved_by_one" if count == 1 else "threat.moved_by"
    return say(name, assumed=assumed, count=count)


def _verdict(bluff: Bluff) -> str:
    """A word only where the whole band says the same: what backing down costs nobody knows."""
    if bluff.low >= 0.6:
        return "real"
    return "bluff" if bluff.high <= 0.4 else "open"


def _of_hundred(low: float, high: float, say: Strings) -> str:
    """Two chances as whole numbers of 100; nothing is sure, and nothing is impossible."""
    first, last = (min(99, max(1, round(100 * chance))) for chance in (low, high))
    if last > first:
        return say("number.band", low=first, high=last)
    return say("number.about", n=first)


def _first(flips: Iterable[Flip]) -> list[Flip]:
    """The nearest change per number, the nearest first."""
    found: dict[tuple[str, str, str | None], Flip] = {}
    for flip in flips:
        found.setdefault((flip.party, flip.field, flip.issue), flip)
    return list(found.values())[:SHOWN_TURNS]


def head_of(story: Story, say: Strings) -> str:
    """The case and the day that are explained."""
    case = story.played.case
    date = f"{day(case.day, say.lang)} {case.day.year}"
    return say("course.head", case=case.title or case.id, date=date)


def founders(story: Story, say: Strings) -> str:
    """On whose refusal the offers founder; empty when on nobody's above others."""
    pivotal = story.explanation.pivotal
    return say("course.founders", who=listed(list(pivotal), say.lang)) if pivotal else ""

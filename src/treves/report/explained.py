"""The endgame explained, for a terminal: what each ending is worth to whom, and why it goes so."""

from __future__ import annotations

import textwrap

from treves.forecast.story import Story
from treves.report.summary import package_words
from treves.report.words import ENDING, day, listed, percent

WIDTH = 100
SHOWN_FLIPS = 3


def story_text(story: Story, *, tree: bool = False) -> str:
    """The explanation in plain words; with ``tree``, the whole tree with its odds."""
    case = story.played.case
    parts = [
        _wrapped(f"{case.title or case.id}, as of {day(case.as_of)} {case.as_of.year}"),
        _odds(story),
        _deal(story),
        _parties(story),
        _tree(story) if tree else _path(story),
        _threat(story),
        _flips(story),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _odds(story: Story) -> list[str]:
    ranked = sorted(story.outcomes, key=lambda name: -story.outcomes[name])
    words = [f"{ENDING[name]} {percent(story.outcomes[name])}" for name in ranked]
    lines = _wrapped("How it ends: " + " · ".join(words))
    if story.taught_by:
        top = ranked[0]
        lines += _wrapped(
            f"Observed moves ({'; '.join(story.taught_by)}) took {ENDING[top]} from "
            f"{percent(story.before[top])} to {percent(story.outcomes[top])}."
        )
    warning = story.belief.warning()
    return [*lines, *([warning] if warning else [])]


def _deal(story: Story) -> list[str]:
    played = story.played
    values = played.menu[story.explanation.package]
    package = dict(zip((i.id for i in played.case.issues), map(float, values), strict=True))
    return _wrapped(f"The likeliest deal: {package_words(played.case, package)}.")


def _parties(story: Story) -> list[str]:
    head = f"{'worth to (of 100)':18} {'deal':>5} {'outvoted':>9} {'waiting':>8} {'collapse':>9}"
    lines = [f"{head} {'has left':>9}   breaks"]
    for r in story.explanation.reasons:
        numbers = f"{100 * r.accept:5.0f} {100 * r.outvoted:9.0f} {100 * r.idle:8.0f}"
        ends = f"{100 * r.fall:9.0f} {100 * r.leave:9.0f}"
        lines.append(f"{r.party[:18]:18} {numbers} {ends}   {percent(r.breaks):>6}")
    lines.append("")
    lines += [line for r in story.explanation.reasons for line in _wrapped(r.sentence())]
    pivotal = story.explanation.pivotal
    if pivotal:
        lines += _wrapped(f"Offers founder mostly on {listed(list(pivotal))}.")
    return lines


def _path(story: Story) -> list[str]:
    steps = " → ".join(branch.label for branch in story.explanation.path)
    return _wrapped(f"The most probable course: {steps}.")


def _tree(story: Story) -> list[str]:
    lines = ["The tree (after what stands above it; overall)"]
    for branch in story.explanation.tree:
        label = "  " * branch.depth + branch.label
        odds = f"{percent(branch.probability):>5} {percent(branch.overall):>5}"
        lines.append(f"{label[:80]:80} {odds}")
    return lines


def _threat(story: Story) -> list[str]:
    if story.bluff is None:
        return []
    said = [line for s in story.bluff.resolve.said for line in _wrapped(f"- {s.sentence()}")]
    return ["Is the threat a bluff?", *_wrapped(story.bluff.paragraph()), *said]


def _flips(story: Story) -> list[str]:
    if not story.flips:
        return ["No single number, moved within reason, makes another ending the most probable."]
    lines = ["What would make another ending the most probable:"]
    for flip in story.flips[:SHOWN_FLIPS]:
        lines += _wrapped(f"- {flip.sentence()}")
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ")

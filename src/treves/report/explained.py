"""The endgame explained, for a terminal: what each ending is worth to whom, and why it goes so."""

from __future__ import annotations

import textwrap

from treves.forecast.record import track_record
from treves.forecast.story import Story
from treves.report.phrases import package_words
from treves.report.strings import Strings, strings
from treves.report.telling import (
    course_of,
    flip_words,
    founders,
    head_of,
    reason_words,
    resolve_words,
    threat_words,
)
from treves.report.words import hundredths, percent

WIDTH = 100
SHOWN_FLIPS = 3
COLUMN = 11


def story_text(story: Story, *, tree: bool = False, lang: str = "en") -> str:
    """The explanation in plain words; with ``tree``, the whole tree with its odds."""
    say = strings(lang)
    parts = [
        _wrapped(head_of(story, say)),
        _odds(story, say),
        _deal(story, say),
        _parties(story, say),
        _tree(story, say) if tree else _wrapped(course_of(story, say).words),
        _threat(story, say),
        _flips(story, say),
        _how_good(say),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _odds(story: Story, say: Strings) -> list[str]:
    ranked = sorted(story.outcomes, key=lambda name: -story.outcomes[name])
    words = [f"{say(f'outcome.{name}')} {percent(story.outcomes[name])}" for name in ranked]
    lines = _wrapped(say("course.ends", odds=" · ".join(words)))
    lines += _wrapped(course_of(story, say).taught)
    if story.belief.warning():
        count, of = f"{story.belief.effective:.0f}", len(story.belief.weights)
        lines += _wrapped(say("course.warning", effective=count, draws=of))
    return lines


def _deal(story: Story, say: Strings) -> list[str]:
    played = story.played
    values = played.menu[story.explanation.package]
    package = dict(zip((i.id for i in played.case.issues), map(float, values), strict=True))
    return _wrapped(say("course.deal", package=package_words(played.case, package)))


def _parties(story: Story, say: Strings) -> list[str]:
    heads = "".join(f"{word:>{COLUMN}}" for word in say.held("course.columns"))
    lines = [f"{say('course.worths'):19}{heads}"]
    for r in story.explanation.reasons:
        worths = (r.accept, r.outvoted, r.idle, r.fall, r.leave)
        numbers = "".join(f"{100 * w:{COLUMN}.0f}" for w in worths)
        lines.append(f"{r.party[:18]:19}{numbers}{percent(r.breaks):>{COLUMN}}")
    lines.append("")
    lines += [line for r in story.explanation.reasons for line in _wrapped(reason_words(r, say))]
    return lines + _wrapped(founders(story, say))


def _tree(story: Story, say: Strings) -> list[str]:
    lines = [say("course.tree")]
    for step in course_of(story, say).steps:
        label = "  " * step.depth + step.words
        lines.append(f"{label[:80]:80} {step.figure:>5} {step.overall:>5}")
    return lines


def _threat(story: Story, say: Strings) -> list[str]:
    if story.bluff is None:
        return []
    said = [line for text in resolve_words(story.bluff, say) for line in _wrapped(f"- {text}")]
    return [say("page.threat"), *_wrapped(threat_words(story.bluff, say)), *said]


def _flips(story: Story, say: Strings) -> list[str]:
    if not story.flips:
        return _wrapped(say("turn.none"))
    lines = [f"{say('page.turns')}:"]
    for flip in story.flips[:SHOWN_FLIPS]:
        lines += _wrapped(f"- {flip_words(flip, story.played.case, say)}")
    return lines


def _how_good(say: Strings) -> list[str]:
    record = track_record()
    scores = {"brier": record.brier, "base": record.base_brier}
    held = {name: hundredths(score, say.lang) for name, score in scores.items()}
    return textwrap.wrap(say("record.endgame", cases=record.cases, **held), WIDTH)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ")

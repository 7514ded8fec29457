"""Every number of a case as it is shown: its value in words, and the sentences it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from treves.case.estimate import Estimate
from treves.case.evidence import Span
from treves.case.model import Case, Issue, Stakes, Stance
from treves.case.provenance import STANCE_NUMBERS, Basis
from treves.report.records import Number, PartyLine, Sentence
from treves.report.strings import Strings


@dataclass(frozen=True)
class Bases:
    """What every number rests on, by its path; whether confided sentences may be shown."""

    of: Mapping[str, Basis]
    confided: bool = False


def party_line(case: Case, party: str, issue: Issue, basis: Bases, say: Strings) -> PartyLine:
    """One party on one issue, with its numbers and what each of them rests on."""
    stance = case.stance(party, issue.id)
    held = [b for n in STANCE_NUMBERS if (b := basis.of.get(f"{party}.{issue.id}.{n}"))]
    position, accepts = stance.wanted, stance.accepts
    return PartyLine(
        party=party,
        position=position.mode if position else None,
        low=accepts.low.mode if accepts else None,
        high=accepts.high.mode if accepts else None,
        salience=stance.salience.mode if stance.salience else None,
        known=held[0].kind if held and position else "assumed",
        sentences=_told(held, basis.confided, say),
        label=issue.nearest_label(position.mode) if position else "",
        position_range=_range(position),
        low_range=_range(accepts.low) if accepts else None,
        high_range=_range(accepts.high) if accepts else None,
        numbers=tuple(
            number(b, _stance_text(stance, b.path, issue, say), basis.confided, say) for b in held
        ),
    )


def party_numbers(case: Case, party: str, basis: Bases, say: Strings) -> tuple[Number, ...]:
    """What a party's stakes and the weight it gives to content rest on, where the case says it."""
    stakes = case.stakes.get(party, Stakes())
    values = {
        "collapse": stakes.collapse,
        "status_quo": stakes.status_quo,
        "content_weight": case.party(party).content_weight,
    }
    return tuple(
        number(held, _spread(value, 100.0, "stake", say), basis.confided, say)
        for name, value in values.items()
        if value is not None and (held := basis.of.get(f"{party}.{name}"))
    )


def combined(case: Case, say: Strings) -> tuple[str, ...]:
    """What measures are worth together, a sentence per party that it concerns."""
    found = []
    for term in case.together:
        where = [
            say("basis.range", issue=case.issue(i).title or i, low=f"{a:g}", high=f"{b:g}")
            for i, (a, b) in term.where.items()
        ]
        for party, worth in term.worth.items():
            words = "basis.together_more" if worth > 0 else "basis.together_less"
            points = f"{abs(100 * worth):.0f}"
            found.append(say(words, one=where[0], other=where[1], party=party, points=points))
    return tuple(found)


def number(held: Basis, text: str, confided: bool, say: Strings) -> Number:
    """One number with its sentences; those told in confidence are counted, unless asked for."""
    shown = [s for s in held.spans if confided or not s.confided]
    sentences = [sentence_of(span) for span in shown]
    if held.kind == "judged" and not _gives_away(held, confided):
        sentences.append(Sentence(text=held.why, quoted=False))
    return Number(
        path=held.path,
        name=say(f"field.{held.path.rsplit('.', 1)[1]}"),
        text=text,
        kind=held.kind,
        sentences=tuple(dict.fromkeys(sentences)),
        confided=len(held.spans) - len(shown),
    )


def _gives_away(held: Basis, confided: bool) -> bool:
    """Whether the reason of a judgement repeats a sentence told in confidence."""
    return not confided and any(s.confided and s.quote in held.why for s in held.spans)


def sentence_of(span: Span) -> Sentence:
    """A quoted sentence with who printed it, when, who said it and how sure."""
    return Sentence(
        text=span.quote,
        quoted=True,
        outlet=span.outlet or "",
        date=span.date or "",
        speaker="" if span.speaker == "outlet" else span.speaker or "",
        certainty=span.certainty,
        confided=span.confided,
    )


def _told(held: list[Basis], confided: bool, say: Strings) -> tuple[str, ...]:
    """The sentences behind a party's line, each as one line of text."""
    found: dict[str, None] = {}
    for b in held:
        for span in b.spans:
            if confided or not span.confided:
                sure = "" if span.certainty == "asserted" else say(f"page.{span.certainty}")
                about = ", ".join(t for t in (span.outlet, span.date, sure) if t)
                found[f"“{span.quote}” ({about})"] = None
        if not b.spans and b.kind == "judged":
            found[say("basis.judged", why=b.why)] = None
    return tuple(found)


def _stance_text(stance: Stance, path: str, issue: Issue, say: Strings) -> str:
    name = path.rsplit(".", 1)[1]
    if name == "accepts" and stance.accepts is not None:
        low, high = stance.accepts.low, stance.accepts.high
        return say("value.accepts", low=_edge(low), high=_edge(high))
    if name == "worth":
        rated = sorted((stance.worth or {}).items())
        return ", ".join(f"{issue.points.get(at, f'{at:g}')}: {worth:g}" for at, worth in rated)
    estimate = getattr(stance, name)
    text = _spread(estimate, 1.0, name, say)
    label = issue.nearest_label(estimate.mode) if name == "position" else ""
    return say("value.labelled", label=label, value=text) if label else text


def _spread(value: Estimate, scale: float, name: str, say: Strings) -> str:
    text = say(f"value.{name}", value=f"{scale * value.mode:.0f}")
    if value.is_exact:
        return text
    low, high = f"{scale * value.low:.0f}", f"{scale * value.high:.0f}"
    return text + say("value.between", low=low, high=high)


def _edge(value: Estimate) -> str:
    if value.is_exact:
        return f"{value.mode:.0f}"
    return f"{value.mode:.0f} ({value.low:.0f}–{value.high:.0f})"


def _range(value: Estimate | None) -> tuple[float, float] | None:
    return (value.low, value.high) if value else None

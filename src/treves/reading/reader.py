"""Reading a report: from its text to claims, with every sentence accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from treves.case.evidence import Claim, Source
from treves.reading.analyse import Analysis, analyse, span_of
from treves.reading.codebook import Codebook
from treves.reading.dates import date_of_claim, find_days
from treves.reading.details import (
    ABOUT_A_POINT,
    Issues,
    amount_at,
    amount_phrase,
    condition,
    group_of,
    target,
)
from treves.reading.meanings import OPPOSED, Candidate, Clause, together
from treves.reading.model import Model
from treves.reading.pack import Pack
from treves.reading.registry import Actor, Registry
from treves.reading.signs import claim_signs, stance_signs
from treves.reading.text import Sentence

DETECT_CHARACTERS = 2000
OPPOSITE = {
    "accept": "reject",
    "concede": "reject",
    "demand": "oppose",
    "oppose": "support",
    "propose": "oppose",
    "reject": "accept",
    "support": "oppose",
    "want_deal": "reject",
}
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Reading:
    """What was read: the claims, and each sentence with its state."""

    source: Source
    claims: tuple[Claim, ...]
    sentences: tuple[Sentence, ...]


def read(
    source: Source,
    registry: Registry | None = None,
    lang: str | None = None,
    codebook: Codebook | Mapping[str, Any] | None = None,
) -> Reading:
    """Read a report into claims.

    ``registry`` says who is who (default: the one that ships), ``lang`` the language of the text
    (default: the source's, else detected), ``codebook`` names the issues: that of a case
    (:meth:`Codebook.of`), or a mapping of issue ids to their names and aliases.
    Raises SourceError when there is no pack for the language.

    >>> text = "De VVD eist een strengere asielwet. D66 is daar faliekant tegen."
    >>> found = read(Source.of(text, lang="nl", date="2023-07-06")).claims
    >>> [(claim.actor, claim.stance) for claim in found]
    [('VVD', 'demand'), ('D66', 'oppose')]
    """
    pack = Pack.load(lang or source.lang or detect(source.text))
    registry = registry or Registry.load()
    return Reader(pack, registry, Model.load(pack.lang)).read(source, codebook)


def detect(text: str) -> str:
    """The language of a text, from its first characters."""
    import py3langid  # heavy, and not needed when the language is known

    code: str = py3langid.classify(text[:DETECT_CHARACTERS])[0]
    return code


@dataclass(frozen=True)
class Decision:
    """A candidate that was taken as the actor of a clause, how likely it is, and its labels."""

    clause: Clause
    candidate: Candidate
    odds: float
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """A pack, a registry and weights, ready to read."""

    pack: Pack
    registry: Registry
    model: Model

    def read(self, source: Source, codebook: Codebook | Mapping[str, Any] | None = None) -> Reading:
        """Read one report."""
        day = source.date if source.date and YEAR.match(source.date) else None
        analysis = analyse(source.text, self.pack, self.registry, day)
        if not (codebook is None or isinstance(codebook, Codebook)):
            codebook = Codebook.read(codebook)
        governing = self.registry.coalition(day, analysis.country)
        context = Context(source, analysis, Issues(self.pack, codebook), day, governing)
        context.issues.prepare(analysis.words.lower)
        claims: list[Claim] = []
        states = ["background"] * len(analysis.ranges)
        for clause in analysis.clauses:
            decisions, odds = self.decide(clause)
            context.enter(clause, self.pack)
            for decision in decisions:
                claims.append(self.claim(context, decision))
                states[clause.sentence] = "claim"
            if odds >= self.model.possible_from and states[clause.sentence] == "background":
                states[clause.sentence] = "possible"
        starts, ends = analysis.words.starts, analysis.words.ends
        sentences = tuple(
            Sentence((starts[i], ends[j - 1]), state)
            for (i, j), state in zip(analysis.ranges, states, strict=True)
        )
        return Reading(source, tuple(claims), sentences)

    def decide(self, clause: Clause) -> tuple[list[Decision], float]:
        """The actors whose claim a clause carries, and the odds that it carries one.

        A claim is written down when claim, actor and stance together are likely enough: two
        doubtful answers are worse than one.
        """
        model = self.model
        held = clause.candidates
        shares = model.actor_shares(clause)
        joint = _joint(held, shares)
        order = sorted(range(len(held)), key=lambda k: (-joint[k], -shares[k], k))
        chosen = held[order[0]]
        odds = model.claim_odds(claim_signs(clause, chosen), clause.stems)
        if odds < model.claim_from:
            return [], odds
        taken = []
        for k in order:
            other = held[k]
            if together(chosen, other) and odds * joint[k] >= model.claim_from:
                labels, sure = model.choice.best(stance_signs(clause, other), clause.stems)
                if OPPOSED in other.signs:
                    labels["stance"] = OPPOSITE.get(labels["stance"], labels["stance"])
                if odds * joint[k] * sure >= model.claim_from:
                    taken.append(Decision(clause, other, odds * shares[k], labels))
        return taken, odds

    def claim(self, context: Context, decision: Decision) -> Claim:
        """Write a decision down as a claim."""
        clause, candidate = decision.clause, decision.candidate
        start, end = span_of(context.analysis.words, clause.piece)
        labels = decision.labels
        stance, move, kind = labels["stance"], labels["move"], labels["speaker"]
        cue = next((hit.cue.id for hit in clause.hits if hit.cue.stance == stance), None)
        told = {
            "source": context.source.id,
            "span": (start, end),
            "quote": context.source.text[start:end],
            "speaker": _speaker(clause, candidate, kind),
            "speaker_kind": kind,
            "actor": candidate.name,
            "party": candidate.party,
            "group": context.group(candidate),
            "issue": context.issue,
            "stance": stance,
            "target": target(clause, candidate),
            "position": context.position(clause, stance, self.pack),
            "quantity": context.quantity,
            "move": None if move == "none" else move,
            "certainty": labels["certainty"],
            "date": context.date,
            "when": context.when,
            "deadline": context.deadline,
            "conditional": context.condition is not None,
            "condition": context.condition,
            "confidence": round(decision.odds, 3),
            "cue": cue,
            "frame": clause.speaker_frame or None,
        }
        # What is absent stays unset: a field that was set costs memory in every claim.
        return Claim.model_validate({k: v for k, v in told.items() if v is not None})


def _joint(held: Sequence[Candidate], shares: Sequence[float]) -> Sequence[float]:
    """What each candidate is likely for with those it acts with: they are chosen as one."""
    if all(one.coord < 0 and one.group < 0 for one in held):
        return shares
    return [
        sum(share for share, other in zip(shares, held, strict=True) if together(one, other))
        for one in held
    ]


def _speaker(clause: Clause, candidate: Candidate, kind: str) -> str | None:
    """Who vouches for the claim: the outlet, the speaker that was found, or the actor."""
    if kind == "outlet":
        return "outlet"
    return clause.speaker.name if clause.speaker is not None else candidate.name


@dataclass
class Context:
    """What a clause says apart from stance and actor; carried from clause to clause."""

    source: Source
    analysis: Analysis
    issues: Issues
    day: str | None
    governing: tuple[Actor, ...] = ()
    issue: str | None = None
    date: str | None = None
    when: str | None = None
    deadline: str | None = None
    condition: str | None = None
    quantity: float | None = None
    amount: int = -1
    topic: tuple[str, ...] = ()
    spoken: str | None = None
    sentence: int = 0

    def enter(self, clause: Clause, pack: Pack) -> None:
        """Take in the next clause."""
        words = self.analysis.words
        lower = words.lower[clause.piece.i : clause.piece.j]
        past = clause.verb >= 0 and "past" in words.tags[clause.verb]
        whens = find_days(lower, self.day, pack, past)
        same = whens or "toen" in lower[:4]
        carried = self.spoken if same or past else None
        self.date, self.when, self.deadline = date_of_claim(whens, self.day, past, carried)
        if whens and self.date:
            self.spoken = self.date if self.date != self.day else None
        elif not past:
            self.spoken = None
        if self.sentence != clause.sentence:
            self.issues.fade(clause.sentence - self.sentence)
            self.sentence = clause.sentence
        self.issue = self.issues.label(lower)
        found = amount_at(lower, pack)
        self.amount, self.quantity = (clause.piece.i + found[0], found[1]) if found else (-1, None)
        self.condition = condition(words, clause)
        # Whom "the other parties" leaves out: those named here, else the last that acted.
        own = [c.party for c in clause.candidates if "own" in c.signs and c.party]
        acting = [c.party for c in clause.subject if c.party]
        self.topic = tuple(own) or tuple(acting) or self.topic

    def group(self, candidate: Candidate) -> tuple[str, ...] | None:
        """The parties of a group that stands in the claim as a group; None for everybody else."""
        if candidate.party or candidate.kind not in ("group", "body"):
            return None
        return tuple(group_of(candidate.name, self.governing, self.topic)) or None

    def position(self, clause: Clause, stance: str, pack: Pack) -> str | None:
        """The point that a claim is about: of the codebook's line, else the amount it states."""
        if stance not in ABOUT_A_POINT:
            return None
        words, book = self.analysis.words, self.issues.codebook
        start, end = span_of(words, clause.piece)
        if book is not None and self.issue in {issue.id for issue in book.issues}:
            label = book.label_of(self.issue or "", words.text[start:end])
            if label is not None:
                return label
        return amount_phrase(words, clause, self.amount, pack) if self.amount >= 0 else None

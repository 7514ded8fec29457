"""What was said, where, and how sure: Source, Span, Claim, and what a number rests on.

The fields of a claim are decided in docs/conventions.md, sections 1 and 2. Records are frozen; a
correction is a new record.
"""

from __future__ import annotations

import hashlib
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

SpeakerKind = Literal["named", "anonymous", "outlet", "party"]
StanceWord = Literal[
    "demand",
    "propose",
    "support",
    "accept",
    "oppose",
    "reject",
    "want_deal",
    "threaten_vote",
    "threaten_leave",
    "expect",
    "concede",
    "other",
]
MoveWord = Literal[
    "threat_vote",
    "threat_leave",
    "ultimatum",
    "proposal",
    "concession",
    "meeting",
    "postponement",
    "agreement",
    "collapse",
    "vote",
]
Certainty = Literal["asserted", "hedged", "denied"]
EvidenceKind = Literal["reported", "judged", "assumed"]

STANCES: tuple[str, ...] = get_args(StanceWord)
MOVES: tuple[str, ...] = get_args(MoveWord)
SPEAKER_KINDS: tuple[str, ...] = get_args(SpeakerKind)
CERTAINTIES: tuple[str, ...] = get_args(Certainty)


class Record(BaseModel):
    """Base of all records: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """A text that was read, kept once under the hash of its words.

    Offsets of claims always refer to ``text`` exactly as it stands here.
    """

    id: str
    text: str
    outlet: str | None = None
    title: str | None = None
    date: str | None = Field(
        default=None,
        description="Publication day, ISO; a year or month if only that is known.",
    )
    lang: str | None = None
    url: str | None = None
    confided: bool = Field(
        default=False, description="Told in confidence: never exported unless asked."
    )

    @classmethod
    def of(cls, text: str, **about: object) -> Self:
        """Make a source whose id is the hash of its text (the algorithm is named in the id).

        >>> Source.of("D66 wil een akkoord.", outlet="NOS").id[:7]
        'sha256:'
        """
        return cls.model_validate({"id": text_id(text), "text": text, **about})


def text_id(text: str) -> str:
    """Content hash of a text, ``sha256:`` and 16 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Claim(Record):
    """Who holds what about which measure, said by whom, how sure, at which characters.

    ``quote`` is the text of the source between ``span[0]`` and ``span[1]``, character for
    character; :func:`check_quotes` verifies it.
    """

    source: str
    span: tuple[int, int]
    quote: str
    speaker: str | None = None
    speaker_kind: SpeakerKind = "outlet"
    actor: str | None = None
    party: str | None = None
    group: tuple[str, ...] | None = None
    issue: str | None = None
    stance: StanceWord = "other"
    target: str | None = None
    position: str | None = None
    quantity: float | None = None
    move: MoveWord | None = None
    certainty: Certainty = "asserted"
    date: str | None = None
    deadline: str | None = None
    conditional: bool = False
    condition: str | None = None
    when: str | None = Field(
        default=None, description="Time words of the text that `date` was resolved from."
    )
    confidence: float = Field(
        default=0.5, ge=0.0, le=1.0, description="How sure the reader is of this claim."
    )
    cue: str | None = Field(default=None, description="Id of the cue that gave the stance.")
    frame: str | None = Field(default=None, description="How the actor was found.")

    @model_validator(mode="after")
    def _span_is_the_quote(self) -> Self:
        start, end = self.span
        if start < 0 or end - start != len(self.quote):
            raise ValueError(f"span {start}-{end} does not have the length of the quote")
        return self

    @property
    def key(self) -> str:
        """Stable name of the claim inside a dossier: source, characters, actor, stance."""
        return f"{self.source}@{self.span[0]}-{self.span[1]}/{self.actor or '-'}/{self.stance}"


class Span(Record):
    """Characters of a source that a number rests on, with who said it and how sure."""

    source: str
    span: tuple[int, int]
    quote: str
    outlet: str | None = None
    date: str | None = None
    speaker: str | None = None
    certainty: Certainty = "asserted"
    confided: bool = False


class Evidence(Record):
    """What one number rests on: sentences, a signed judgement, or a documented default."""

    kind: EvidenceKind = "assumed"
    spans: tuple[Span, ...] = ()
    by: str | None = None
    on: str | None = None
    why: str | None = None


def span_of(claim: Claim, source: Source | None = None) -> Span:
    """The part of a claim that a number keeps as its evidence."""
    return Span(
        source=claim.source,
        span=claim.span,
        quote=claim.quote,
        outlet=source.outlet if source else None,
        date=claim.date or (source.date if source else None),
        speaker=claim.speaker,
        certainty=claim.certainty,
        confided=source.confided if source else False,
    )


def check_quotes(claims: tuple[Claim, ...], source: Source) -> tuple[Claim, ...]:
    """Return the claims whose quote does **not** stand in the source at its span."""
    return tuple(c for c in claims if source.text[c.span[0] : c.span[1]] != c.quote)

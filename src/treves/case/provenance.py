"""What every number of a case rests on: a sentence, a judgement, or a default."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from treves.case.evidence import Evidence, Span
from treves.case.model import Case, Stakes

STANCE_NUMBERS = ("position", "accepts", "salience", "worth")
STAKE_NUMBERS = ("collapse", "status_quo")
PARTY_NUMBERS = ("content_weight",)


@dataclass(frozen=True)
class Basis:
    """One number of the case, by its path, and what it rests on."""

    path: str
    party: str
    issue: str | None
    kind: str
    spans: tuple[Span, ...]
    why: str


def basis_of(case: Case) -> tuple[Basis, ...]:
    """What each position, accepted interval, salience and stake rests on.

    A number with sentences is ``reported``; one with a reason or a named source is ``judged``; a
    documented default is ``assumed``. What is simply not known has no number and is not listed.
    """
    found = []
    for party in case.parties:
        for issue in case.issues:
            stance = case.stance(party.id, issue.id)
            reason = "; ".join(t for t in (stance.why, stance.source) if t)
            for name in STANCE_NUMBERS:
                if getattr(stance, name) is not None:
                    path = f"{party.id}.{issue.id}.{name}"
                    held = stance.evidence.get(name)
                    found.append(_basis(path, party.id, issue.id, held, reason))
        stakes = case.stakes.get(party.id, Stakes())
        reason = "; ".join(t for t in (stakes.why, stakes.source) if t)
        for name in STAKE_NUMBERS:
            known = getattr(stakes, name) is not None
            held = stakes.evidence.get(name)
            path = f"{party.id}.{name}"
            found.append(_basis(path, party.id, None, held, reason if known else ""))
        for name in PARTY_NUMBERS:
            if name in party.model_fields_set:
                held = party.evidence.get(name)
                found.append(_basis(f"{party.id}.{name}", party.id, None, held, "coded"))
    return tuple(found)


def count_kinds(case: Case) -> dict[str, int]:
    """How many numbers are reported, judged and assumed."""
    counted = Counter(basis.kind for basis in basis_of(case))
    return {kind: counted.get(kind, 0) for kind in ("reported", "judged", "assumed")}


def _basis(path: str, party: str, issue: str | None, held: Evidence | None, reason: str) -> Basis:
    if held is not None:
        why = held.why or "; ".join(f"“{s.quote}”" for s in held.spans)
        return Basis(path, party, issue, held.kind, held.spans, why)
    kind = "judged" if reason else "assumed"
    return Basis(path, party, issue, kind, (), reason or "documented default")

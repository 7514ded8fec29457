"""An analyst's word on claims: confirm, correct, reject; kept beside the source."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from treves.case.corrections import corrected
from treves.case.evidence import Claim, Record, Source
from treves.case.model import Case, Day
from treves.errors import CaseError, InputError, Problem
from treves.reading.draft import Draft, draft

Verdict = Literal["confirm", "correct", "reject"]
SUFFIX = ".review.json"
# The effect of more claims than this is not computed one by one: each takes a draft.
MOST_EFFECTS = 150
# Even a claim that moves no number may be worth a look.
LEAST_INFLUENCE = 0.05


class Decision(Record):
    """What somebody decided about one claim; ``key`` is that of the claim as it was read."""

    key: str
    verdict: Verdict
    by: str
    on: Day
    changes: dict[str, Any] = Field(default_factory=dict)


def beside(report: Path) -> Path:
    """Where the decisions about a report are kept: ``report.txt.review.json``."""
    return report.with_name(report.name + SUFFIX)


def load_decisions(report: Path) -> dict[str, Decision]:
    """The decisions beside a report, by the key of the claim; empty when there are none."""
    path = beside(report)
    if not path.exists():
        return {}
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["decisions"]
        return {row["key"]: Decision.model_validate(row) for row in listed}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            [Problem("is no file of decisions", "what treves review wrote", str(path))]
        ) from error


def dumps(decisions: Mapping[str, Decision]) -> str:
    """The decisions as the text of a file."""
    rows = [decision.model_dump(mode="json") for decision in decisions.values()]
    for row in rows:
        row["on"] = str(row["on"])
    return json.dumps({"decisions": rows}, indent=1, ensure_ascii=False) + "\n"


def settled(claims: Iterable[Claim], decisions: Mapping[str, Decision]) -> tuple[Claim, ...]:
    """Claims as decided: rejected ones gone, corrected ones changed, both kinds kept fully sure.

    >>> read = Claim(source="s", span=(0, 3), quote="nee", stance="accept", confidence=0.4)
    >>> said = Decision(key=read.key, verdict="correct", by="AB", on=dt.date(2023, 7, 6),
    ...                 changes={"stance": "reject"})
    >>> [(c.stance, c.confidence) for c in settled([read], {read.key: said})]
    [('reject', 1.0)]
    """
    kept = []
    for claim in claims:
        decision = decisions.get(claim.key)
        if decision is None:
            kept.append(claim)
        elif decision.verdict != "reject":
            kept.append(corrected(claim, decision.changes))
    return tuple(kept)


def parse_changes(text: str) -> dict[str, Any]:
    """Corrections as typed: ``stance=reject party=CU``; ``party=`` empties a field.

    >>> parse_changes("stance=reject position='nuclear family only' party=")
    {'stance': 'reject', 'position': 'nuclear family only', 'party': None}
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InputError([Problem(f"{text}: {error}", "stance=reject party=CU")]) from error
    if not words or any("=" not in word for word in words):
        raise InputError([Problem(f"{text or 'nothing'} is no correction", "stance=reject")])
    pairs = (word.split("=", 1) for word in words)
    return {name: value or None for name, value in pairs}


def try_draft(
    claims: Iterable[Claim], base: Case | None, sources: Sequence[Source], as_of: dt.date | None
) -> Draft | None:
    """A draft, or None while the claims are too few for one."""
    try:
        return draft(claims, base, sources, as_of)
    except CaseError:
        return None


def numbers(made: Draft | None) -> dict[str, Any]:
    """Path and value of every number that a draft changed."""
    return {edit.path: edit.value for edit in made.edits} if made else {}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Numbers that two drafts have differently, with both values; None where one has it not."""
    paths = sorted({*before, *after})
    return [
        (path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def queue(
    claims: Sequence[Claim], base: Case | None, sources: Sequence[Source], as_of: dt.date | None
) -> list[Claim]:
    """Claims in the order worth reviewing: the least certain and most influential first.

    A claim's influence is how far the numbers of the draft move when it is left out.
    """
    whole = numbers(try_draft(claims, base, sources, as_of))

    def worth(k: int) -> float:
        claim = claims[k]
        influence = 0.0
        if k < MOST_EFFECTS and (claim.party or claim.group):
            rest = [*claims[:k], *claims[k + 1 :]]
            changed = differences(whole, numbers(try_draft(rest, base, sources, as_of)))
            influence = sum(_distance(old, new) for _, old, new in changed)
        return (1.0 - claim.confidence) * (LEAST_INFLUENCE + influence)

    order = sorted(range(len(claims)), key=lambda k: (-worth(k), k))
    return [claims[k] for k in order]


def _distance(old: Any, new: Any) -> float:
    """How far a number moved, 0 to 1; one that appears or goes counts in full."""
    one, other = _flat(old), _flat(new)
    if len(one) != len(other) or not one:
        return 1.0
    scale = 1.0 if max(map(abs, (*one, *other))) <= 1 else 100.0
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) / scale


def _flat(value: Any) -> list[float]:
    """A number as its low, mode and high, whichever way it was written."""
    if isinstance(value, int | float):
        return [float(value)] * 3
    if isinstance(value, list | tuple) and len(value) == 3:
        return [float(part) for part in value]
    if isinstance(value, list | tuple):
        return [number for edge in value for number in _flat(edge)]
    return []

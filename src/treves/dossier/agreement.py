"""Do several coders see the same: disagreements by claim, and Krippendorff's alpha."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from treves.case.evidence import Claim
from treves.dossier import schema
from treves.dossier.reviews import Review, reviews_of, standing
from treves.dossier.store import Store

# What coders can disagree on; a rejected claim is none for all of them.
FIELDS = ("stance", "party", "issue", "certainty")
NO_CLAIM = "no claim"


@dataclass(frozen=True)
class Disagreement:
    """A claim on which coders differ: per coder what it is to them."""

    key: str
    field: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Agreement:
    """Alpha per field (None where it is not defined), and every disagreement."""

    coders: tuple[str, ...]
    claims: int
    alpha: Mapping[str, float | None]
    disagreements: tuple[Disagreement, ...]


def alpha(units: Iterable[Iterable[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values (Krippendorff 2004, chapter 11).

    units: for each unit the values that coders gave it; who gave none is left out. None when no
    unit has two values, or when only one value was ever given.

    >>> round(alpha([("a", "a"), ("b", "b"), ("a", "b")]), 3)
    0.444
    """
    pairable = [values for unit in units if len(values := list(unit)) > 1]
    totals = Counter(value for values in pairable for value in values)
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = 0.0
    for values in pairable:
        same = sum(count * count for count in Counter(values).values())
        observed += (len(values) ** 2 - same) / (len(values) - 1)
    return 1.0 - (n - 1) * observed / expected


def agreement(store: Store, dispute: str) -> Agreement:
    """How far the coders of a dispute agree, by the last verdict of each on each claim."""
    table = schema.claims
    with store.reading() as connection:
        stood = standing(reviews_of(connection, dispute))
        query = select(table.c.key, table.c.body_json).where(table.c.dispute == dispute)
        bodies = {r.key: r.body_json for r in connection.execute(query) if r.key in stood}
    verdicts = {key: {review.by: review for review in held} for key, held in stood.items()}
    values = {
        field: {key: _values(bodies[key], by, field) for key, by in verdicts.items()}
        for field in FIELDS
    }
    differing = [
        Disagreement(key, field, told)
        for field in FIELDS
        for key, told in values[field].items()
        if len(set(told.values())) > 1
    ]
    return Agreement(
        coders=tuple(sorted({by for held in verdicts.values() for by in held})),
        claims=sum(len(by) > 1 for by in verdicts.values()),
        alpha={f: alpha(told.values() for told in values[f].values()) for f in FIELDS},
        disagreements=tuple(differing),
    )


def _values(body: str, verdicts: Mapping[str, Review], field: str) -> dict[str, str]:
    original = json.loads(body)
    default = Claim.model_fields[field].default
    return {
        by: NO_CLAIM
        if review.state == "rejected"
        else str({**original, **review.changes}.get(field, default))
        for by, review in verdicts.items()
    }

"""Outside numbers that reports name: an inflow expected below 70,000. They change no model."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from treves.case.estimate import Estimate
from treves.case.evidence import Claim, Source
from treves.case.model import Fact
from treves.reading.phrases import first, words_of

# A smaller number without a unit counts parties, votes or days and not the world outside.
SMALLEST = 100


def facts_of(
    claims: Iterable[Claim], reports: Mapping[str, Source], held: Iterable[Fact] = ()
) -> tuple[Fact, ...]:
    """Facts out of the claims that name a quantity, after those that the case already ``held``.

    The same number about the same issue is one fact with several claims. A number that the case
    holds already only gains claims.

    >>> said = "De instroom valt lager uit dan de verwachte 70.000"
    >>> claim = Claim(source="s", span=(0, len(said)), quote=said, issue="inflow", quantity=70000)
    >>> [(f.id, f.value.mode, f.comparator) for f in facts_of([claim], {})]
    [('inflow_70000', 70000.0, 'below')]
    """
    facts = {fact.id: fact for fact in held}
    for claim in claims:
        if claim.quantity is None or claim.certainty == "denied":
            continue
        unit = words_of(claim.quote, "units")
        if abs(claim.quantity) < SMALLEST and unit is None:
            continue
        name = _name(claim)
        same = next((f for f in facts.values() if _same(f, claim, name)), None)
        if same is None:
            same = _fact(name, claim, unit, reports.get(claim.source))
        if claim.key not in same.claims:
            same = same.model_copy(update={"claims": (*same.claims, claim.key)})
        facts[same.id] = same
    return tuple(facts.values())


def _fact(name: str, claim: Claim, unit: str | None, source: Source | None) -> Fact:
    comparator = first(claim.quote, "below", "above", "about") or "equals"
    told = {
        "id": name,
        "quantity": claim.quote[:200],
        "value": Estimate.of(claim.quantity),
        "unit": unit,
        "comparator": comparator,
        "as_of": _day(claim.date or (source.date if source else None)),
        "source": source.outlet if source else None,
    }
    return Fact.model_validate({k: v for k, v in told.items() if v is not None})


def _same(fact: Fact, claim: Claim, name: str) -> bool:
    """The same number under the same name, or one that the case's own fact stands for."""
    if fact.id == name:
        return True
    coded = not fact.claims and fact.value.mode == claim.quantity
    return coded and abs(claim.quantity or 0) >= SMALLEST


def _name(claim: Claim) -> str:
    about = re.sub(r"[^\w-]", "", claim.issue or "number")[:40] or "number"
    return f"{about}_{claim.quantity:.10g}".replace(".", "-").replace("+", "")


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None

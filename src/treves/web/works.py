"""The views that take long, as plain data: endgame, settlement models, sensitivity, deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from treves.case.model import Case
from treves.dossier.living import Step as Added
from treves.errors import InputError, Problem
from treves.forecast.run import DRAWS
from treves.forecast.settling import settle
from treves.forecast.story import Story, tell
from treves.forecast.tornado import sensitivity
from treves.forecast.zones import carried, zone_odds
from treves.forecast.zones import deals as find_deals
from treves.reading.draft import of_parties
from treves.report.phrases import package_words
from treves.settlement.catalogue import MODELS
from treves.web.jobs import Step
from treves.web.shelf import Table

SETTLE_DRAWS = 1000
MOST_PACKAGES = 500


def story(table: Table, case: Case) -> Story:
    """Why it ends so. What was told in confidence tells nothing of a bluff either."""
    known = table.room.known()
    confided = {source.id for source in known.sources if source.confided}
    claims = [claim for claim in known.claims.values() if claim.source not in confided]
    return tell(case, draws=DRAWS, claims=of_parties(claims, case))


def deals(case: Case, rule: str | None, top: int) -> dict[str, Any]:
    """Packages in order of the probability that all needed accept (or a rule carries) them."""
    if not 1 <= top <= MOST_PACKAGES:
        raise InputError([Problem(f"{top} packages", f"1 to {MOST_PACKAGES}")])
    found = find_deals(case, draws=DRAWS)
    odds = zone_odds(found, top, carried(case, found, rule) if rule else None)
    plain: dict[str, Any] = odds.model_dump(mode="json")
    for package in plain["packages"]:
        package["words"] = package_words(case, package["values"])
    return plain


def models(case: Case, step: Step) -> dict[str, Any]:
    """What every settlement model says, model by model; those that lack something say what."""
    found: dict[str, Any] = {}
    lacking: dict[str, str] = {}
    for k, name in enumerate(MODELS):
        step(f"model {name}", k / len(MODELS))
        try:
            made = settle(case, [name], draws=SETTLE_DRAWS)
        except InputError as error:
            lacking[name] = str(error.problems[0].what)
            continue
        found |= {m: {i: s.model_dump() for i, s in rows.items()} for m, rows in made.items()}
    return {"draws": SETTLE_DRAWS, "models": found, "lacking": lacking}


def vary(case: Case, step: Step) -> dict[str, Any]:
    """Which numbers the forecast rests on, and which of them would change the ending."""
    plain: dict[str, Any] = sensitivity(case, progress=step).model_dump(mode="json")
    return plain


def endgame(story: Story) -> dict[str, Any]:
    """The endgame explained, as plain data."""
    plain: dict[str, Any] = _plain(story.record())
    return plain


WORKS: Mapping[str, Callable[[Case, Step], dict[str, Any]]] = {
    "settle": models,
    "sensitivity": vary,
}


def step_record(added: Added) -> dict[str, Any]:
    """What one addition to a dossier did."""
    source = added.source
    return {
        "source": source.id if source else None,
        "title": source.title if source else None,
        "new": added.is_new,
        "claims": added.claims,
        "before": dict(added.before) if added.before else None,
        "outcomes": dict(added.forecast.outcomes) if added.forecast else None,
        "reasons": [reason.model_dump(mode="json") for reason in added.reasons],
        "note": added.note,
    }


def _plain(value: Any) -> Any:
    """Plain data: numbers of numpy as numbers, NaN as absent."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value

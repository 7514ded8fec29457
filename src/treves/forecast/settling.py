"""All settlement models side by side on the draws of one case."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from treves.case.model import Case
from treves.deals.solutions import CONCEPTS, solve_draws
from treves.deals.space import Space, package_space
from treves.forecast.result import Spread
from treves.forecast.sampling import sample
from treves.profile import PARTY_FIELDS, STANCE_FIELDS, Body, Floats, Profile, body_of, modal
from treves.settlement.catalogue import MODELS, lacks, refuse
from treves.settlement.catalogue import settle as settle_model

QUANTILES = (("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95))

Settlements = dict[str, dict[str, Spread]]


def settle(case: Case, models: Iterable[str] = (), seed: int = 0, draws: int = 2000) -> Settlements:
    """What every settlement model says will be decided, per issue, over the draws of a case.

    models: ids of the catalogue; none means all. A model that needs something the case does not
    say is left out, unless it was asked for: then InputError says what is missing. An issue that
    a model cannot settle in any draw is left out.

    >>> from treves.catalogue import load_example
    >>> found = settle(load_example("asylum"), ["mean", "median"], draws=64)
    >>> sorted(found)
    ['mean', 'median']
    """
    wanted = tuple(models)
    profile = sample(case, draws, np.random.default_rng(seed)).profile
    if not wanted:
        return settlements(case, profile, MODELS, seed)
    body, space = body_of(case), space_of(case, profile)
    return {name: _spreads(profile, settled(name, profile, space, seed, body)) for name in wanted}


def settlements(case: Case, profile: Profile, models: Iterable[str], seed: int) -> Settlements:
    """The same on draws that are there already; models that lack something are left out."""
    body, space = body_of(case), space_of(case, profile)
    return {
        name: _spreads(profile, settled(name, profile, space, seed, body))
        for name in models
        if not lacks(MODELS[name].card, profile, body)
    }


def left_out(case: Case) -> dict[str, tuple[str, ...]]:
    """Models that cannot settle a case, each with what it needs and the case does not have."""
    profile, body = modal(case), body_of(case)
    found = {name: lacks(model.card, profile, body) for name, model in MODELS.items()}
    return {name: missing for name, missing in found.items() if missing}


def settled(name: str, profile: Profile, space: Space, seed: int, body: Body) -> Floats:
    """What one model says in every draw, axes (d, i); NaN where it says nothing."""
    known = MODELS.get(name)
    if known and not known.card.random and len(profile.position) > 1 and _is_exact(profile):
        once = settled(name, profile.at(slice(0, 1)), space, seed, body)
        return np.repeat(once, len(profile.position), axis=0)
    concept = next((c for c in CONCEPTS if c == name), None)
    if concept is not None:
        refuse(MODELS[concept].card, profile, body)
        return solve_draws(profile, space.packages, concept)
    return settle_model(name, profile, np.random.default_rng(seed), body)


def _is_exact(profile: Profile) -> bool:
    """Whether all draws are the same: a case without ranges needs no model to be run twice."""
    held = (getattr(profile, name) for name in (*STANCE_FIELDS, *PARTY_FIELDS))
    return all(np.array_equal(a, np.broadcast_to(a[:1], a.shape), equal_nan=True) for a in held)


def space_of(case: Case, profile: Profile | None = None) -> Space:
    """The packages of a case: labelled points, red lines, positions, status quo, a grid.

    profile: draws, with which a space too large to list is searched.
    """
    likely = modal(case)
    return package_space(
        likely if profile is None else profile,
        [list(issue.points) for issue in case.issues],
        [issue.continuous for issue in case.issues],
        modal=likely,
    )


def short(value: float) -> float:
    """Twelve decimals: enough for any use, and the same text for the same number."""
    return round(float(value), 12) + 0.0  # never -0


def _spreads(profile: Profile, values: Floats) -> dict[str, Spread]:
    found = {}
    for i, issue in enumerate(profile.issues):
        known = values[~np.isnan(values[:, i]), i]
        if len(known):
            quantiles = {name: short(np.quantile(known, q)) for name, q in QUANTILES}
            found[issue] = Spread(mean=short(known.mean()), **quantiles)
    return found

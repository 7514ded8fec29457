"""The list of settlement models. Adding one: a file with ``MODEL``, and a line in ``MODELS``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from treves.errors import InputError, Problem
from treves.profile import Body, Floats, Profile
from treves.settlement import (
    baron_ferejohn,
    challenge,
    exchange,
    mean,
    median,
    predictioneer,
    setter,
    smp,
)
from treves.settlement.card import Card, Model

__all__ = ["MODELS", "Card", "Model", "lacks", "refuse", "settle"]

# These live once, in the room `deals`; `forecast` puts their functions in.
_IN_DEALS = tuple(
    Model(Card(id, names, sources, needs=("position", "salience", "power", "stakes")))
    for id, names, sources in (
        ("nash", ("Nash bargaining solution",), ("nash1950", "kalai1977weighted")),
        ("kalai_smorodinsky", ("Kalai-Smorodinsky solution",), ("kalai1975",)),
        ("egalitarian", ("egalitarian solution", "proportional solution"), ("kalai1977",)),
        ("utilitarian", ("utilitarian solution",), ("harsanyi1955",)),
    )
)

MODELS: dict[str, Model] = {
    model.card.id: model
    for model in (
        mean.MODEL,
        median.MODEL,
        *_IN_DEALS,
        challenge.MODEL,
        smp.MODEL,
        exchange.MODEL,
        predictioneer.MODEL,
        setter.MODEL,
        baron_ferejohn.MODEL,
    )
}


def settle(
    model_id: str,
    profile: Profile,
    rng: np.random.Generator | None = None,
    body: Body | None = None,
    models: Mapping[str, Model] = MODELS,
) -> Floats:
    """What one model predicts per issue, axes (..., i), 0-100; NaN where it predicts nothing.

    ``rng`` goes to models that draw (the same seed gives the same answer; seed 0 when absent),
    ``body`` to models that need to know who leads. Raises InputError for an unknown model, for a
    model whose function another room holds, and where the case lacks what the model needs.

    >>> from treves.settlement.table import profile_of
    >>> settle("mean", profile_of([[0.0], [100.0]])).tolist()
    [50.0]
    """
    model = models.get(model_id)
    if model is None:
        known = ", ".join(models)
        raise InputError([Problem(f"no settlement model is called {model_id!r}", known)])
    if model.settle is None:
        what = f"{model_id} is a solution over packages; treves.deals computes it"
        raise InputError([Problem(what)])
    refuse(model.card, profile, body)
    options: dict[str, object] = {}
    if model.card.random:
        options["rng"] = np.random.default_rng(0) if rng is None else rng
    if model.card.body:
        if body is None:
            raise InputError([Problem(f"model {model_id} needs the rules of a body", "body=")])
        options["body"] = body
    return model.settle(profile, **options)


def lacks(card: Card, profile: Profile, body: Body | None = None) -> tuple[str, ...]:
    """What a model needs and the case does not say, in words of ``Card.needs``."""
    known = {
        "position": not np.isnan(profile.position).all(),
        "salience": not np.isnan(profile.salience).all(),
        "power": not np.isnan(profile.power).all(),
        "status_quo": not np.isnan(profile.status_quo_point).all(),
        "chair": body is not None and body.chair >= 0,
    }
    missing = [need for need in card.needs if not known.get(need, True)]
    if card.most is not None and len(profile.parties) > card.most:
        missing.append(f"at most {card.most} parties")
    return tuple(missing)


def refuse(card: Card, profile: Profile, body: Body | None = None) -> None:
    """Raise InputError where a model needs what the case does not say."""
    missing = lacks(card, profile, body)
    if missing:
        raise InputError([Problem(f"model {card.id} needs {', '.join(missing)}")])

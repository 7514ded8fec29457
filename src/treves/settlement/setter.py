"""The agenda setter: one party proposes, the others can only take it or keep the status quo."""

from __future__ import annotations

import numpy as np

from treves.errors import InputError, Problem
from treves.profile import Body, Floats, Profile
from treves.settlement.card import Card, Model
from treves.settlement.voting import carries


def settle(profile: Profile, body: Body) -> Floats:
    """The best proposal of the chair that carries against the status quo, axes (..., i), 0-100.

    A party accepts what is at least as near to its position as the status quo; indifference is
    resolved for the setter. The status quo where nothing better for the chair carries. NaN where
    the status quo or the position of the chair is unknown. Parties without a position abstain,
    which counts as no against a quota and blocks nothing under consensus.
    Source: Romer and Rosenthal (1978).

    Raises InputError where nobody leads.
    """
    if body.chair < 0:
        raise InputError([Problem("nobody leads this body", "`chair: true` at one party")])
    position = np.moveaxis(np.where(profile.present, profile.position, np.nan), -1, -2)
    known = ~np.isnan(position)
    quo = np.broadcast_to(profile.status_quo_point, position.shape[:-1])
    ideal = position[..., body.chair]
    # Every party accepts the points between the status quo and its mirror image in the position.
    mirror = 2.0 * position - quo[..., None]
    side = np.sign(ideal - quo)[..., None]
    reach = (mirror - quo[..., None]) * side
    wanted = np.abs(ideal - quo)
    # Proposals worth making: what the chair wants, or where one more party stops accepting.
    steps = np.concatenate([wanted[..., None], np.minimum(reach, wanted[..., None])], axis=-1)
    steps = np.where(steps > 0.0, steps, 0.0)
    yes = reach[..., None, :] >= steps[..., :, None] - 1e-9
    silent = np.broadcast_to(~known[..., None, :], yes.shape)
    if body.decision in ("consensus", "negotiation", "unanimity", "veto"):
        yes = yes | silent
    passed = carries(body, profile.needed, yes)
    best = np.where(passed, steps, 0.0).max(axis=-1)
    outcome = quo + side[..., 0] * best
    return np.where(np.isnan(ideal) | np.isnan(quo), np.nan, outcome)


MODEL = Model(
    Card(
        id="setter",
        names=("agenda setter model",),
        sources=("romer1978",),
        needs=("position", "salience", "power", "status_quo", "chair"),
        body=True,
    ),
    settle,
)

"""A case drawn and its endgame solved: what forecast and explanation both start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from treves.case.calendar import horizon
from treves.case.model import Case
from treves.deals.space import Space
from treves.endgame import Endgame, Play, orders, play, precision_draws
from treves.endgame.menu import choose_menu
from treves.forecast.sampling import Sample, sample
from treves.forecast.settling import space_of
from treves.profile import Body, Floats, body_of


@dataclass(frozen=True)
class Played:
    """Draws of a case, its packages, the menu (k, i) on the table, and the solved endgame."""

    case: Case
    drawn: Sample
    space: Space
    menu: Floats
    body: Body
    precision: Floats
    game: Endgame


def options_of(body: Body) -> Play:
    """The game under every order of play worth comparing."""
    return Play(orders=tuple(tuple(int(p) for p in row) for row in orders(body)))


def play_case(case: Case, seed: int, draws: int, like: Case | None = None) -> Played:
    """Draw the numbers of a case, choose the packages that matter, solve the endgame.

    like: the case that this one is a change of (:func:`treves.forecast.sampling.sample`).
    """
    horizon(case)  # an endgame counts from a day: refused where the case has none
    drawn = sample(case, draws, np.random.default_rng(seed), like)
    space, body = space_of(case, drawn.profile), body_of(case)
    menu = space.packages[choose_menu(drawn.profile, space.packages)]
    precision = precision_draws(drawn.precision)
    game = play(drawn.profile, body, menu, precision, options_of(body))
    return Played(case, drawn, space, menu, body, precision, game)

"""Sobol indices: what share of the variance of a forecast each number causes, alone and in all.

First order: what knowing the number would take away. Total: what would stay if all else were known
(Sobol 2001; design of Saltelli et al. 2010, by the library SALib). They need numbers that are
independent: partners of a bloc move together, so that their number is one input. How sharply the
parties choose and who proposes first are inputs as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from treves.case.model import Case
from treves.endgame import OUTCOMES
from treves.errors import MissingExtra
from treves.forecast.glance import menu_of, solve_under
from treves.forecast.playing import options_of
from treves.forecast.sampling import (
    sample,
    sample_at,
    shared_factors,
    uncertain_numbers,
)
from treves.forecast.sensitivity import in_headline_scale
from treves.forecast.settling import settled, space_of
from treves.profile import Floats, body_of

# A run is one draw under one order of play. Bases are powers of two: Sobol points need it.
MOST_RUNS = 12_000
BASES = (1024, 512, 256, 128, 64, 32)
MODELS = ("mean", "median")
PRECISION, ORDER = "precision of choice", "order of play"
EDGE = 1e-12

Model = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Indices:
    """First-order and total indices with the half width of their 95% intervals, axes (output, g).

    ``groups`` (g): names of the inputs.
    """

    groups: tuple[str, ...]
    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats


def sobol_indices(model: Model, groups: Sequence[str], base: int, seed: int) -> Indices:
    """Indices of every output of a model of uniform inputs.

    model: uniforms (run, column) to outputs (run, output). groups: the name of each column; columns
    of one name are one input. base: a power of two; the model is run base x (inputs + 2) times at
    once. Outputs that never vary have indices of 0. Raises MissingExtra where SALib is absent.

    >>> found = sobol_indices(lambda u: u @ np.array([[2.0], [1.0]]), ["a", "b"], 512, 0)
    >>> found.first.round(1).tolist(), found.total.round(1).tolist()
    ([[0.8, 0.2]], [[0.8, 0.2]])
    """
    sampler, analyser = _library("SALib.sample.sobol"), _library("SALib.analyze.sobol")
    names = list(dict.fromkeys(groups))
    problem = {
        "num_vars": len(groups),
        "names": [f"{name} {k}" for k, name in enumerate(groups)],
        "groups": list(groups),
        "bounds": [[0.0, 1.0]] * len(groups),
    }
    # SALib takes a seed of 0 for none and would then use the global random state.
    fixed = {"calc_second_order": False, "seed": seed + 1}
    outputs = model(np.clip(sampler.sample(problem, base, **fixed), EDGE, 1.0 - EDGE))
    found = np.zeros((4, outputs.shape[1], len(names)))
    for k, output in enumerate(outputs.T):
        if np.ptp(output) > EDGE:
            held = analyser.analyze(problem, output, **fixed)
            found[:, k] = [held[name] for name in ("S1", "S1_conf", "ST", "ST_conf")]
    # Small indices come out negative by chance.
    found[[0, 2]] = np.clip(found[[0, 2]], 0.0, 1.0)
    return Indices(tuple(names), *found)


def case_indices(
    case: Case, headline: str, seed: int, prior: str
) -> tuple[tuple[str, ...], Indices]:
    """Indices of the headline and of each settlement of a case; names of the outputs, indices.

    Outputs: ``headline``, and MODEL.ISSUE for the compromise and the median of each issue.
    Raises MissingExtra where SALib is absent.
    """
    groups = inputs_of(case)
    room = MOST_RUNS // (len(set(groups)) + 2)
    base = next((b for b in BASES if b <= room), BASES[-1])
    body = body_of(case)
    typical = sample(case, 256, np.random.default_rng(seed)).profile
    menu, space = menu_of(case, typical), space_of(case, typical)
    orders = len(options_of(body).orders or ())
    column = OUTCOMES.index(headline)

    def model(uniforms: Floats) -> Floats:
        drawn = sample_at(case, uniforms[:, :-1])
        order = np.minimum((uniforms[:, -1] * orders).astype(np.int64), orders - 1)
        odds, _ = solve_under(drawn, body, menu, order)
        values = [settled(name, drawn.profile, space, seed, body) for name in MODELS]
        # An issue on which nobody has a position is settled in no draw.
        event = in_headline_scale(odds, prior)[:, column]
        return np.nan_to_num(np.column_stack([event, *values]))

    names = ["headline", *(f"{name}.{i.id}" for name in MODELS for i in case.issues)]
    return tuple(names), sobol_indices(model, groups, base, seed)


def inputs_of(case: Case) -> list[str]:
    """The input behind each uniform of a draw: precision, numbers, factors of blocs, order.

    A number and the factor it shares with its partners are one input, named after all of them.
    """
    numbers = uncertain_numbers(case)
    names = [number.path(case) for number in numbers]
    shared = shared_factors(case, numbers)
    for columns in shared:
        together = " and ".join(names[k] for k in columns)
        for k in columns:
            names[k] = together
    factors = [names[columns[0]] for columns in shared]
    return [PRECISION, *names, *factors, ORDER]


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra("total indices", "sensitivity") from error

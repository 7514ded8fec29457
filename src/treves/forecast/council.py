"""Capabilities in the Council of the European Union: votes by treaty regime, populations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from treves.errors import InputError, Problem
from treves.resources import resource

REGIMES = ("pre_nice", "nice", "lisbon")
CAPABILITIES = ("sqrt_population", "population", "equal", *REGIMES[:2])
# The Commission and the Parliament have no votes in the Council; they count as much as Germany,
# an option of `capabilities`; half of it, or none, forecasts worse (docs/forecast.md).
INSTITUTIONS = ("com", "ep")


@cache
def council() -> Mapping[str, Any]:
    """Votes, populations and quotas, with their sources."""
    data: Mapping[str, Any] = json.loads(
        resource("forecast", "data", "council.json").read_text(encoding="utf-8")
    )
    return data


def capabilities(kind: str = "sqrt_population", institutions: float = 1.0) -> dict[str, float]:
    """Capability of every actor of DEU. ``institutions``: Commission and Parliament, in Germanies.

    kind: ``sqrt_population`` (the default), ``population``, ``equal``, or the votes under
    ``pre_nice`` or ``nice`` (members after 2004 have no votes under the former).

    >>> votes = capabilities("nice")
    >>> votes["de"], votes["mt"], votes["com"]
    (29.0, 3.0, 29.0)
    """
    if kind not in CAPABILITIES:
        raise InputError([Problem(f"no capability is called {kind!r}", ", ".join(CAPABILITIES))])
    population = council()["population"]
    if kind == "sqrt_population":
        found = {a: float(np.sqrt(n)) for a, n in population.items()}
    elif kind == "population":
        found = {a: float(n) for a, n in population.items()}
    elif kind == "equal":
        found = dict.fromkeys(population, 1.0)
    else:
        found = {a: float(v) for a, v in council()[kind].items()}
    return found | dict.fromkeys(INSTITUTIONS, institutions * found["de"])

"""Chance inside compiled loops: numbers that depend on nothing but their seed and place."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def uniform(seed: int, turn: int, index: int) -> float:
    """A number in [0, 1) for a seed, a turn and an index within it (splitmix64).

    Draws that do not share a state can be made in any order and in any number of threads.
    """
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    z += (np.uint64(turn) + np.uint64(1)) * np.uint64(0xD1B54A32D192ED03)
    z += (np.uint64(index) + np.uint64(1)) * np.uint64(0x8CB92BA72F3D8DD7)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) / 9007199254740992.0

"""Runs a compiled kernel on blocks of draws in threads.

Draws do not depend on each other, so the answer does not depend on the number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treves.profile import Floats

# Work per thread below which a thread costs more than it saves, in draws x parties^2 x issues.
LEAST_WORK = 50_000


def over_draws(
    kernel: Callable[..., Floats],
    arrays: tuple[NDArray[Any], ...],
    *rest: object,
    work: int | None = None,
) -> Floats:
    """``kernel(*arrays, *rest)`` with the first axis of the arrays cut into one block per core.

    The kernel must release the interpreter lock (``nogil``); its result has the draws first.
    ``work`` is that of one draw; by default parties^2 x issues of the first array.
    """
    # One memory layout means one compiled version of the kernel.
    arrays = tuple(np.array(a, order="C") for a in arrays)
    draws = len(arrays[0])
    if work is None:
        parties, issues = arrays[0].shape[1:3]
        work = parties * parties * issues
    blocks = min(os.cpu_count() or 1, 1 + draws * work // LEAST_WORK, max(draws, 1))
    if blocks == 1:
        return kernel(*arrays, *rest)
    cuts = np.linspace(0, draws, blocks + 1).astype(int)
    slices = [slice(a, b) for a, b in pairwise(cuts)]
    with ThreadPoolExecutor(blocks) as pool:
        jobs = [pool.submit(kernel, *(a[s] for a in arrays), *rest) for s in slices]
        return np.concatenate([job.result() for job in jobs])

"""How fast deals are found, beside NegMAS and paretoset on the same numbers.

Run ``python benchmarks/deals.py`` (``--quick`` leaves out what takes the peers more than a few
seconds). Every line is one fresh process: CPU seconds are the least of several runs after a warm-up
on a small problem; memory is what the peak grew by after that warm-up. Peers that are not installed
are left out. Results that can be compared are compared, and a difference stops the run.
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import resource
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise, product
from typing import Any

import numpy as np

from treves.deals.frontier import frontier_of_blocks, pareto
from treves.deals.preferences import additive
from treves.deals.solutions import solve_tables
from treves.deals.space import LIMIT, Space, search
from treves.deals.zone import agreeable
from treves.profile import Profile

LEVELS = 10


def tables(parties: int, issues: int, seed: int = 0) -> list[np.ndarray]:
    """Random additive worth: 10 levels an issue, weights that sum to 1 for every party."""
    rng = np.random.default_rng(seed)
    weight = rng.uniform(size=(parties, issues))
    weight /= weight.sum(axis=1, keepdims=True)
    return [rng.uniform(size=(LEVELS, parties)) * weight[:, i] for i in range(issues)]


def profile(parties: int, issues: int, draws: int) -> Profile:
    """Random positions with intervals around them."""
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 100, (draws, parties, issues))
    half = rng.uniform(20, 70, (2, *x.shape))
    flat = dict.fromkeys(
        ("power", "content_weight", "collapse", "status_quo", "outvoted", "outside", "blame"),
        np.ones((draws, parties)),
    )
    return Profile(
        parties=tuple(f"party{p}" for p in range(parties)),
        issues=tuple(f"issue{i}" for i in range(issues)),
        position=x,
        low=np.clip(x - half[0], 0, 100),
        high=np.clip(x + half[1], 0, 100),
        salience=np.ones(x.shape),
        dislikes_vote=np.zeros((draws, parties)),
        needed=np.ones(parties, dtype=bool),
        status_quo_point=np.full(issues, 50.0),
        **flat,
    )


def frontier_and_solutions(parties: int, issues: int) -> Callable[[], Any]:
    """Frontier, Nash, Kalai-Smorodinsky, max-min and utilitarian, ours."""
    worth = additive(tables(parties, issues))
    none = np.zeros(parties)

    def run() -> tuple[int, list[float]]:
        frontier, found = solve_tables(worth, none)
        return len(frontier), found.values[found.row("nash")].round(9).tolist()

    return run


def frontier_and_solutions_negmas(parties: int, issues: int) -> Callable[[], Any]:
    """Frontier, Nash and Kalai-Smorodinsky, NegMAS from utility functions to points."""
    warnings.simplefilter("ignore")
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.ops import ks_points, nash_points, pareto_frontier
    from negmas.preferences.value_fun import TableFun

    worth = tables(parties, issues)
    names = [make_issue(list(range(LEVELS)), f"issue{i}") for i in range(issues)]
    space = make_os(names)
    functions = [
        LinearAdditiveUtilityFunction(
            values=[TableFun(dict(enumerate(t[:, p].tolist()))) for t in worth],
            weights=[1.0] * issues,
            outcome_space=space,
            reserved_value=0.0,
        )
        for p in range(parties)
    ]
    ranges = [(0.0, float(sum(t[:, p].max() for t in worth))) for p in range(parties)]

    def run() -> tuple[int, list[float]]:
        points, _ = pareto_frontier(functions, issues=names)
        best = nash_points(functions, points, ranges=ranges, issues=names)
        ks_points(functions, points, ranges=ranges, issues=names)
        return len(set(points)), np.round(best[0][0], 9).tolist()

    return run


def array(parties: int, issues: int, spread: bool) -> np.ndarray:
    """10^issues rows: independent numbers, or the additive worth of every package."""
    if spread:
        return np.random.default_rng(2).uniform(size=(LEVELS**issues, parties))
    values = np.zeros((1, parties))
    for table in tables(parties, issues):
        values = (values[:, None, :] + table[None, :, :]).reshape(-1, parties)
    return values


def frontier_of_array(parties: int, issues: int, spread: bool) -> Callable[[], Any]:
    """Frontier of a given array, ours."""
    values = array(parties, issues, spread)
    return lambda: len(pareto(values))


def frontier_of_array_paretoset(parties: int, issues: int, spread: bool) -> Callable[[], Any]:
    """Frontier of a given array, paretoset."""
    from paretoset import paretoset

    values = array(parties, issues, spread)
    return lambda: int(paretoset(values, sense=["max"] * parties).sum())


def everybody_can_live_with(count: int, draws: int, spread: bool) -> Callable[[], Any]:
    """Probability that everybody can live with each package, 4 parties, 6 issues."""
    case = profile(4, 6, draws)
    rng = np.random.default_rng(3)
    shape = (count, 6)
    packages = rng.uniform(0, 100, shape) if spread else rng.integers(0, 11, shape) * 10.0
    return lambda: round(float(agreeable(case, packages).probability.sum()), 9)


def streamed(issues: int) -> Callable[[], Any]:
    """Frontier of 4 parties for a worth that does not add up: pairs of issues matter together."""
    worth = tables(4, issues)
    space = Space(
        tuple(f"issue{i}" for i in range(issues)),
        tuple(np.arange(LEVELS, dtype=float) for _ in worth),
        np.empty((0, issues)),
        complete=True,
        bound=0.0,
    )

    def together(packages: np.ndarray) -> np.ndarray:
        held = [table[packages[:, i].astype(int)] for i, table in enumerate(worth)]
        return sum(held) + sum(np.minimum(a, b) for a, b in pairwise(held))

    return lambda: len(frontier_of_blocks(space.blocks(), together))


def searched(parties: int, issues: int, draws: int) -> Callable[[], Any]:
    """The 20,000 likeliest of a space too large to list."""
    case = profile(parties, issues, draws)
    levels = [np.linspace(0.0, 100.0, LEVELS + 1)] * issues
    return lambda: round(search(case, levels, LIMIT)[1], 9)


def measure(
    work: Callable[..., Callable[[], Any]], small: tuple[Any, ...], arguments: tuple[Any, ...]
) -> tuple[float, float, Any]:
    """CPU seconds, MiB above the start, and the result, in a fresh process."""
    with mp.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, small, arguments))


def _measured(
    work: Callable[..., Callable[[], Any]], small: tuple[Any, ...], arguments: tuple[Any, ...]
) -> tuple[float, float, Any]:
    work(*small)()
    run = work(*arguments)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, spent, result = np.inf, 0.0, None
    while spent < 1.0 and best > 0.0:
        start = time.process_time()
        result = run()
        used = time.process_time() - start
        best, spent = min(best, used), spent + max(used, 1e-3)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return best, (after - before) / 1024, result


def compare(
    label: str,
    ours: tuple[Callable[..., Any], tuple[Any, ...], tuple[Any, ...]],
    peer: tuple[str, Callable[..., Any], tuple[Any, ...], tuple[Any, ...]] | None,
) -> None:
    """Print one line; raise SystemExit when the results differ."""
    seconds, grown, result = measure(*ours)
    line = f"{label:<46} {seconds * 1e3:>10.3f} ms {grown:>6.1f} MiB"
    if peer is not None and find_spec(peer[0]) is not None:
        their_seconds, their_grown, theirs = measure(*peer[1:])
        if theirs != result:
            raise SystemExit(f"{label}: {peer[0]} finds {theirs}, treves {result}")
        line += f" | {peer[0]} {their_seconds * 1e3:>10.1f} ms {their_grown:>6.0f} MiB"
        line += f" | {their_seconds / seconds:>8,.0f} x"
    print(line, flush=True)


def main() -> None:
    """Run all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    for parties in (2, 4, 6):
        for issues in (3, 4, 5, 6):
            slow = issues == 6 and parties > 2 and quick
            peer = ("negmas", frontier_and_solutions_negmas, (2, 2), (parties, issues))
            compare(
                f"frontier + solutions, {parties} parties, 10^{issues}",
                (frontier_and_solutions, (parties, 2), (parties, issues)),
                None if slow else peer,
            )
    for parties, spread in product((2, 4, 6), (False, True)):
        compare(
            f"frontier of a list, {parties} parties, 10^6 {'random' if spread else 'additive'}",
            (frontier_of_array, (parties, 5, spread), (parties, 6, spread)),
            ("paretoset", frontier_of_array_paretoset, (parties, 3, spread), (parties, 6, spread)),
        )
    for spread in (False, True):
        compare(
            f"zone, 10^4 packages ({'any' if spread else 'level'} values), 10^4 draws",
            (everybody_can_live_with, (10, 100, spread), (10_000, 10_000, spread)),
            None,
        )
    for issues in (6, 7):
        compare(f"frontier, worth not additive, 10^{issues}", (streamed, (3,), (issues,)), None)
    for issues in (8, 12):
        label = f"search, 4 parties, {LEVELS + 1}^{issues} packages, 4,096 draws"
        compare(label, (searched, (4, 2, 64), (4, issues, 4096)), None)


if __name__ == "__main__":
    main()

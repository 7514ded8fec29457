"""How long the settlement models take, against the best published tool for each.

Run from the checkout: ``PYTHONPATH=src python benchmarks/settlement.py``. None of the peers can be
installed beside treves (they pin other versions or have no wheel), so the ratios are against their
times as measured before this project began, on an idle 2-core machine of the same kind. Inputs are
drawn with a seed; the times of the models do not depend on where positions lie, except that play
may stop a round earlier or later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from treves.profile import Profile
from treves.settlement import challenge, exchange, mean, smp
from treves.settlement.table import profile_of


@dataclass(frozen=True)
class Task:
    """A piece of work, the peer that does it best, and its seconds (None: it does not finish)."""

    name: str
    peer: str
    seconds: float | None
    run: Callable[[], object]


def main() -> None:
    """Print seconds, processor seconds and the ratio to the peer for every task."""
    print(f"{'task':52} {'wall s':>9} {'cpu s':>9} {'peer s':>9} {'ratio':>7}  peer")
    for task in tasks():
        task.run()  # compiles, or loads the compiled kernel
        wall, cpu = best_of(task.run)
        peer = f"{task.seconds:9.2f}" if task.seconds else f"{'> 295':>9}"
        ratio = f"{(task.seconds or 295.0) / wall:7.0f}"
        print(f"{task.name:52} {wall:9.4f} {cpu:9.4f} {peer} {ratio}  {task.peer}")


def best_of(run: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """The shortest wall time of a few runs, with the processor time of that run."""
    times = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(times)


def tasks() -> list[Task]:
    """The work of PEERS.md, section 3."""
    one = challenge.Options(rounds=1)
    made = []
    for n, d, s in ((10, 10_000, 10.18), (30, 2_000, 11.82), (100, 100, 11.20)):
        many = drawn(n, 1, d)
        for o in (one, challenge.DEFAULT):
            name = f"challenge, {n} actors x {d} draws, up to {o.rounds} rounds"
            run = partial(challenge.settle, many, o)
            made.append(Task(name, "schelling", s, run))
    ten = drawn(10, 1, 10_000)
    made.append(Task("mean, 10 actors x 10000 draws", "schelling", 0.89, partial(mean.settle, ten)))
    plain, tied = drawn(15, 13), drawn(15, 13, step=10)
    for name, profile, orders in (
        ("one order of ties", plain, 1),
        ("round numbers, one order", tied, 1),
        ("round numbers, mean of 60 orders", tied, 60),
    ):
        options = exchange.Options(rounds=10, orders=orders)
        made.append(
            Task(
                f"exchange, 15 x 13, 10 rounds, {name}",
                "decide (one order)",
                8.41,
                partial(exchange.settle, profile, options),
            )
        )
    for n, s in ((40, 5.05), (80, 56.9), (160, None)):
        profile = drawn(n, 1, spread=(40.0, 80.0))
        made.append(Task(f"smp, {n} actors", "KTAB C++", s, partial(smp.settle, profile)))
    return made


def drawn(
    parties: int,
    issues: int,
    draws: int | None = None,
    step: float = 0.0,
    spread: tuple[float, float] = (0.0, 100.0),
) -> Profile:
    """A profile of uniform positions, saliences and power; ``step`` rounds them all."""
    rng = np.random.default_rng(parties)
    lead = () if draws is None else (draws,)
    position = rng.uniform(*spread, (*lead, parties, issues))
    salience = rng.uniform(0.2, 0.8, position.shape)
    power = rng.uniform(0.5, 1.7, (*lead, parties))
    if step:
        position = np.round(position / step) * step
        salience, power = np.round(salience, 1), np.round(power)
    return profile_of(position, salience, power)


if __name__ == "__main__":
    main()

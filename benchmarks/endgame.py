"""Cost of the endgame: the two promised sizes, and cost by parties, packages and sessions.

PYTHONPATH=src python benchmarks/endgame.py [--chart docs/screens/endgame-cost.svg]
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import time
from pathlib import Path

import numpy as np

from treves.case.calendar import Session
from treves.endgame import play
from treves.profile import Body, Profile
from treves.report.charts.files import content
from treves.report.charts.look import library, styled

DAY = dt.date(2024, 3, 1)
REPEATS = 3
DRAWS = 2_000
TONE = "#1f6f8b"
USUAL = "4 parties, 8 packages, 3 sessions"


def random_case(parties: int, sessions: int, draws: int) -> tuple[Profile, Body]:
    """A consensus body with a majority vote behind it; the costliest common rule."""
    rng = np.random.default_rng(1)
    one = np.ones((draws, parties))
    profile = Profile(
        parties=tuple(f"p{i}" for i in range(parties)),
        issues=("a", "b"),
        position=rng.uniform(0, 100, (draws, parties, 2)),
        low=np.zeros((draws, parties, 2)),
        high=np.full((draws, parties, 2), 100.0),
        salience=rng.uniform(0.2, 1.0, (draws, parties, 2)),
        power=one,
        content_weight=one,
        collapse=rng.uniform(0.1, 0.4, (draws, parties)),
        status_quo=rng.uniform(0.1, 0.4, (draws, parties)),
        outvoted=0.05 * one,
        outside=rng.uniform(0.1, 0.4, (draws, parties)),
        blame=0.0 * one,
        dislikes_vote=0.0 * one,
        needed=np.ones(parties, dtype=bool),
        status_quo_point=np.zeros(2),
    )
    body = Body(
        decision="consensus",
        fallback="majority_vote",
        exit="any_leaves",
        chair=0,
        chair_breaks_ties=True,
        votes=np.ones(parties),
        seats=np.full(parties, 20.0),
        population=np.full(parties, np.nan),
        role=np.zeros(parties, dtype=np.int64),
        holders=np.zeros(parties, dtype=bool),
        base="",
        quota=np.nan,
        members_share=np.nan,
        population_share=np.nan,
        majority=10.0 * parties + 1,
        chamber=40.0 * parties,
        is_government=True,
        sessions=tuple(
            Session(DAY + dt.timedelta(days=t), "council", True, 0.0) for t in range(sessions)
        ),
        threatened=False,
    )
    return profile, body


def seconds(parties: int, packages: int, sessions: int, draws: int) -> float:
    """Processor time, best of three runs after one that compiles."""
    profile, body = random_case(parties, sessions, draws)
    menu = np.random.default_rng(2).uniform(0, 100, (packages, 2))
    precision = np.full(draws, 8.0)
    play(profile, body, menu, precision)
    best = np.inf
    for _ in range(REPEATS):
        start = time.process_time()
        play(profile, body, menu, precision)
        best = min(best, time.process_time() - start)
    return best


def bar(label: str, value: float, largest: float) -> None:
    """One line of a plot in text."""
    sys.stdout.write(f"{label:>14}  {value:7.3f} s  {'█' * round(40 * value / largest)}\n")


def draw(costs: dict[str, list[tuple[int, float]]], name: str) -> None:
    """One panel per axis of the cost, all with the same scale of seconds, into a file."""
    alt = library("altair")
    most = max(cost for row in costs.values() for _, cost in row)
    panels = []
    for axis, row in costs.items():
        held = [{"size": size, "cost": cost} for size, cost in row]
        sizes = alt.Axis(values=[size for size, _ in row], format="d", grid=False)
        panels.append(
            alt.Chart(alt.Data(values=held))
            .mark_line(point=alt.OverlayMarkDef(color=TONE), color=TONE)
            .encode(
                alt.X("size:Q", title=axis, axis=sizes, scale=alt.Scale(domain=[0, row[-1][0]])),
                alt.Y("cost:Q", title="seconds", scale=alt.Scale(domain=[0, most])),
            )
            .properties(width=220, height=180)
        )
    title = f"Cost of the endgame: {DRAWS:,} draws; where not varied {USUAL}"
    made = content(styled(alt.hconcat(*panels, spacing=24), title), name)
    Path(name).write_bytes(made.encode() if isinstance(made, str) else made)


def main() -> int:
    """Print the costs; exit 1 when a promised size takes too long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chart", help="Draw the costs into this file: .svg or .png.")
    chart = parser.parse_args().chart
    promised = (((4, 8, 3, 10_000), 0.5), ((8, 6, 3, 1_000), 5.0))
    late = False
    for size, limit in promised:
        taken = seconds(*size)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            "{} parties, {} packages, {} sessions, {} draws: ".format(*size)
            + f"{taken:.3f} s (limit {limit} s), process {memory:.0f} MiB\n"
        )
        late = late or taken > limit
    sizes = {
        "parties": [(n, 8, 3, DRAWS) for n in (2, 3, 4, 6, 8, 12)],
        "packages": [(4, k, 3, DRAWS) for k in (2, 4, 8, 16, 32)],
        "sessions": [(4, 8, t, DRAWS) for t in (1, 2, 3, 4, 6)],
    }
    costs = {
        name: [(row[axis], seconds(*row)) for row in rows]
        for axis, (name, rows) in enumerate(sizes.items())
    }
    for name, row in costs.items():
        sys.stdout.write(f"\ncost by {name} (others {USUAL}, {DRAWS} draws)\n")
        for size, cost in row:
            bar(f"{size} {name}", cost, max(c for _, c in row))
    if chart:
        draw(costs, chart)
    return int(late)


if __name__ == "__main__":
    sys.exit(main())

"""What was tried on the settlement forecast, decided before it was run. Out of fold, by proposal.

    PYTHONPATH=src python benchmarks/forecast.py DEU.csv

Base: the softmax with penalty 5 on candidates as they are. Rules, fixed before the first run:
- candidates that stand together (trap): of the variants whose CRPS is at most .05 above the base,
  the one whose forecast moves least when one party moves by one point;
- any other idea is taken up only where the 95% interval of its difference lies below 0.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from treves.forecast import atoms, deu
from treves.forecast.atoms import Candidates, candidates, features
from treves.forecast.council import CAPABILITIES, capabilities
from treves.forecast.deu import Decisions
from treves.forecast.issues import Issues
from treves.forecast.scoring import GRID, crps_grid, paired_bootstrap
from treves.profile import Floats

SEEDS = (0, 1, 2)
FOLDS = 10

Look = Callable[[Issues], Candidates]


def as_they_are(issues: Issues) -> Candidates:
    """Every position is a candidate of its own beside the grid, and the reference point."""
    mask = np.broadcast_to(GRID % 5 == 0, (len(issues), 101)).copy()
    held = np.column_stack([issues.position, issues.reference])
    rows, columns = np.nonzero(~np.isnan(held))
    mask[rows, np.rint(held[rows, columns]).astype(int)] = True
    return Candidates(mask, features(issues))


def snapped_once(issues: Issues) -> Candidates:
    """Positions read as the nearest multiple of five, once."""
    phi = features(replace(issues, position=atoms.snapped(issues.position, 0.5)))
    return Candidates(np.broadcast_to(GRID % 5 == 0, phi.shape[:2]), phi)


def shared(issues: Issues) -> Candidates:
    """Support shared between the two neighbouring multiples of five in proportion."""
    low = np.floor(issues.position / 5.0) * 5.0
    part = np.nan_to_num((issues.position - low) / 5.0)
    phi = features(issues).copy()
    pairs = ((low, 1.0 - part), (np.minimum(low + 5.0, 100.0), part))
    for k, weight in ((1, issues.weight), (2, issues.capability)):
        total = np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
        phi[..., k] = sum(held_at(at, weight / total * f) for at, f in pairs)
    phi[..., 2] = np.sqrt(phi[..., 2])
    shares = [
        atoms.share_at(at[:, p : p + 1], np.ones((len(at), 1))) * f[:, p : p + 1]
        for at, f in pairs
        for p in range(part.shape[1])
    ]
    phi[..., 0] = np.max(shares, axis=0)
    return Candidates(np.broadcast_to(GRID % 5 == 0, phi.shape[:2]), phi)


def held_at(position: Floats, weight: Floats) -> Floats:
    """Weight at each whole point."""
    total = np.where(np.isnan(position), 0.0, weight).sum(axis=1, keepdims=True)
    return atoms.share_at(position, weight) * total


def with_columns(found: Candidates, *columns: Floats) -> Candidates:
    """More features."""
    rows = len(found.mask)
    tall = [np.tile(c, (rows // len(c), 1)) for c in columns]
    wide = [np.broadcast_to(c, found.mask.shape)[..., None] for c in tall]
    return Candidates(found.mask, np.concatenate([found.phi, *wide], axis=-1), found.readings)


def unanimity(d: Decisions) -> Candidates:
    """Reference point and distance count differently where everybody must agree."""
    found = candidates(d.issues)
    at_reference = atoms.snapped(d.issues.reference, 0.5)[:, None] == GRID
    must = d.unanimous[:, None]
    tall = np.tile(must, (found.readings, 1))
    return with_columns(found, at_reference, at_reference * must, found.phi[..., 4] * tall)


def eras(d: Decisions) -> Candidates:
    """Weights of the fifteen and of the enlarged union, shrunk towards each other."""
    found = candidates(d.issues)
    side = np.tile(np.where(d.enlarged, 0.5, -0.5)[:, None], (found.readings, 1))
    return with_columns(found, *(found.phi[..., k] * side for k in (0, 1, 4, 8)))


def blocking(d: Decisions) -> Candidates:
    """Whether a qualified majority prefers the candidate to the reference point (where known)."""
    found = candidates(d.issues)
    better = (
        np.abs(d.issues.position[:, :, None] - GRID)
        < np.abs(d.issues.position - d.issues.reference[:, None])[:, :, None]
    )
    share = (better * d.issues.capability[:, :, None]).sum(axis=1)
    share = share / np.maximum(d.issues.capability.sum(axis=1), 1e-9)[:, None]
    known = ~np.isnan(d.issues.reference)[:, None]
    return with_columns(found, (share >= 0.72) & known, known & (share < 0.72) & (share > 0.28))


def relative_salience(d: Decisions) -> Candidates:
    """Salience relative to the party's mean over the proposal: issues of a proposal interact."""
    weight = d.issues.weight.copy()
    for name in np.unique(d.group):
        rows = d.group == name
        mean = weight[rows].mean(axis=0)
        weight[rows] = (
            np.divide(
                weight[rows] * weight[rows].sum() / max(rows.sum(), 1),
                mean,
                out=np.zeros_like(weight[rows]),
                where=mean > 0,
            )
            * d.issues.capability[rows].clip(0)
            / 1e3
        )
    silent = weight.sum(axis=1) <= 0
    weight[silent] = d.issues.weight[silent]
    share = weight / weight.sum(axis=1, keepdims=True)
    mean = (share * np.nan_to_num(d.issues.position)).sum(axis=1)
    other = replace(d.issues, weight=weight, mean=mean)
    theirs = candidates(other)
    return with_columns(candidates(d.issues), theirs.phi[..., 1], theirs.phi[..., 4])


def folds(group: np.ndarray, seed: int, count: int = FOLDS) -> list[np.ndarray]:
    """Rows held out, fold by fold, proposals kept together."""
    names = np.random.default_rng(seed).permutation(np.unique(group))
    return [np.isin(group, part) for part in np.array_split(names, count)]


def losses(found: Candidates, y: Floats, group: np.ndarray) -> Floats:
    """CRPS out of fold, mean over fold seeds, axes (n)."""
    total = np.zeros(len(y))
    for seed in SEEDS:
        for test in folds(group, seed):
            model = atoms.fit(found.at(~test), y[~test])
            total[test] += crps_grid(model.predict(found.at(test)), y[test])
    return total / len(SEEDS)


def movement(look: Look, issues: Issues, y: Floats) -> tuple[float, float]:
    """Area between distributions when the heaviest party moves by one point: mean and largest."""
    model = atoms.fit(look(issues), y)
    before = model.predict(look(issues))
    rows = np.arange(len(issues))
    heaviest = np.argmax(np.where(np.isnan(issues.position), -1.0, issues.weight), axis=1)
    moved = issues.position.copy()
    moved[rows, heaviest] += np.where(moved[rows, heaviest] >= 50, -1.0, 1.0)
    share = issues.weight / issues.weight.sum(axis=1, keepdims=True)
    mean = (share * np.nan_to_num(moved)).sum(axis=1)
    after = model.predict(look(replace(issues, position=moved, mean=mean)))
    area = np.abs(np.cumsum(after - before, axis=1)).sum(axis=1)
    return float(area.mean()), float(area.max())


def main() -> None:
    """Run every trial and print one line each."""
    path = sys.argv[1]
    start = time.perf_counter()
    d = known(deu.load(path))
    base = losses(as_they_are(d.issues), d.outcome, d.group)
    print(f"base {base.mean():.3f}")
    for name, look in (
        ("as they are", as_they_are),
        ("snapped once", snapped_once),
        ("shared", shared),
        ("read five times", candidates),
    ):
        mean, worst = movement(look, d.issues, d.outcome)
        report(
            name,
            losses(look(d.issues), d.outcome, d.group),
            base,
            d,
            f"moves {mean:.2f}, at most {worst:.2f}",
        )
    own = losses(candidates(d.issues), d.outcome, d.group)
    for make in (unanimity, eras, blocking, relative_salience):
        report(make.__name__, losses(make(d), d.outcome, d.group), own, d)
    for kind in CAPABILITIES[1:]:
        if kind == "pre_nice":
            continue  # members after 2004 have no votes under it
        other = known(deu.load(path, capabilities(kind)))
        report(
            f"capability {kind}",
            losses(candidates(other.issues), other.outcome, other.group),
            own,
            d,
        )
    for times in (0.0, 0.5):
        other = known(deu.load(path, capabilities(institutions=times)))
        report(
            f"institutions x {times}",
            losses(candidates(other.issues), other.outcome, other.group),
            own,
            d,
        )
    print(f"{time.perf_counter() - start:.0f} s")


def known(d: Decisions) -> Decisions:
    """The rows whose outcome is known."""
    k = d.known
    return replace(
        d,
        ids=tuple(np.array(d.ids)[k]),
        group=d.group[k],
        unanimous=d.unanimous[k],
        enlarged=d.enlarged[k],
        issues=d.issues.at(k),
        outcome=d.outcome[k],
    )


def report(name: str, loss: Floats, base: Floats, d: Decisions, more: str = "") -> None:
    """One line: CRPS, difference to the base with its interval."""
    gap = paired_bootstrap(loss - base, d.group, seed=0)
    print(f"{name:26} {loss.mean():.3f} {gap.mean:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}] {more}")


if __name__ == "__main__":
    main()

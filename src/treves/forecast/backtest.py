"""Backtests: the forecasts of treves scored on what is known, beside what they must beat.

Whatever is chosen (a penalty, a width) is chosen inside the training folds only; rows that belong
together (a proposal, a government) are never split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treves import __version__
from treves.forecast import atoms, dressing
from treves.forecast.atoms import Candidates, candidates
from treves.forecast.deu import Decisions
from treves.forecast.issues import Issues
from treves.forecast.scoring import (
    BIN_OF_POINT,
    POINTS,
    bins,
    coverage,
    crps_grid,
    log_score,
    mean_interval,
    paired_bootstrap,
    pit,
    quantiles,
    ranked_probability,
)
from treves.profile import Floats

SEEDS = (0, 1, 2)
FOLDS, INNER_FOLDS = 10, 5
PENALTIES = (2.0, 5.0, 15.0)
KERNELS = tuple((width, share) for width in (8.0, 12.0, 20.0) for share in (0.25, 0.35, 0.45))
LEVELS: Floats = np.arange(1, 100) / 100.0
BEST = "softmax"

Rows = NDArray[np.bool_]
Data = tuple[Issues, Candidates, Floats, NDArray[np.str_]]
# A model learns from the rows marked and forecasts the others: (n marked false, 101).
Model = Callable[[Data, Rows, int], Floats]


def folds(group: NDArray[np.str_], seed: int, count: int = FOLDS) -> list[Rows]:
    """Rows held out, fold by fold; rows of one group stand in one fold."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.unique(group))
    return [np.isin(group, part) for part in np.array_split(names, count)]


def softmax(data: Data, train: Rows, seed: int) -> Floats:
    """The softmax, its penalty chosen inside the training rows."""
    _, found, y, group = data

    def predict(penalty: float, learn: Rows, test: Rows) -> Floats:
        return atoms.fit(found.at(learn), y[learn], penalty).predict(found.at(test))

    return predict(_chosen(PENALTIES, predict, (y, group), train, seed), train, ~train)


def kernel(data: Data, train: Rows, seed: int) -> Floats:
    """Kernel and atoms, width and share of the atoms chosen inside the training rows."""
    issues, _, y, group = data

    def predict(option: tuple[float, float], learn: Rows, test: Rows) -> Floats:
        return dressing.kernel_and_atoms(issues.at(learn), y[learn], issues.at(test), *option)

    return predict(_chosen(KERNELS, predict, (y, group), train, seed), train, ~train)


def _plain(make: Callable[[Issues, Floats, Issues], Floats]) -> Model:
    """A model that chooses nothing, and so needs no seed for inner folds."""

    def predict(data: Data, train: Rows, _seed: int) -> Floats:
        issues, _, y, _ = data
        return make(issues.at(train), y[train], issues.at(~train))

    return predict


MODELS: Mapping[str, Model] = {
    "climatology": _plain(lambda _train, y, test: dressing.climatology(y, len(test))),
    "compromise": _plain(lambda _train, _y, test: dressing.point(test)),
    "compromise dressed": _plain(dressing.dressed),
    "scaled dressing": _plain(dressing.scaled),
    "kernel and atoms": kernel,
    BEST: softmax,
}


def _chosen(
    options: tuple[Any, ...],
    predict: Callable[[Any, Rows, Rows], Floats],
    known: tuple[Floats, NDArray[np.str_]],
    train: Rows,
    seed: int,
) -> Any:
    """The option with the least CRPS over inner folds of the training rows."""
    y, group = known
    loss = np.zeros(len(options))
    for part in folds(group[train], seed, INNER_FOLDS):
        test = np.zeros(len(train), dtype=bool)
        test[np.flatnonzero(train)[part]] = True
        learn = train & ~test
        loss += [crps_grid(predict(o, learn, test), y[test]).sum() for o in options]
    return options[int(np.argmin(loss))]


def out_of_fold(data: Data, model: Model, seed: int) -> Floats:
    """Forecasts of every row from the rows of other folds, axes (n, 101)."""
    p = np.zeros((len(data[2]), POINTS))
    for test in folds(data[3], seed):
        p[test] = model(data, ~test, seed)
    return p


def backtest_deu(
    decisions: Decisions, seeds: tuple[int, ...] = SEEDS
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score every model on the known decisions; the record, and one prediction per issue and model.

    Predictions of known issues are out of fold (first seed); of unknown ones, from a fit on all
    that are known. Raises ValueError where fewer than 40 outcomes or 20 proposals are known.
    """
    known = decisions.known
    y, group = decisions.outcome[known], decisions.group[known]
    if len(y) < 40 or len(np.unique(group)) < 20:
        raise ValueError("a backtest needs 40 known outcomes in 20 proposals")
    issues, found = decisions.issues, candidates(decisions.issues)
    data: Data = (issues.at(known), found.at(known), y, group)
    everything: Data = (issues, found, decisions.outcome, decisions.group)
    table, loss = {}, {}
    rows: list[dict[str, Any]] = []
    for name, model in MODELS.items():
        by_seed = np.stack([out_of_fold(data, model, seed) for seed in seeds])
        loss[name] = np.mean([crps_grid(p, y) for p in by_seed], axis=0)
        table[name] = scores(by_seed, y) | {"crps_95": mean_interval(loss[name], group)}
        p = np.zeros((len(known), POINTS))
        p[known] = by_seed[0]
        if not known.all():
            p[~known] = model(everything, known, seeds[0])
        rows += prediction_rows(decisions.ids, name, p)
    gaps = {
        f"{BEST} - {name}": _rounded(asdict(paired_bootstrap(loss[BEST] - loss[name], group, 0)))
        for name in MODELS
        if name != BEST
    }
    record = {
        "backtest": "deu",
        "version": __version__,
        "data_hash": decisions.data_hash,
        "seeds": list(seeds),
        "issues": len(y),
        "proposals": len(np.unique(group)),
        "protocol": f"nested {FOLDS}-fold by proposal, inner {INNER_FOLDS}-fold",
        "models": table,
        "differences": gaps,
    }
    return record, rows


def scores(by_seed: Floats, y: Floats) -> dict[str, Any]:
    """CRPS, error of the median, log score and calibration, over fold seeds (seed, n, 101)."""
    each = [float(crps_grid(p, y).mean()) for p in by_seed]
    middle = np.array([quantiles(p, np.array([0.5]))[:, 0] for p in by_seed])
    happened = BIN_OF_POINT[np.rint(y).astype(int)]
    ranked = [float(ranked_probability(bins(p), happened).mean()) for p in by_seed]
    logs = [float(log_score(bins(p), happened).mean()) for p in by_seed]
    u = [pit(p, y, np.random.default_rng(k)) for k, p in enumerate(by_seed)]
    return {
        "crps": round(float(np.mean(each)), 3),
        "crps_by_seed": [round(v, 3) for v in each],
        "mae_of_median": round(float(np.abs(middle - y).mean()), 3),
        "log_score": round(float(np.mean(logs)), 3),
        "ranked_probability": round(float(np.mean(ranked)), 3),
        "coverage_80": round(float(np.mean([coverage(v) for v in u])), 3),
        "pit_counts": np.histogram(u[0], 10, (0.0, 1.0))[0].tolist(),
    }


def prediction_rows(ids: tuple[str, ...], model: str, p: Floats) -> list[dict[str, Any]]:
    """One row per issue: id, model, the median as point, quantiles q01 to q99."""
    held = quantiles(p, LEVELS)
    names = [f"q{round(100 * level):02d}" for level in LEVELS]
    middle = names.index("q50")
    return [
        {"isnr": i, "model": model, "point": float(q[middle])}
        | dict(zip(names, map(float, q), strict=True))
        for i, q in zip(ids, held, strict=True)
    ]


def only_known(decisions: Decisions) -> Decisions:
    """The decisions whose outcome is known."""
    k = decisions.known
    ids = tuple(i for i, keep in zip(decisions.ids, k, strict=True) if keep)
    per_row = {n: getattr(decisions, n)[k] for n in ("group", "unanimous", "enlarged", "outcome")}
    return replace(decisions, ids=ids, issues=decisions.issues.at(k), **per_row)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}

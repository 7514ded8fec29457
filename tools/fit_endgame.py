"""Fit and score the endgame on the coded crises; write ``src/treves/endgame/calibration.json``.

    PYTHONPATH=src python tools/fit_endgame.py [--write]

Declared before it was run: precision and one structural number (how far the most reluctant party
counts more than the average one) from a grid, recalibration softmax(a + b log p) with priors
a ~ N(0, 1), b ~ N(1, 0.5), by log score; scored leaving out one government at a time, everything
refitted each time. Compared with the base rate (add-one shares of the other governments) and with
a logistic model on four hard facts chosen beforehand: ultimatum, pm_forces, conf_vote, person
(ridge, standard normal prior on the slopes). Intervals: bootstrap over governments.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from treves.case.model import Case
from treves.catalogue import folders, load_example, load_outcome
from treves.endgame import OUTCOMES, choose_menu, play, precision_draws
from treves.endgame.calibration import apply
from treves.forecast.episodes import government_of
from treves.forecast.playing import options_of
from treves.forecast.sampling import sample
from treves.forecast.settling import space_of
from treves.profile import body_of

Floats = NDArray[np.float64]

DRAWS = 256
SEED = 20251123
MEDIANS = (3.0, 4.0, 5.0, 6.0, 8.0, 11.0)
# Above 4 a party that is exactly indifferent changes the odds of agreement too much.
RELUCTANCES = (1.0, 2.0, 4.0)
GRID = tuple((m, r) for m in MEDIANS for r in RELUCTANCES)
UNFITTED = (8.0, 2.0)
PRIOR_MEDIAN, PRIOR_SIGMA = 8.0, 0.7
FACTS = ("ultimatum", "pm_forces", "conf_vote", "person")
# RUBRIC, section 4.
AMBIGUOUS = (
    "fi-2019-rinne",
    "dk-2022-radikale",
    "nl-2025-nsc",
    "nl-2006-pardon",
    "il-2025-haredi",
    "nl-2024-achahbar",
)
FLOOR = 1e-3
RESAMPLES, REPLICATES = 5000, 60
TARGET = Path(__file__).resolve().parents[1] / "src/treves/endgame/calibration.json"


@dataclass(frozen=True)
class Library:
    """The coded crises: what happened, which government, hard facts, odds by precision."""

    ids: tuple[str, ...]
    outcome: NDArray[np.int64]
    government: NDArray[np.str_]
    facts: Floats
    odds: dict[tuple[float, float], Floats]

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Cases whose outcome is not ambiguous."""
        return np.array([i not in AMBIGUOUS for i in self.ids])


def odds_of(case: Case) -> dict[tuple[float, float], Floats]:
    """Odds of the game at each point of the grid, averaged over draws and orders of play."""
    drawn = sample(case, DRAWS, np.random.default_rng(SEED))
    packages = space_of(case).packages
    menu, body = packages[choose_menu(drawn.profile, packages)], body_of(case)
    found = {}
    for median, reluctance in GRID:
        precision = precision_draws(drawn.precision, median, PRIOR_SIGMA)
        options = replace(options_of(body), reluctance=reluctance)
        game = play(drawn.profile, body, menu, precision, options)
        found[median, reluctance] = game.outcomes.mean(axis=0)
    return found


def load() -> Library:
    """All cases of the catalogue that have an outcome."""
    ids = tuple(folders())
    cases = [load_example(i) for i in ids]
    by_case = [odds_of(c) for c in cases]
    return Library(
        ids,
        np.array([OUTCOMES.index(load_outcome(i).kind) for i in ids]),
        np.array([government_of(c) for c in cases]),
        np.array([[float(c.signals.get(f, 0)) for f in FACTS] for c in cases]),
        {g: np.array([o[g] for o in by_case]) for g in GRID},
    )


def log_posterior(ab: Floats, odds: Floats, outcome: NDArray[np.int64]) -> float:
    """Log likelihood of what happened plus the log priors of a and b."""
    p = apply(odds, ab[:5], float(ab[5]), "library")[np.arange(len(outcome)), outcome]
    prior = -0.5 * float((ab[:5] ** 2).sum()) - 0.5 * ((ab[5] - 1.0) / 0.5) ** 2
    return float(np.log(np.maximum(p, FLOOR)).sum()) + prior


def fit(odds: Floats, outcome: NDArray[np.int64]) -> tuple[Floats, float]:
    """The most probable a and b, and their log posterior."""
    start = np.array([0.0] * 5 + [1.0])
    found = minimize(lambda ab: -log_posterior(ab, odds, outcome), start, method="BFGS")
    return np.asarray(found.x), -float(found.fun)


def fit_all(
    library: Library, rows: NDArray[np.bool_] | NDArray[np.int64]
) -> tuple[tuple[float, float], Floats]:
    """The best point of the grid, and a and b there, on some of the cases."""
    best: tuple[float, tuple[float, float], Floats] | None = None
    for point, odds in library.odds.items():
        ab, score = fit(odds[rows], library.outcome[rows])
        score -= 0.5 * (np.log(point[0] / PRIOR_MEDIAN) / PRIOR_SIGMA) ** 2
        if best is None or score > best[0]:
            best = (score, point, ab)
    assert best is not None
    return best[1], best[2]


def logistic(facts: Floats, happened: NDArray[np.bool_], new: Floats) -> Floats:
    """Ridge logistic regression on the hard facts, predicted for new cases."""

    def loss(w: Floats) -> float:
        z = w[0] + facts @ w[1:]
        fit_loss = float(np.logaddexp(0.0, np.where(happened, -z, z)).sum())
        return fit_loss + 0.5 * float((w[1:] ** 2).sum()) + 0.125 * float(w[0] ** 2)

    w = minimize(loss, np.zeros(1 + facts.shape[1]), method="BFGS").x
    return np.asarray(1.0 / (1.0 + np.exp(-(w[0] + new @ w[1:]))))


def cross_validate(library: Library) -> dict[str, dict[str, Floats]]:
    """Out-of-government predictions by model and event, (n)."""
    n, y = len(library.ids), library.outcome
    events = {"collapse": y == 4, "break": y >= 3}
    found = {m: {e: np.zeros(n) for e in events} for m in ("tree", "logistic", "base rate")}
    five = np.zeros((n, 5))
    base = np.zeros((n, 5))
    for government in np.unique(library.government):
        test = library.government == government
        point, ab = fit_all(library, ~test)
        five[test] = apply(library.odds[point][test], ab[:5], float(ab[5]), "library")
        base[test] = (np.bincount(y[~test], minlength=5) + 1.0) / ((~test).sum() + 5.0)
        for event, happened in events.items():
            found["logistic"][event][test] = logistic(
                library.facts[~test], happened[~test], library.facts[test]
            )
            rate = (happened[~test].sum() + 1.0) / ((~test).sum() + 2.0)
            found["base rate"][event][test] = rate
    raw = library.odds[UNFITTED]
    found["tree"] = {"collapse": five[:, 4], "break": five[:, 3:].sum(axis=1)}
    found["tree, not fitted"] = {"collapse": raw[:, 4], "break": raw[:, 3:].sum(axis=1)}
    index = np.arange(n)
    for name, p in (("tree", five), ("tree, not fitted", raw), ("base rate", base)):
        found[name]["all five"] = p[index, y]
    return found


def losses(p: Floats, happened: NDArray[np.bool_]) -> dict[str, Floats]:
    """Brier and log loss of each case, probabilities floored."""
    q = np.clip(p, FLOOR, 1.0 - FLOOR)
    return {"brier": (p - happened) ** 2, "log": -np.log(np.where(happened, q, 1.0 - q))}


def auc(p: Floats, happened: NDArray[np.bool_]) -> float:
    """Chance that a case in which it happened has the higher probability."""
    yes, no = p[happened][:, None], p[~happened][None, :]
    return float(((yes > no) + 0.5 * (yes == no)).mean())


def interval(values: Floats, government: NDArray[np.str_], rng: np.random.Generator) -> list[float]:
    """95% bootstrap interval of a mean, over governments."""
    names = np.unique(government)
    sums = np.array([[values[government == g].sum(), (government == g).sum()] for g in names])
    picked = sums[rng.integers(len(names), size=(RESAMPLES, len(names)))].sum(axis=1)
    return [round(float(q), 3) for q in np.quantile(picked[:, 0] / picked[:, 1], [0.025, 0.975])]


def score(library: Library, predicted: dict[str, dict[str, Floats]]) -> dict[str, Any]:
    """Scores by event and model, with intervals, on all and on the clear cases."""
    result: dict[str, Any] = {}
    for subset, rows in (("all", np.ones(len(library.ids), bool)), ("clear", library.clear)):
        groups = library.government[rows]
        for event in ("collapse", "break"):
            rng = np.random.default_rng(SEED)
            happened = (library.outcome == 4 if event == "collapse" else library.outcome >= 3)[rows]
            by_model = {m: losses(p[event][rows], happened) for m, p in predicted.items()}
            table: dict[str, Any] = {}
            for model, loss in by_model.items():
                entry: dict[str, Any] = {
                    "auc": round(auc(predicted[model][event][rows], happened), 2)
                }
                for kind, values in loss.items():
                    entry[kind] = round(float(values.mean()), 3)
                    entry[f"{kind} 95%"] = interval(values, groups, rng)
                    if model != "tree":
                        gap = by_model["tree"][kind] - values
                        entry[f"tree minus this, {kind}"] = round(float(gap.mean()), 3)
                        entry[f"tree minus this, {kind} 95%"] = interval(gap, groups, rng)
                table[model] = entry
            result[f"{event}, {subset}"] = table
        five = {m: p["all five"][rows] for m, p in predicted.items() if "all five" in p}
        result[f"five outcomes, {subset}"] = {
            m: {"log": round(float(-np.log(np.maximum(p, FLOOR)).mean()), 3)}
            for m, p in five.items()
        }
    return result


def bootstrap(library: Library, point: tuple[float, float]) -> list[list[float]]:
    """a and b refitted on resampled governments, at the fitted point of the grid."""
    rng, names = np.random.default_rng(SEED), np.unique(library.government)
    found = []
    for _ in range(REPLICATES):
        picked = rng.choice(names, size=len(names))
        rows = np.concatenate([np.flatnonzero(library.government == g) for g in picked])
        ab, _ = fit(library.odds[point][rows], library.outcome[rows])
        found.append([round(float(v), 6) for v in ab])
    return found


def main() -> None:
    """Fit, score, print; with --write store the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write calibration.json")
    write = parser.parse_args().write
    library = load()
    point, ab = fit_all(library, np.ones(len(library.ids), bool))
    scores = score(library, cross_validate(library))
    data = {
        "made_by": "tools/fit_endgame.py",
        "cases": len(library.ids),
        "governments": len(np.unique(library.government)),
        "outcomes": list(OUTCOMES),
        "precision": {"median": point[0], "sigma": PRIOR_SIGMA, "grid": list(MEDIANS)},
        "reluctance": {"value": point[1], "grid": list(RELUCTANCES)},
        "a": [round(float(v), 6) for v in ab[:5]],
        "b": round(float(ab[5]), 6),
        "bootstrap": bootstrap(library, point),
        "scores": scores,
    }
    sys.stdout.write(json.dumps({k: v for k, v in data.items() if k != "bootstrap"}, indent=1))
    sys.stdout.write("\n")
    if write:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

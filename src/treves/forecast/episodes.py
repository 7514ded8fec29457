"""Backtest of the endgame on coded crises: five probabilities per case against what happened."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from treves import __version__
from treves.case.formats import native
from treves.case.model import Case
from treves.catalogue import Outcome, folders
from treves.endgame import OUTCOMES
from treves.errors import CaseError, InputError, Problem
from treves.forecast.run import run
from treves.forecast.scoring import (
    brier,
    floored,
    log_score,
    mean_interval,
    paired_bootstrap,
    reliability,
)
from treves.profile import Floats

DRAWS = 512
EVENTS = {"collapse": ("collapse",), "any break": ("party_leaves", "collapse")}


@dataclass(frozen=True)
class Episode:
    """A coded crisis; ``outcome`` None where it is not known."""

    case: Case
    outcome: str | None
    group: str


def load_episodes(folder: str | Path) -> tuple[list[Episode], str]:
    """All cases under a folder, sorted by id, and a hash of their files.

    Cases are ``<country>/<id>/case.yaml`` with ``outcome.yaml`` beside it, or YAML files with a
    block ``outcome``; in both, what happened may be missing. Raises InputError where there are no
    cases, CaseError for bad ones.
    """
    root = Path(folder)
    files = sorted(root.rglob("case.yaml")) or sorted(root.glob("*.y*ml"))
    if not files:
        where = "a folder of case files or of <country>/<id>/case.yaml"
        raise InputError([Problem("holds no case", where, str(root))])
    digest = hashlib.sha256()
    found = []
    for path in files:
        digest.update(path.read_bytes())
        case = native.load(path)
        found.append(Episode(case, _outcome_of(path, digest), government_of(case)))
    return sorted(found, key=lambda e: e.case.id), "sha256:" + digest.hexdigest()


def _outcome_of(path: Path, digest: Any) -> str | None:
    beside = path.with_name("outcome.yaml")
    if path.name == "case.yaml":
        if not beside.exists():
            return None
        digest.update(beside.read_bytes())
        block = native.plain(beside)
    else:
        block = native.plain(path).get("outcome")
    if not block:
        return None
    try:
        return str(Outcome.model_validate(block).kind)
    except ValidationError as error:
        raise CaseError([Problem(f"outcome: {error}", "see docs/format.md", path.name)]) from error


def government_of(case: Case) -> str:
    """Country and month in which the government began; the case itself where that is not coded."""
    if "months_in" not in case.signals:
        return case.id
    months = case.day.year * 12 + case.day.month - 1 - int(case.signals["months_in"])
    return f"{case.country} {dt.date(months // 12, months % 12 + 1, 1):%Y-%m}"


def base_rates(happened: NDArray[np.int64], group: NDArray[np.str_]) -> Floats:
    """Shares of the outcomes among other governments, one added to each count, axes (n, 5)."""
    counts = np.zeros((len(happened), len(OUTCOMES)))
    for name in np.unique(group):
        mine = group == name
        counts[mine] = np.bincount(happened[~mine], minlength=len(OUTCOMES)) + 1.0
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def backtest_cases(
    episodes: list[Episode], data_hash: str, seed: int = 0, draws: int = DRAWS
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Forecast every case with prior ``library``; the record of scores and the five probabilities.

    The calibration of the endgame was fitted to the cases of the catalogue: for those these scores
    are in sample, the record counts them, and calibration.json has scores out of sample.
    """
    odds = np.array(
        [list(run(e.case, seed, draws, "library").outcomes.values()) for e in episodes]
    ).reshape(-1, len(OUTCOMES))
    rows = [
        {"case": e.case.id, **{n: round(float(v), 6) for n, v in zip(OUTCOMES, p, strict=True)}}
        for e, p in zip(episodes, odds, strict=True)
    ]
    known = np.array([e.outcome is not None for e in episodes], dtype=bool)
    happened = np.array([OUTCOMES.index(e.outcome) for e in episodes if e.outcome], dtype=np.int64)
    group = np.array([e.group for e in episodes])[known]
    fitted = set(folders())
    record: dict[str, Any] = {
        "backtest": "cases",
        "version": __version__,
        "data_hash": data_hash,
        "seed": seed,
        "draws": draws,
        "prior": "library",
        "cases": len(episodes),
        "with_outcome": int(known.sum()),
        "governments": len(set(group)),
        "calibrated_on": sum(e.case.id in fitted for e in episodes),
    }
    if len(set(group)) >= 2:
        record["events"] = event_scores(odds[known], happened, group)
    return record, rows


def event_scores(p: Floats, happened: NDArray[np.int64], group: NDArray[np.str_]) -> dict[str, Any]:
    """Brier and log score of each event and of all five outcomes, against the base rate."""
    base = base_rates(happened, group)
    found: dict[str, Any] = {}
    for event, names in EVENTS.items():
        columns = [OUTCOMES.index(n) for n in names]
        took_place = np.isin(happened, columns)
        forecast, rate = p[:, columns].sum(axis=1), base[:, columns].sum(axis=1)
        losses = {
            "brier": (brier(forecast, took_place), brier(rate, took_place)),
            "log": tuple(
                log_score(floored(np.stack([1.0 - q, q], axis=1)), took_place.astype(np.int64))
                for q in (forecast, rate)
            ),
        }
        found[event] = {name: _against(pair[0], pair[1], group) for name, pair in losses.items()}
        found[event]["happened"] = int(took_place.sum())
        found[event]["reliability"] = [
            {name: round(value, 4) for name, value in asdict(row).items()}
            for row in reliability(forecast, took_place)
        ]
    five = (log_score(p, happened), log_score(base, happened))
    found["five outcomes"] = {"log": _against(five[0], five[1], group)}
    return found


def _against(ours: Floats, base: Floats, group: NDArray[np.str_]) -> dict[str, Any]:
    gap = asdict(paired_bootstrap(ours - base, group, seed=0))
    return {
        "forecast": round(float(ours.mean()), 3),
        "forecast_95": mean_interval(ours, group),
        "base_rate": round(float(base.mean()), 3),
        "base_rate_95": mean_interval(base, group),
        "difference": {name: round(value, 3) for name, value in gap.items()},
    }

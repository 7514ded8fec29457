"""What happened, and how good the forecasts were: the tool's, one's own, and the base rate.

Brier (1950) over the five outcomes, 0 best and 2 worst; log score, minus the logarithm of the
probability of what happened (Good 1952), 0 best; CRPS of the settlement, in points of the line
(0-100), from the five stored quantiles. All are those of the room ``forecast``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from treves.catalogue import Outcome
from treves.dossier import schema
from treves.dossier.records import add_outcome, latest_outcome, require
from treves.dossier.store import Store, fetch
from treves.endgame import OUTCOMES
from treves.endgame.calibration import to_world
from treves.forecast import scoring
from treves.forecast.result import digest

# How the 58 coded crises ended (cases/RUBRIC.md, section 6), in the order of OUTCOMES.
LIBRARY_COUNTS = (19.0, 3.0, 6.0, 10.0, 20.0)
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
# A reliability table of fewer disputes than this would show chance.
ENOUGH_DISPUTES = 10
TOOL, BASE = "tool", "base rate"


@dataclass(frozen=True)
class DisputeScore:
    """Mean scores of one dispute's forecasts of one kind, and of the base rate on the same days."""

    dispute: str
    kind: str
    by: str
    truth: str
    forecasts: int
    brier: float
    log: float
    crps: float | None
    base_brier: float
    base_log: float


@dataclass(frozen=True)
class Duel:
    """Two forecasters on the same occasions: mean Brier scores, and the mean difference.

    ``gap`` is below 0 where the first is better; None with a single dispute.
    """

    by: str
    other: str
    disputes: int
    occasions: int
    brier: float
    other_brier: float
    gap: scoring.Gap | None


def base_rate() -> dict[str, float]:
    """How often crises that the press calls one end each way."""
    odds = to_world(np.array(LIBRARY_COUNTS) / sum(LIBRARY_COUNTS))
    return {name: float(p) for name, p in zip(OUTCOMES, odds, strict=True)}


def brier(odds: Mapping[str, float], truth: str) -> float:
    """Brier score over all outcomes.

    >>> round(brier({"agreement": 0.75, "collapse": 0.25}, "agreement"), 3)
    0.125
    """
    return float(scoring.brier(_row(odds), np.array([name == truth for name in OUTCOMES])).sum())


def log_score(odds: Mapping[str, float], truth: str) -> float:
    """Minus the natural logarithm of the probability of what happened, none below 0.001.

    >>> round(log_score({"agreement": 0.5, "collapse": 0.5}, "collapse"), 3)
    0.696
    """
    return float(scoring.log_score(_row(odds), np.array([OUTCOMES.index(truth)]))[0])


def _row(odds: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([odds.get(name, 0.0) for name in OUTCOMES])


def quantile_crps(spread: Mapping[str, float], value: float) -> float:
    """CRPS of the distribution that has the stored quantiles.

    Between the stored levels it is interpolated; beyond them the outermost quantile holds.

    >>> quantile_crps(dict.fromkeys(LEVELS, 40.0), 50.0)
    10.0
    """
    fine = np.linspace(0.0005, 0.9995, 1000)
    at = np.interp(fine, list(LEVELS.values()), [spread[name] for name in LEVELS])
    return round(scoring.crps_sample(at, value), 9)


def truth_for(outcome: Outcome, as_of: str, horizon: str) -> str | None:
    """What a forecast should have said; None for one made after the fact.

    An ending after the horizon of a forecast means that nothing was decided by it.

    >>> ended = Outcome(date="2023-07-07", kind="collapse")
    >>> truth_for(ended, "2023-06-03", "2023-06-17"), truth_for(ended, "2023-07-06", "2023-07-14")
    ('postponed', 'collapse')
    """
    day = outcome.date.isoformat()
    if as_of > day:
        return None
    return "postponed" if horizon < day else outcome.kind


def resolve(store: Store, dispute: str, outcome: Outcome, by: str) -> int:
    """Record what happened and score every forecast of the dispute; how many were scored."""
    with store.adding("resolve", by, dispute) as batch:
        require(batch.connection, dispute, store.path)
        version = add_outcome(batch, dispute, outcome, by)
        table = schema.forecasts
        query = select(table).where(table.c.dispute == dispute).order_by(table.c.seq)
        rows = fetch(batch.connection, query)
        return batch.add(schema.scores, _scored(rows, outcome, version))


def _scored(
    rows: Iterable[Mapping[str, Any]], outcome: Outcome, version: str
) -> Iterable[dict[str, Any]]:
    base = base_rate()
    for row in rows:
        truth = truth_for(outcome, row["as_of"], row["horizon"])
        if truth is None:
            continue
        odds = json.loads(row["outcomes_json"])
        yield {
            "dispute": row["dispute"],
            "forecast": row["id"],
            "outcome": version,
            "truth": truth,
            "brier": brier(odds, truth),
            "log": log_score(odds, truth),
            "crps": _crps(json.loads(row["body_json"]), outcome) if truth == outcome.kind else None,
            "base_brier": brier(base, truth),
            "base_log": log_score(base, truth),
        }


def _crps(body: Mapping[str, Any], outcome: Outcome) -> float | None:
    """Mean over issues of what was forecast to be decided; None where that, or this, is unknown."""
    found = [
        quantile_crps(spread, value)
        for issue, spread in body.get("decision", {}).items()
        if (value := outcome.settlement.get(issue)) is not None
    ]
    return float(np.mean(found)) if found else None


def score_table(store: Store) -> list[DisputeScore]:
    """Mean scores by dispute and forecaster, for disputes whose outcome is known."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    with store.reading() as connection:
        for row in _current(connection):
            groups.setdefault((row["dispute"], row["kind"], row["by"]), []).append(row)
    return [_mean_of(key, rows) for key, rows in sorted(groups.items())]


def forecast_scores(store: Store) -> list[dict[str, Any]]:
    """The scores of each forecast beside those of the base rate, in the order of forecasting."""
    shown = ("dispute", "forecast", "kind", "by", "as_of", "truth", "brier", "log", "crps")
    with store.reading() as connection:
        rows = sorted(_current(connection), key=lambda row: row["made"])
    return [{k: row[k] for k in (*shown, "base_brier", "base_log")} for row in rows]


def _current(connection: Connection) -> list[dict[str, Any]]:
    """Scores against the outcomes as last recorded, joined with their forecasts."""
    kept, made = schema.scores, schema.forecasts
    query = (
        select(kept, made.c.kind, made.c.by, made.c.as_of, made.c.outcomes_json)
        .add_columns(made.c.seq.label("made"))
        .join(made, made.c.id == kept.c.forecast)
        .order_by(kept.c.seq)
    )
    rows = fetch(connection, query)
    valid: dict[str, str] = {}
    for dispute in {row["dispute"] for row in rows}:
        outcome = latest_outcome(connection, dispute)
        if outcome is not None:
            valid[dispute] = digest(outcome.model_dump(mode="json"))
    # The same outcome may have been recorded twice: the last score of a forecast counts.
    last = {row["forecast"]: row for row in rows if row["outcome"] == valid.get(row["dispute"])}
    return list(last.values())


def _mean_of(key: tuple[str, str, str], rows: Sequence[Mapping[str, Any]]) -> DisputeScore:
    def mean(name: str) -> float:
        return float(np.mean([row[name] for row in rows]))

    settled = [row["crps"] for row in rows if row["crps"] is not None]
    return DisputeScore(
        *key,
        truth=rows[-1]["truth"],
        forecasts=len(rows),
        brier=mean("brier"),
        log=mean("log"),
        crps=float(np.mean(settled)) if settled else None,
        base_brier=mean("base_brier"),
        base_log=mean("base_log"),
    )


def duels(store: Store) -> list[Duel]:
    """Each forecaster against the base rate, and each person against the tool.

    A person's forecast is paired with the tool's newest one of that moment, where both are about
    the same: each pair is one occasion.
    """
    with store.reading() as connection:
        rows = sorted(_current(connection), key=lambda row: row["made"])
    tool: dict[str, dict[str, Any]] = {}
    pairs: dict[tuple[str, str], list[tuple[Mapping[str, Any], float]]] = {}
    for row in rows:
        who = TOOL if row["kind"] == "tool" else row["by"]
        pairs.setdefault((who, BASE), []).append((row, row["base_brier"]))
        if row["kind"] == "tool":
            tool[row["dispute"]] = row
        elif (other := tool.get(row["dispute"])) and other["truth"] == row["truth"]:
            pairs.setdefault((who, TOOL), []).append((row, other["brier"]))
    return [_duel(who, other, held) for (who, other), held in sorted(pairs.items())]


def _duel(who: str, other: str, held: Sequence[tuple[Mapping[str, Any], float]]) -> Duel:
    own = np.array([row["brier"] for row, _ in held])
    against = np.array([score for _, score in held])
    disputes = np.array([row["dispute"] for row, _ in held])
    count = len(set(disputes.tolist()))
    # One dispute says nothing of how another would have gone.
    gap = scoring.paired_bootstrap(own - against, disputes, seed=0) if count > 1 else None
    return Duel(who, other, count, len(held), float(own.mean()), float(against.mean()), gap)


def said_and_held(store: Store, kind: str = "tool") -> list[tuple[float, bool]]:
    """Per dispute and outcome the mean probability that was said, and whether it happened.

    Forecasts of one dispute are not independent: they count as one. Empty until ten disputes
    have ended.
    """
    said: dict[tuple[str, str], list[Mapping[str, float]]] = {}
    with store.reading() as connection:
        for row in _current(connection):
            if row["kind"] == kind:
                held = said.setdefault((row["dispute"], row["truth"]), [])
                held.append(json.loads(row["outcomes_json"]))
    if len({dispute for dispute, _ in said}) < ENOUGH_DISPUTES:
        return []
    return [
        (float(np.mean([odds.get(name, 0.0) for odds in held])), name == truth)
        for (_, truth), held in said.items()
        for name in OUTCOMES
    ]


def reliability(store: Store, kind: str = "tool") -> tuple[scoring.ReliabilityRow, ...]:
    """How often what was said with a probability happened; empty until there are ten disputes."""
    pairs = said_and_held(store, kind)
    said = np.array([p for p, _ in pairs])
    return scoring.reliability(said, np.array([held for _, held in pairs])) if pairs else ()

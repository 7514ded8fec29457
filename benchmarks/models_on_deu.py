"""How far every settlement model is from what was decided in the Union, and in coalitions.

    python benchmarks/models_on_deu.py ../shared/data/deu/deu3_dev.csv

One case per proposal, with power as the square root of population and the numbers as points; and
the coalition cases of the catalogue that ended in something on a scale. Prints JSON: per model the
mean absolute error in points of 0 to 100, the number of issues it settles, and the error of the
compromise model on those same issues. Nothing is fitted, so nothing is held out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from treves.case.formats import deu, native
from treves.case.model import Case
from treves.errors import InputError
from treves.forecast.council import capabilities
from treves.forecast.settling import settled, space_of
from treves.profile import Profile, body_of, modal
from treves.settlement.catalogue import MODELS

COMMISSION = "com"
CASES = Path(__file__).resolve().parents[1] / "cases"

# Value per case and issue.
Points = dict[tuple[str, str], float]


def one_draw(case: Case) -> Profile:
    """The case at its most likely numbers, as one draw."""
    return modal(case).at(None)


def answers(model: str, cases: list[Case]) -> Points:
    """What a model says of every issue that it settles."""
    found: Points = {}
    for case in cases:
        profile = one_draw(case)
        try:
            said = settled(model, profile, space_of(case, profile), 0, body_of(case))[0]
        except InputError:
            continue  # the proposal lacks what the model needs
        for issue, value in zip(case.issues, said, strict=True):
            if not np.isnan(value):
                found[case.id, issue.id] = float(value)
    return found


def with_chair(case: Case) -> Case:
    """The same case with the Commission in the chair, which proposes, where it takes part."""
    there = any(party.id == COMMISSION for party in case.parties)
    rule = case.rule.model_copy(update={"chair": COMMISSION})
    return case.model_copy(update={"rule": rule}) if there else case


def of_union(path: str | Path) -> tuple[list[Case], Points]:
    """Proposals of the Union, and what was decided."""
    decided = deu.outcomes(path)
    cases = [with_chair(case) for case in deu.load(path, power=capabilities())]
    known = {
        (case.id, issue.id): decided[issue.id]
        for case in cases
        for issue in case.issues
        if not np.isnan(decided.get(issue.id, np.nan))
    }
    return cases, known


def of_coalitions(folder: Path) -> tuple[list[Case], Points]:
    """Coalition cases that ended in something on a scale, and what that was."""
    cases, known = [], {}
    for path in sorted(folder.glob("*/*/outcome.yaml")):
        settlement = native.plain(path).get("settlement") or {}
        case = native.load(path.with_name("case.yaml"))
        ids = {issue.id for issue in case.issues}
        points = {i: y for i, y in settlement.items() if i in ids and isinstance(y, int | float)}
        if points:
            cases.append(case)
            known |= {(case.id, i): float(y) for i, y in points.items()}
    return cases, known


def measure(model: str, cases: list[Case], happened: Points) -> dict[str, float | int | None]:
    """Mean absolute error of a model, on how many issues, and that of the compromise on those."""
    said, compromise = answers(model, cases), answers("mean", cases)
    known = [i for i in said if i in happened]
    if not known:
        return {"issues": 0, "mae": None, "compromise_on_the_same": None}
    same = [abs(compromise[i] - happened[i]) for i in known if i in compromise]
    return {
        "issues": len(known),
        "mae": round(float(np.mean([abs(said[i] - happened[i]) for i in known])), 2),
        "compromise_on_the_same": round(float(np.mean(same)), 2),
    }


def main(path: str) -> None:
    """Measure all models on the Union's decisions and on the coalition cases of the catalogue."""
    sets = {"union": of_union(path), "coalitions": of_coalitions(CASES)}
    record: dict[str, dict[str, object]] = {}
    for name, (cases, happened) in sets.items():
        for model in MODELS:
            row = measure(model, cases, happened)
            record.setdefault(name, {})[model] = row
            sys.stderr.write(f"{name} {model}: {row}\n")
    sys.stdout.write(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/deu/deu3_dev.csv")

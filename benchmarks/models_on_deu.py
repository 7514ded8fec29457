"""How far every settlement model is from what the European Union decided.

    python benchmarks/models_on_deu.py ../shared/data/deu/deu3_dev.csv

One case per proposal, with power as the square root of population and the numbers as points. Prints
JSON: per model the mean absolute error in points of 0 to 100, the number of issues it settles, and
the error of the compromise model on those same issues. Nothing is fitted, so nothing is held out.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from treves.case.formats import deu
from treves.case.model import Case
from treves.errors import InputError
from treves.forecast.council import capabilities
from treves.forecast.settling import settled, space_of
from treves.profile import Profile, body_of, modal
from treves.settlement.catalogue import MODELS

COMMISSION = "com"


def one_draw(case: Case) -> Profile:
    """The case at its most likely numbers, as one draw."""
    return modal(case).at(None)


def answers(model: str, cases: list[Case]) -> dict[str, float]:
    """What a model says of every issue that it settles."""
    found: dict[str, float] = {}
    for case in cases:
        profile = one_draw(case)
        try:
            said = settled(model, profile, space_of(case, profile), 0, body_of(case))[0]
        except InputError:
            continue  # the proposal lacks what the model needs
        said = {i.id: float(y) for i, y in zip(case.issues, said, strict=True)}
        found |= {i: y for i, y in said.items() if not np.isnan(y)}
    return found


def with_chair(case: Case) -> Case:
    """The same case with the Commission in the chair, which proposes, where it takes part."""
    there = any(party.id == COMMISSION for party in case.parties)
    rule = case.rule.model_copy(update={"chair": COMMISSION})
    return case.model_copy(update={"rule": rule}) if there else case


def main(path: str) -> None:
    """Measure all models on one file."""
    happened = deu.outcomes(path)
    cases = [with_chair(case) for case in deu.load(path, power=capabilities())]
    compromise = answers("mean", cases)
    record = {}
    for model in MODELS:
        begun = time.process_time()
        said = answers(model, cases)
        known = [i for i in said if i in happened and not np.isnan(happened[i])]
        y = np.array([happened[i] for i in known])
        errors = np.abs(np.array([said[i] for i in known]) - y)
        same = np.abs(np.array([compromise.get(i, np.nan) for i in known]) - y)
        record[model] = {
            "issues": len(known),
            "mae": round(float(errors.mean()), 2) if known else None,
            "compromise_on_the_same": round(float(np.nanmean(same)), 2) if known else None,
            "seconds": round(time.process_time() - begun, 1),
        }
        sys.stderr.write(f"{model}: {record[model]}\n")
    sys.stdout.write(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/deu/deu3_dev.csv")

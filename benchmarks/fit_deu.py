"""Fit the settlement softmax on all known DEU decisions, score it, write the packaged numbers.

    PYTHONPATH=src python benchmarks/fit_deu.py DEU.csv

The weights come from every known decision at the default penalty; the scores beside them come from
nested cross-validation by proposal and have nothing to do with that fit.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from treves.forecast import atoms, deu
from treves.forecast.backtest import backtest_deu, only_known

TARGET = Path(__file__).resolve().parents[1] / "src/treves/forecast/data/softmax.json"


def main() -> None:
    """Fit, score, write."""
    decisions = deu.load(sys.argv[1])
    known = only_known(decisions)
    model = atoms.fit(atoms.candidates(known.issues), known.outcome)
    record, _ = backtest_deu(decisions)
    data = {
        "made_by": "benchmarks/fit_deu.py",
        "source": "Arregui and Perarnaud (2021), DEU III, doi:10.34810/data53, CC BY 4.0",
        "penalty": atoms.PENALTY,
        "features": list(atoms.FEATURES),
        "theta": [round(float(v), 6) for v in model.theta],
        "scores": record,
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

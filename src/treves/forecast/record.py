"""How good is this: the track record that stands under every forecast, from the backtests."""

from __future__ import annotations

from dataclasses import dataclass

from treves.endgame.calibration import calibration
from treves.forecast.decided import fitted


@dataclass(frozen=True)
class TrackRecord:
    """Scores of treves out of sample, and on what it was never tested.

    ``brier`` and ``base_brier``: of collapse, forecast and base rate. ``crps`` and ``base_crps``:
    of settlements in points, forecast and climatology.
    """

    cases: int
    brier: float
    base_brier: float
    issues: int
    crps: float
    base_crps: float
    coverage: float
    untested: tuple[str, ...]

    @property
    def line(self) -> str:
        """One line for a screen."""
        return (
            f"How good is this: on {self.cases} past crises a Brier score of {self.brier:.2f} for "
            f"collapse (base rate {self.base_brier:.2f}); on {self.issues} European Union "
            f"decisions off by {self.crps:.1f} points (CRPS; history alone {self.base_crps:.1f}). "
            f"Untested: {', '.join(self.untested)}."
        )


def track_record() -> TrackRecord:
    """The record from the packaged backtests: left-out governments, left-out proposals.

    >>> track_record().issues
    248
    """
    library, decisions = calibration(), fitted()["scores"]
    collapse, models = library["scores"]["collapse, all"], decisions["models"]
    return TrackRecord(
        cases=int(library["cases"]),
        brier=float(collapse["tree"]["brier"]),
        base_brier=float(collapse["base rate"]["brier"]),
        issues=int(decisions["issues"]),
        crps=float(models["softmax"]["crps"]),
        base_crps=float(models["climatology"]["crps"]),
        coverage=float(models["softmax"]["coverage_80"]),
        untested=("what a coalition decides", "bodies other than governments"),
    )

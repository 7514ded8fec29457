"""How good is this: the track record that stands under every forecast, from the backtests."""

from __future__ import annotations

from dataclasses import dataclass

from treves.endgame.calibration import calibration
from treves.forecast.decided import fitted


@dataclass(frozen=True)
class TrackRecord:
    """Scores of treves out of sample, and on what it was never tested.

    ``brier`` and ``base_brier``: of collapse, forecast and base rate. ``crps`` and ``base_crps``:
    of settlements in points, forecast and climatology; ``point_crps``: the compromise as a point.
    """

    cases: int
    brier: float
    base_brier: float
    issues: int
    crps: float
    point_crps: float
    base_crps: float
    untested: tuple[str, ...]

    @property
    def line(self) -> str:
        """One line for a screen."""
        return f"How good is this: {self.odds}; {self.settlements}. {self.not_tested}"

    @property
    def odds(self) -> str:
        """How good the odds of an ending were."""
        return (
            f"on {self.cases} past crises a Brier score of {self.brier:.2f} for collapse "
            f"(base rate {self.base_brier:.2f})"
        )

    @property
    def settlements(self) -> str:
        """How good forecasts of what is decided were."""
        return (
            f"on {self.issues} European Union decisions off by {self.crps:.1f} points (CRPS; "
            f"history alone {self.base_crps:.1f})"
        )

    @property
    def not_tested(self) -> str:
        """The fields in which nothing was scored."""
        return f"Untested: {', '.join(self.untested)}."

    def on(self, screen: str) -> str:
        """The line of one screen: what was scored of what it shows, and what never was.

        screen: ``forecast``, ``deals``, ``settle`` or ``sensitivity``.

        >>> track_record().on("deals").split(";")[0]
        'How good is this: who accepts which package was never scored'
        """
        if screen == "deals":
            first = "who accepts which package was never scored; it is what the coded red lines say"
            return f"How good is this: {first}."
        if screen == "settle":
            point = f"the compromise as a point {self.point_crps:.1f}"
            first = f"{self.settlements}, {point}; no game beat that"
            return f"How good is this: {first}. {self.not_tested}"
        if screen == "sensitivity":
            more = "whether an answer moves the odds as far as this says"
            return f"How good is this: {self.odds}. Untested: {more}, {self.untested[-1]}."
        return self.line


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
        point_crps=float(models["compromise"]["crps"]),
        base_crps=float(models["climatology"]["crps"]),
        untested=("what a coalition decides", "bodies other than governments"),
    )

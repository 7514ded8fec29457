"""The uncertain numbers of a case as something that can be moved: range, scale, and edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from treves.case.model import Case
from treves.forecast.sampling import Number, uncertain_numbers
from treves.profile import triples

POINTS = ("position", "low", "high", "salience")
EDGES = ("low", "high")


@dataclass(frozen=True)
class Range:
    """One number: where it lies, most likely value, the ends of its range and of its scale.

    ``path``: as in :func:`treves.apply`. ``name`` tells the two edges of ``accepts`` apart. All
    values on the scale of the case file: 0-100 on an issue and for salience, else 0-1 and more.
    """

    number: Number
    name: str
    path: str
    mode: float
    low: float
    high: float
    least: float
    most: float
    other: Any = None

    def edit(self, value: float) -> dict[str, Any]:
        """The change that gives the number this value; of an interval the other edge stays."""
        if self.other is None:
            return {self.path: value}
        both = [value, self.other] if self.number.field == "low" else [self.other, value]
        return {self.path: both}


def ranges_of(case: Case) -> list[Range]:
    """Every number of a case that is not exactly known, also where it is assumed.

    >>> from treves.catalogue import load_example
    >>> first = ranges_of(load_example("asylum"))[0]
    >>> first.name, first.low, first.mode, first.high
    ('VVD.family_reunification.position', 95.0, 100.0, 100.0)
    """
    table = triples(case)
    found = []
    for number in uncertain_numbers(case):
        low, mode, high = (float(v) for v in table[number.field][number.index])
        if number.field == "salience":
            low, mode, high = 100.0 * low, 100.0 * mode, 100.0 * high
        least, most = 0.0, 100.0 if number.field in POINTS else max(1.0, high)
        other: Any = None
        path = name = number.path(case)
        if number.field in EDGES and number.issue is not None:
            party, issue = case.parties[number.party].id, case.issues[number.issue].id
            path = f"{party}.{issue}.accepts"
            kept = "high" if number.field == "low" else "low"
            edge = getattr(case.stance(party, issue).accepts, kept)
            least, most = (least, edge.mode) if kept == "high" else (edge.mode, most)
            other = edge.model_dump()
        # The edges of an interval may overlap; their most likely values may not.
        low, high = (round(min(max(v, least), most), 6) for v in (low, high))
        found.append(Range(number, name, path, mode, low, high, least, most, other))
    return found

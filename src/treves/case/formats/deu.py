"""DEU III, the decisions of the European Union: CSV with a row per issue, a case per proposal.

Columns ``p<actor>`` (position, 0-100) and ``s<actor>`` (salience, 0-100); ``rp`` is the reference
point, the status quo. The file holds no capabilities: power stays absent unless it is given. The
column ``out`` never enters a case; :func:`outcomes` reads it for scoring.
Source of the data: Arregui and Perarnaud (2021).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from treves.case.estimate import Estimate
from treves.case.formats import raw
from treves.case.model import Case, Issue, Party, Rule, Stance

KEEPS = frozenset({"status_quo", "salience"})
REQUIRED = ("prnr", "isnr")
# Actors that do not vote in the council.
INSTITUTIONS = ("com", "ep")


def load(
    source: str | Path,
    as_of: dt.date | None = None,
    power: Mapping[str, float] | None = None,
    by_issue: bool = False,
) -> list[Case]:
    """Read one case per proposal, or one per issue with ``by_issue``.

    ``as_of`` is the day the proposal was introduced unless it is given. ``power`` maps actors
    (``de``, ``com``, ...) to capability. Where the council votes by qualified majority the rule is
    consensus with a majority vote behind it; where it must be unanimous the rule is unanimity. The
    Commission has no vote; the Parliament must agree where the procedure is codecision (COD).

    Raises CaseError with the line of every bad cell.
    """
    text = raw.read(source)
    header, *body = raw.rows(text)
    problems = raw.Problems(text.name)
    place = raw.columns(header)
    for name in REQUIRED:
        if name not in place:
            problems.add(f"column {name} is missing", "the header of DEU III", header.line)
    actors = actors_in(place)
    if not actors:
        problems.add("no actor has columns p<actor> and s<actor>", "pde and sde", header.line)
    problems.raise_if_any()
    groups: dict[str, list[raw.Row]] = {}
    seen: dict[str, int] = {}
    for row in body:
        issue = row.cell(place["isnr"])
        if len(row.cells) != len(header.cells):
            count = f"{len(row.cells)} cells, the header has {len(header.cells)}"
            problems.add(f"the row has {count}", "one cell per column", row.line)
        if issue in seen:
            problems.add(f"issue {issue} was already given", f"see line {seen[issue]}", row.line)
        seen.setdefault(issue, row.line)
        key = issue if by_issue else row.cell(place["prnr"])
        if not key or not issue:
            problems.add("the row names no proposal or issue", "prnr and isnr", row.line)
        groups.setdefault(key, []).append(row)
    if not groups:
        problems.refuse("the file holds no issue", "at least one row")
    reader = _Reader(place, actors, problems, dict(power or {}), as_of)
    found = [reader.proposal(key, group) for key, group in groups.items()]
    problems.raise_if_any()
    return [raw.case_of(problems, **fields) for fields in found]


def outcomes(source: str | Path) -> dict[str, float]:
    """The decision on each issue that is known and not withheld, 0-100, by ``isnr``."""
    text = raw.read(source)
    header, *body = raw.rows(text)
    problems = raw.Problems(text.name)
    place = raw.columns(header)
    for name in ("isnr", "out"):
        if name not in place:
            problems.refuse(f"column {name} is missing", "the header of DEU III", header.line)
    found = {}
    for row in body:
        value = problems.number(row.cell(place["out"]), row.line, "outcome", 0, 100)
        if value is not None:
            found[row.cell(place["isnr"])] = value
    problems.raise_if_any()
    return found


def dumps(cases: Iterable[Case]) -> str:
    """Write cases as DEU rows; estimates at their most likely value, outcomes left out."""
    cases = list(cases)
    actors = _columns_for(cases)
    header = ["prnr", "prname", "isnr", "issues", "proc", "counvte", "intro"]
    header += [f"p{a}" for a in actors] + [f"s{a}" for a in actors] + ["rp"]
    records = [header]
    for case in cases:
        unanimous = "Unan" if case.rule.decision == "unanimity" else "QMV"
        parliament = any(p.id == "ep" and p.role == "coalition" for p in case.parties)
        day = case.as_of.isoformat() if case.as_of else ""
        about = ["COD" if parliament else "CNS", unanimous, day]
        for issue in case.issues:
            stances = [case.stance(a, issue.id) for a in actors]
            records.append(
                [case.id, case.title, issue.id, issue.title, *about]
                + [raw.written(s.position) for s in stances]
                + [raw.written(s.salience) for s in stances]
                + [raw.written(issue.status_quo)]
            )
    return raw.table(records)


def actors_in(place: Mapping[str, int]) -> list[str]:
    """Actors that have a column for position and one for salience, in the order of the file."""
    return [
        c[1:] for c in place_order(place) if c[0] == "p" and len(c) > 1 and "s" + c[1:] in place
    ]


def place_order(place: Mapping[str, int]) -> list[str]:
    """Names of columns in the order of the file."""
    return sorted((c for c in place if c), key=place.__getitem__)


def _columns_for(cases: list[Case]) -> list[str]:
    """All parties, in an order that agrees with that of every case where there is one."""
    before: dict[str, set[str]] = {}
    for case in cases:
        ids = [p.id for p in case.parties]
        for earlier, later in zip([None, *ids], ids, strict=False):
            before.setdefault(later, set()).update({earlier} if earlier else ())
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError:
        return list(before)


class _Reader:
    """Rows of one proposal to the fields of a case."""

    def __init__(
        self,
        place: dict[str, int],
        actors: list[str],
        problems: raw.Problems,
        power: dict[str, float],
        as_of: dt.date | None,
    ) -> None:
        self.place, self.actors, self.problems = place, actors, problems
        self.power, self.as_of = power, as_of

    def proposal(self, key: str, group: list[raw.Row]) -> dict[str, object]:
        first = group[0]
        issue_ids = raw.ids_for([row.cell(self.place["isnr"]) for row in group])
        positions: dict[str, dict[str, Stance]] = {}
        issues = []
        for row, issue in zip(group, issue_ids, strict=True):
            point = self._number(row, "rp", "reference point")
            issues.append(Issue(id=issue, title=self._cell(row, "issues"), status_quo=point))
            for actor in self.actors:
                stance = self._stance(row, actor)
                if stance is not None:
                    positions.setdefault(actor, {})[issue] = stance
        codecision = self._cell(first, "proc").upper() == "COD"
        unanimous = self._cell(first, "counvte").lower().startswith("unan")
        if not positions:
            self.problems.add("no actor has a position or a salience", "", first.line)
        return {
            "id": raw.ids_for([key])[0],
            "title": self._cell(first, "prname"),
            "as_of": self.as_of or _day(self._cell(first, "intro")),
            "rule": Rule(decision="unanimity") if unanimous else Rule(fallback="majority_vote"),
            "parties": tuple(self._party(a, codecision) for a in self.actors if a in positions),
            "issues": tuple(issues),
            "positions": positions,
        }

    def _party(self, actor: str, codecision: bool) -> Party:
        fields: dict[str, object] = {"id": actor}
        if actor in self.power:
            fields["power"] = Estimate.of(float(self.power[actor]))
        if actor in INSTITUTIONS:
            decides = actor == "ep" and codecision
            fields |= {"votes": 0, "role": "coalition" if decides else "outside"}
        return Party.model_validate(fields)

    def _stance(self, row: raw.Row, actor: str) -> Stance | None:
        position = self._number(row, "p" + actor, f"position of {actor}")
        salience = self._number(row, "s" + actor, f"salience of {actor}")
        known: dict[str, Estimate] = {}
        if position is not None:
            known["position"] = Estimate.of(position)
        if salience is not None:
            known["salience"] = Estimate.of(salience)
        return Stance.model_validate(known) if known else None

    def _number(self, row: raw.Row, column: str, what: str) -> float | None:
        return self.problems.number(self._cell(row, column), row.line, what, 0, 100)

    def _cell(self, row: raw.Row, column: str) -> str:
        return row.cell(self.place.get(column, -1))


def _day(cell: str) -> dt.date | None:
    """A day written as in the file, ``26-01-00``, or ISO; None for codes such as 999."""
    try:
        if re.fullmatch(r"\d\d-\d\d-\d\d", cell):
            return dt.datetime.strptime(cell, "%d-%m-%y").date()
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None

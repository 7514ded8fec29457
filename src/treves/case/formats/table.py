"""Plain tables of parties by issues, CSV or XLSX.

Long: a row per party and issue, with columns ``party``, ``issue``, ``position`` and, where known,
``salience``, ``power``, ``accepts_low``, ``accepts_high``, ``status_quo``, ``name``, ``title``.
Wide: a row per party, with ``party``, ``power``, and ``<issue> position``, ``<issue> salience``.
Everything is on 0-100 except power; a column named ``salience (0-1)`` says so itself. A cell may
hold an estimate, ``45|60|75``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from treves.case.estimate import Estimate, Interval
from treves.case.formats import raw, xlsx
from treves.case.model import Case, Issue, Party, Stance

KEEPS = frozenset({"accepts", "salience", "status_quo", "width", "power"})
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
ALIASES = {
    "party": ("party", "actor", "player", "stakeholder"),
    "power": ("power", "capability", "influence", "weight"),
    "issue": ("issue", "dimension", "topic"),
}
LONG = ("issue", "position", "salience", "accepts_low", "accepts_high", "status_quo", "title")
SCALES = {"salience (0-1)": 1.0, "salience (0-100)": 100.0}
HEADER = (
    *("party", "name", "issue", "title", "position", "salience (0-100)", "power"),
    *("accepts_low", "accepts_high", "status_quo"),
)


def load(
    source: str | Path, as_of: dt.date | None = None, salience_to: float | None = None
) -> list[Case]:
    """Read one case from a long or a wide table.

    ``salience_to`` is the top of the salience scale, 1 or 100. Where it is not given, 100 is meant
    and a table whose saliences all lie between 0 and 1 is refused, because it is probably on the
    other scale. The format has no date: the case has none unless ``as_of`` is given.
    Raises CaseError with the line of each bad cell.
    """
    name, rows = _rows(source)
    problems = raw.Problems(name)
    header, *body = rows
    place = raw.columns(header)
    for key, words in ALIASES.items():
        for word in words:
            if word in place:
                place.setdefault(key, place[word])
    for word, top in SCALES.items():
        if word in place:
            place["salience"], salience_to = place[word], top
    if "party" not in place:
        problems.refuse("no column names the party", " or ".join(ALIASES["party"]), header.line)
    if not body:
        problems.refuse("the table has no row", "one row per party", header.line)
    builder = _Builder(problems, salience_to)
    if "issue" in place:
        if "position" not in place:
            problems.refuse("no column holds the position", "position", header.line)
        for row in body:
            builder.row(row, place)
    else:
        _wide(header, body, place, builder)
    builder.check_scale()
    case_id = raw.ids_for([Path(name).stem or "case"])[0]
    return [builder.case(case_id, as_of)]


def dumps(cases: Iterable[Case]) -> str:
    """Write one case as a long table, with estimates and accepted intervals."""
    (case,) = cases
    records = [list(HEADER)]
    for party in case.parties:
        for issue in case.issues:
            stance = case.stance(party.id, issue.id)
            accepts = stance.accepts
            edges = (accepts.low, accepts.high) if accepts else (None, None)
            numbers = (stance.position, stance.salience, party.power, *edges)
            point = raw.written(issue.status_quo)
            cells = [_estimate_text(n) for n in numbers]
            names = [party.id, party.name or "", issue.id, issue.title]
            records.append([*names, *cells, point])
    return raw.table(records)


def _rows(source: str | Path) -> tuple[str, list[raw.Row]]:
    if Path(str(source)[:4000]).suffix.lower() == ".xlsx" and "\n" not in str(source):
        return Path(source).name, xlsx.rows(source)
    text = raw.read(source)
    return text.name, raw.rows(text)


def _wide(header: raw.Row, body: list[raw.Row], place: dict[str, int], builder: _Builder) -> None:
    issues: dict[str, dict[str, int]] = {}
    for k, cell in enumerate(header.cells):
        name, _, kind = cell.strip().rpartition(" ")
        if kind.lower() in LONG[1:6] and name:
            issues.setdefault(name, {})[kind.lower()] = k
    if not issues:
        what = "no column holds a position"
        builder.problems.refuse(what, "`<issue> position`, or `issue` and `position`", header.line)
    about = {k: place[k] for k in ("party", "name", "power") if k in place}
    for row in body:
        for name, columns in issues.items():
            builder.row(row, about | columns, issue=name)


class _Builder:
    """Collects parties, issues and stances from rows, and what is wrong with them."""

    def __init__(self, problems: raw.Problems, salience_to: float | None) -> None:
        self.problems, self.salience_to = problems, salience_to
        self.names: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.power: dict[str, Estimate] = {}
        self.points: dict[str, float] = {}
        self.stances: dict[tuple[str, str], dict[str, object]] = {}
        self.highest_salience = 0.0
        self.first_salience: int | None = None

    def row(self, row: raw.Row, place: dict[str, int], issue: str = "") -> None:
        party = row.cell(place["party"])
        issue = issue or row.cell(place["issue"])
        if not party or not issue:
            self.problems.add("the row names no party or no issue", "both", row.line)
            return
        self.names.setdefault(party, row.cell(place.get("name", -1)))
        self.titles.setdefault(issue, row.cell(place.get("title", -1)))
        if (party, issue) in self.stances:
            self.problems.add(f"{party} on {issue} was already given", "one row", row.line)
        self._power(row, place, party)
        point = self.problems.number(
            row.cell(place.get("status_quo", -1)), row.line, "status_quo", 0, 100
        )
        if point is not None and self.points.setdefault(issue, point) != point:
            self.problems.add(f"the status quo of {issue} changes", "one number", row.line)
        known: dict[str, object] = {}
        for name in ("position", "salience"):
            top = (self.salience_to or 100.0) if name == "salience" else 100.0
            value = self._estimate(row, place.get(name, -1), name, top)
            if value is not None:
                known[name] = value
        if "salience" in known:
            self._note_salience(row)
        edges = [
            self._estimate(row, place.get(f"accepts_{e}", -1), f"accepts_{e}", 100.0)
            for e in ("low", "high")
        ]
        if (edges[0] is None) != (edges[1] is None):
            self.problems.add("only one edge of accepts is given", "both or none", row.line)
        elif edges[0] is not None and edges[1] is not None:
            if edges[0].mode > edges[1].mode:
                self.problems.add("accepts_low lies above accepts_high", "the other way", row.line)
            else:
                known["accepts"] = Interval(low=edges[0], high=edges[1])
        self.stances[party, issue] = known

    def check_scale(self) -> None:
        silent = self.salience_to is None and self.first_salience is not None
        if silent and 0.0 < self.highest_salience <= 1.0:
            what = "no salience is above 1: is the scale 0 to 1 or 0 to 100?"
            self.problems.add(what, "salience_to=1, or saliences of 0-100", self.first_salience)

    def case(self, case_id: str, as_of: dt.date | None) -> Case:
        party_ids = dict(zip(self.names, raw.ids_for(list(self.names)), strict=True))
        issue_ids = dict(zip(self.titles, raw.ids_for(list(self.titles)), strict=True))
        self.problems.raise_if_any()
        positions: dict[str, dict[str, Stance]] = {}
        for (party, issue), known in self.stances.items():
            stance = Stance.model_validate(known)
            positions.setdefault(party_ids[party], {})[issue_ids[issue]] = stance
        parties = []
        for name, party_id in party_ids.items():
            fields: dict[str, object] = {"id": party_id}
            label = self.names[name] or (name if name != party_id else "")
            fields |= {"name": label} if label else {}
            fields |= {"power": self.power[name]} if name in self.power else {}
            parties.append(Party.model_validate(fields))
        issues = [
            Issue(
                id=issue_id,
                title=self.titles[name] or ("" if name == issue_id else name),
                status_quo=self.points.get(name),
            )
            for name, issue_id in issue_ids.items()
        ]
        return raw.case_of(
            self.problems,
            id=case_id,
            as_of=as_of,
            parties=tuple(parties),
            issues=tuple(issues),
            positions=positions,
        )

    def _power(self, row: raw.Row, place: dict[str, int], party: str) -> None:
        power = self._estimate(row, place.get("power", -1), "power", 1e12)
        if power is None:
            return
        if self.power.setdefault(party, power) != power:
            what = f"the power of {party} changes between its rows"
            self.problems.add(what, "one power per party", row.line)

    def _note_salience(self, row: raw.Row) -> None:
        if self.first_salience is None:
            self.first_salience = row.line

    def _estimate(self, row: raw.Row, index: int, what: str, top: float) -> Estimate | None:
        parts = row.cell(index).split("|") if row.cell(index) else []
        if len(parts) not in (0, 1, 3):
            self.problems.add(f"{what} has {len(parts)} parts", "one or low|mode|high", row.line)
            return None
        read = [self.problems.number(p.strip(), row.line, what, 0.0, top) for p in parts]
        numbers = [n for n in read if n is not None]
        if not numbers or len(numbers) != len(parts):
            return None
        if sorted(numbers) != numbers:
            self.problems.add(f"{what} is not in rising order", "low|mode|high", row.line)
            return None
        if what == "salience":
            self.highest_salience = max(self.highest_salience, *numbers)
            if self.salience_to not in (None, 100.0):
                numbers = [100.0 * n / self.salience_to for n in numbers]
        return Estimate.of(numbers[0] if len(numbers) == 1 else numbers)


def _estimate_text(value: Estimate | None) -> str:
    if value is None or value.is_exact:
        return raw.written(value)
    return "|".join(raw.written(v) for v in (value.low, value.mode, value.high))

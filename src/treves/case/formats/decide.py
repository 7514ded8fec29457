"""Input files of the Decide exchange model: rows tagged #A (actor), #P (issue), #M (point), #D.

``#A`` key, name, comment; ``#P`` key, name, comment; ``#M`` issue, point, label; ``#D`` actor,
issue, position, salience (0-1), power. ``#0`` and ``#/`` are comments. Points may stand in any
order; the lowest and highest of an issue are the ends of its scale, 0 and 100 where none are given.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from treves.case.estimate import Estimate
from treves.case.formats import raw
from treves.case.model import Case, Issue, Party, Stance

KEEPS = frozenset({"salience", "power"})
COMMENTS = ("#0", "#/", "# ")
# Where numbers stand; the other cells are names, also those that look like numbers.
NUMBERS = {"#M": range(2, 3), "#D": range(3, 6)}
# The fewest cells after the tag.
CELLS = {"#A": 1, "#P": 1, "#M": 2, "#D": 5}


def load(source: str | Path, as_of: dt.date | None = None) -> list[Case]:
    """Read one case. Positions and points are brought to 0-100; labels keep the raw numbers.

    The format has no date: the case has none unless ``as_of`` is given. Power is one
    number per party: a file that gives a party different power on different issues is refused.
    Raises CaseError with the line of every bad row.
    """
    text = raw.read(source)
    problems = raw.Problems(text.name)
    tagged = _tagged(text, problems)
    actors = _named(tagged["#A"], "actor", problems)
    issues = _named(tagged["#P"], "issue", problems)
    for kind, found in (("#A", actors), ("#P", issues)):
        if not found:
            problems.add(f"the file has no row {kind}", f"{kind} and a key")
    problems.raise_if_any()
    points = _points(tagged["#M"], issues, problems)
    actor_ids = dict(zip(actors, raw.ids_for(list(actors)), strict=True))
    issue_ids = dict(zip(issues, raw.ids_for(list(issues)), strict=True))
    power: dict[str, float] = {}
    positions: dict[str, dict[str, Stance]] = {}
    for row in tagged["#D"]:
        actor, issue = row.cell(1), row.cell(2)
        if actor not in actors or issue not in issues:
            what, key = ("actor", actor) if actor not in actors else ("issue", issue)
            tag = "#A" if what == "actor" else "#P"
            problems.add(f"{what} {key!r} is not defined", f"a row {tag} for it", row.line)
            continue
        if issue_ids[issue] in positions.get(actor_ids[actor], {}):
            problems.add(f"{actor} on {issue} was already given", "one row", row.line)
        _power(row, actor, power, problems)
        stance = _stance(row, _scale(points[issue]), problems)
        if stance is not None:
            positions.setdefault(actor_ids[actor], {})[issue_ids[issue]] = stance
    parties = [_party(actor_ids[key], key, name, power.get(key)) for key, name in actors.items()]
    lines = [_issue(issue_ids[key], name, points[key]) for key, name in issues.items()]
    fields = {"parties": tuple(parties), "issues": tuple(lines), "positions": positions}
    case_id = raw.ids_for([Path(text.name).stem or "case"])[0]
    return [raw.case_of(problems, id=case_id, as_of=as_of, **fields)]


def dumps(cases: Iterable[Case]) -> str:
    """Write one case as tagged rows of quoted cells; estimates at their most likely value."""
    (case,) = cases
    records: list[list[str]] = [["#A", p.id, p.name or p.id] for p in case.parties]
    for issue in case.issues:
        records.append(["#P", issue.id, issue.title or issue.id])
        ends = {0.0: "", 100.0: ""}
        for point, label in sorted((ends | dict(issue.points)).items()):
            records.append(["#M", issue.id, raw.written(point), label])
    for party in case.parties:
        for issue in case.issues:
            stance = case.stance(party.id, issue.id)
            numbers = (stance.position, _share(stance.salience), party.power)
            if stance.position is not None or stance.salience is not None:
                records.append(["#D", party.id, issue.id, *(raw.written(n) for n in numbers)])
    quoted = [["'" + cell.replace("'", "''") + "'" for cell in record] for record in records]
    return "".join("\t".join(record) + "\n" for record in quoted)


def _tagged(text: raw.Text, problems: raw.Problems) -> dict[str, list[raw.Row]]:
    found: dict[str, list[raw.Row]] = {tag: [] for tag in CELLS}
    quote = "'" if re.search(r"^\s*'#", text.text, re.MULTILINE) else '"'
    for row in raw.rows(text, quote=quote, decimals=False):
        tag = row.cell(0).upper()
        if tag == "#" or tag.startswith(COMMENTS):
            continue
        if tag not in CELLS:
            problems.add(f"a row starts with {tag[:20]!r}", "#A, #P, #M, #D or #/", row.line)
        elif len(row.cells) <= CELLS[tag] or not row.cell(1):
            need = CELLS[tag]
            problems.add(f"a row {tag} has too few cells", f"{need} after the tag", row.line)
        else:
            numbers = NUMBERS.get(tag, ())
            told = (raw.with_point(c) if k in numbers else c for k, c in enumerate(row.cells))
            found[tag].append(raw.Row(row.line, tuple(told)))
    return found


def _named(rows: list[raw.Row], what: str, problems: raw.Problems) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        key = row.cell(1)
        if key in found:
            problems.add(f"{what} {key!r} is defined twice", "one row", row.line)
        found[key] = row.cell(2) or key
    return found


def _points(
    rows: list[raw.Row], issues: dict[str, str], problems: raw.Problems
) -> dict[str, dict[float, str]]:
    found: dict[str, dict[float, str]] = {key: {} for key in issues}
    for row in rows:
        value = problems.number(row.cell(2), row.line, "point")
        if row.cell(1) not in issues:
            problems.add(f"issue {row.cell(1)!r} is not defined", "a row #P for it", row.line)
        elif value is not None:
            # A label may contain the delimiter; whatever stands behind the point belongs to it.
            label = " ".join(c.strip() for c in row.cells[3:] if c.strip())
            found[row.cell(1)][value] = label
    for row in rows:
        if len(found.get(row.cell(1), "12")) == 1:
            problems.add("an issue with one point has no scale", "a second row #M", row.line)
    return found


def _scale(points: dict[float, str]) -> tuple[float, float]:
    return (min(points), max(points)) if len(points) > 1 else (0.0, 100.0)


def _on_scale(value: float, scale: tuple[float, float]) -> float:
    low, high = scale
    return min(max(100.0 * (value - low) / (high - low), 0.0), 100.0)


def _power(row: raw.Row, actor: str, power: dict[str, float], problems: raw.Problems) -> None:
    value = problems.number(row.cell(5), row.line, f"power of {actor}", 0)
    if value is None:
        return
    if power.setdefault(actor, value) != value:
        was = f"{power[actor]:g}"
        what = f"{actor} has power {value:g} here and {was} on another issue"
        problems.add(what, "one power per actor, or a file per issue", row.line)


def _stance(row: raw.Row, scale: tuple[float, float], problems: raw.Problems) -> Stance | None:
    position = problems.number(row.cell(3), row.line, "position", *scale)
    salience = problems.number(row.cell(4), row.line, "salience", 0, 1)
    known: dict[str, Estimate] = {}
    if position is not None:
        known["position"] = Estimate.of(_on_scale(position, scale))
    if salience is not None:
        known["salience"] = Estimate.of(100.0 * salience)
    return Stance.model_validate(known) if known else None


def _party(party_id: str, key: str, name: str, power: float | None) -> Party:
    fields: dict[str, object] = {"id": party_id}
    if name != party_id:
        fields["name"] = name if name != key else key
    if power is not None:
        fields["power"] = Estimate.of(power)
    return Party.model_validate(fields)


def _issue(issue_id: str, name: str, points: dict[float, str]) -> Issue:
    scale = _scale(points)
    labels = {_on_scale(p, scale): label or raw.written(p) for p, label in sorted(points.items())}
    return Issue(id=issue_id, title="" if name == issue_id else name, points=labels)


def _share(salience: Estimate | None) -> float | None:
    return None if salience is None else salience.mode / 100.0

"""Statement exports of the Discourse Network Analyzer: who agreed with which concept, and when.

CSV with columns for time, organization (or person), concept and agreement. A case is made of the
statements: the position of an organization is the share of its statements that agree, 0-100, with
the whole range as its width when it spoke both ways. Nothing is said about salience or power.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from treves.case.estimate import Estimate
from treves.case.formats import raw
from treves.case.model import Case, Issue, Party, Stance

KEEPS: frozenset[str] = frozenset()
NAMES = {
    "id": ("id", "statement_id", "statement id"),
    "time": ("time", "date", "date/time", "datetime"),
    "document": ("document_title", "document title", "doctitle", "title", "document_id"),
    "organization": ("organization", "organisation", "actor"),
    "concept": ("concept", "category"),
    "agreement": ("agreement", "agreement qualifier", "qualifier"),
}
AGREES = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


@dataclass(frozen=True)
class Statement:
    """One statement: on a day (or None) an actor agreed or disagreed with a concept."""

    actor: str
    concept: str
    agrees: bool
    day: dt.date | None = None
    document: str = ""
    id: str = ""


def load(
    source: str | Path, as_of: dt.date | None = None, actor: str = "organization"
) -> list[Case]:
    """Read one case from the statements made up to ``as_of`` (default: the day of the last one).

    ``actor`` is the column that holds the parties. Raises CaseError with the line of each bad row.
    """
    text = raw.read(source)
    made = statements(source, actor)
    days = [s.day for s in made if s.day is not None]
    until = as_of or max(days, default=None)
    kept = [s for s in made if s.day is None or until is None or s.day <= until]
    problems = raw.Problems(text.name)
    if not kept:
        problems.refuse(f"no statement was made up to {until}", "a later day")
    actors = list(dict.fromkeys(s.actor for s in kept))
    concepts = list(dict.fromkeys(s.concept for s in kept))
    party_ids = dict(zip(actors, raw.ids_for(actors), strict=True))
    issue_ids = dict(zip(concepts, raw.ids_for(concepts), strict=True))
    said: dict[tuple[str, str], list[bool]] = {}
    for s in kept:
        said.setdefault((party_ids[s.actor], issue_ids[s.concept]), []).append(s.agrees)
    positions: dict[str, dict[str, Stance]] = {}
    for (party, issue), votes in said.items():
        positions.setdefault(party, {})[issue] = Stance(position=_position(votes))
    points = {0.0: "disagrees", 100.0: "agrees"}
    return [
        raw.case_of(
            problems,
            id=raw.ids_for([Path(text.name).stem or "case"])[0],
            as_of=until,
            parties=tuple(Party(id=i, name=None if n == i else n) for n, i in party_ids.items()),
            issues=tuple(
                Issue(id=i, title="" if n == i else n, points=points) for n, i in issue_ids.items()
            ),
            positions=positions,
        )
    ]


def statements(source: str | Path, actor: str = "organization") -> list[Statement]:
    """Read the statements of an export. Raises CaseError with the line of each bad row."""
    text = raw.read(source)
    header, *body = raw.rows(text)
    problems = raw.Problems(text.name)
    place = raw.columns(header)
    names = NAMES | ({} if actor == "organization" else {"organization": (actor.lower(),)})
    where = {k: next((place[n] for n in v if n in place), -1) for k, v in names.items()}
    for key in ("organization", "concept", "agreement"):
        if where[key] < 0:
            problems.add(f"no column holds the {key}", " or ".join(names[key]), header.line)
    problems.raise_if_any()
    found = []
    for row in body:
        word = row.cell(where["agreement"]).lower()
        party, concept = row.cell(where["organization"]), row.cell(where["concept"])
        if word not in AGREES:
            problems.add(f"agreement {word[:20]!r} is not known", ", ".join(AGREES), row.line)
        if not party or not concept:
            problems.add("the statement has no actor or no concept", "both", row.line)
        day = _day(row.cell(where["time"]), row.line, problems)
        document, number = row.cell(where["document"]), row.cell(where["id"])
        agrees = AGREES.get(word, False)
        found.append(Statement(party, concept, agrees, day, document, number))
    problems.raise_if_any()
    return found


def dumps(cases: Iterable[Case]) -> str:
    """Write one case as statements, one per position, dated the day of the case.

    A statement agrees or it does not: CaseError for a position other than 0 and 100.
    """
    (case,) = cases
    problems = raw.Problems(case.id)
    made = []
    for party in case.parties:
        for issue in case.issues:
            position = case.stance(party.id, issue.id).position
            if position is None:
                continue
            if not position.is_exact or position.mode not in (0.0, 100.0):
                what = f"position {raw.written(position)} is neither agreement nor disagreement"
                problems.add(what, "0 or 100", party=party.id, issue=issue.id)
            names = (party.name or party.id, issue.title or issue.id)
            made.append(Statement(*names, position.mode == 100.0, case.as_of))
    problems.raise_if_any()
    return written(made)


def written(made: Iterable[Statement]) -> str:
    """Write statements as an export of the Discourse Network Analyzer."""
    records = [["id", "time", "document_title", "organization", "concept", "agreement"]]
    for s in made:
        day = f"{s.day.isoformat()} 00:00:00" if s.day else ""
        records.append([s.id, day, s.document, s.actor, s.concept, str(int(s.agrees))])
    return raw.table(records)


def _position(votes: list[bool]) -> Estimate:
    share = 100.0 * sum(votes) / len(votes)
    return Estimate.of(share if len(set(votes)) == 1 else [0.0, share, 100.0])


def _day(cell: str, line: int, problems: raw.Problems) -> dt.date | None:
    if not cell:
        return None
    try:
        return dt.date.fromisoformat(cell[:10])
    except ValueError:
        problems.add(f"day {cell[:20]!r} is not understood", "such as 2023-07-06", line)
        return None

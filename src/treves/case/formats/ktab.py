"""Input of KTAB's spatial model of politics: a CSV table or an XML scenario.

CSV: a line ``name, description, actors, dimensions``, a header, then per actor its name, a
description, its capability, and position and salience (0-100) for each dimension. The XML adds the
switches of the model and by whose position an actor's ideal is drawn. A case holds neither, so
:func:`read` returns them beside it. Source: KAPSARC Toolkit for Behavioral Analysis.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from treves.case.estimate import Estimate
from treves.case.formats import raw, xml
from treves.case.model import Case, Issue, Party, Stance

KEEPS = frozenset({"salience", "power"})

# The nine switches and what each may say; the first is what a CSV file implies. The order is that
# of the codes in treves.settlement.spatial.
SWITCHES: dict[str, tuple[str, ...]] = {
    "VictoryProbModel": ("Linear", "Square", "Quartic", "Octic", "Binary"),
    "VotingRule": ("Prop", "Binary", "PropBin", "PropCbc", "Cubic", "ASymProsp"),
    "PCEModel": ("Conditional", "MarkovIncentive", "MarkovUniform"),
    "StateTransitions": ("Deterministic", "Stochastic"),
    "BigRRange": ("Mid", "Min", "Max"),
    "BigRAdjust": ("OneThird", "None", "Half", "TwoThirds", "Full"),
    "ThirdPartyCommit": ("SemiCommit", "NoCommit", "FullCommit"),
    "InterVecBrgn": ("S2P2", "S1P1", "S2PMax"),
    "BargnModel": ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"),
}


@dataclass(frozen=True)
class Scenario:
    """A case, the switches its file names, and pulls (adjusting, reference) -> share on ideals."""

    case: Case
    switches: Mapping[str, str] = field(default_factory=dict)
    ideals: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass
class _Actor:
    name: str
    about: str
    line: int
    power: str
    cells: list[tuple[str, str]]


def load(source: str | Path, as_of: dt.date | None = None) -> list[Case]:
    """Read one case from CSV or XML; see :func:`read` for what else a file may hold."""
    return [read(source, as_of).case]


def read(source: str | Path, as_of: dt.date | None = None) -> Scenario:
    """Read a scenario from CSV or XML.

    The format has no date: the case has none unless ``as_of`` is given. An empty
    coordinate is an absent position. Raises CaseError with the line of every bad number.
    """
    text = raw.read(source)
    if text.text.lstrip().startswith("<"):
        return _from_xml(text, as_of)
    return _from_csv(text, as_of)


def dumps(cases: Iterable[Case]) -> str:
    """Write one case as KTAB CSV; estimates at their most likely value."""
    (case,) = cases
    titles = [issue.title or issue.id for issue in case.issues]
    records = [[case.title or case.id, case.id, str(len(case.parties)), str(len(case.issues))]]
    pairs = [c for t in titles for c in (f"{t} Position", f"{t} Salience")]
    records.append(["Actor", "Description", "Influence", *pairs])
    for party in case.parties:
        stances = [case.stance(party.id, issue.id) for issue in case.issues]
        cells = [raw.written(v) for s in stances for v in (s.position, s.salience)]
        records.append([party.id, party.name or "", raw.written(party.power), *cells])
    return raw.table(records)


def dumps_xml(scenario: Scenario) -> str:
    """Write a scenario as KTAB XML, with its switches and ideals."""
    case = scenario.case
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Scenario>"]
    lines += [f"  <name>{escape(case.title or case.id)}</name>", "  <desc></desc>"]
    lines += ["  <ModelParameters>"]
    lines += [f"    <{k}>{escape(v)}</{k}>" for k, v in scenario.switches.items()]
    lines += ["  </ModelParameters>", "  <Dimensions>"]
    lines += [f"    <dName>{escape(i.title or i.id)}</dName>" for i in case.issues]
    lines += ["  </Dimensions>", "  <Actors>"]
    for party in case.parties:
        stances = [case.stance(party.id, issue.id) for issue in case.issues]
        lines += ["    <Actor>", f"      <name>{escape(party.id)}</name>"]
        lines += [f"      <description>{escape(party.name or '')}</description>"]
        lines += [f"      <capability>{raw.written(party.power)}</capability>", "      <Position>"]
        lines += [f"        <dCoord>{raw.written(s.position)}</dCoord>" for s in stances]
        lines += ["      </Position>", "      <Salience>"]
        lines += [f"        <dSal>{raw.written(s.salience)}</dSal>" for s in stances]
        lines += ["      </Salience>", "    </Actor>"]
    lines += ["  </Actors>", "  <IdealAdjustment>"]
    for (adjusting, reference), share in scenario.ideals.items():
        lines += ["    <iaPair>", f"      <adjustingIdeal>{escape(adjusting)}</adjustingIdeal>"]
        lines += [f"      <referencePos>{escape(reference)}</referencePos>"]
        lines += [f"      <adjust>{raw.written(share)}</adjust>", "    </iaPair>"]
    return "\n".join([*lines, "  </IdealAdjustment>", "</Scenario>", ""])


def _from_csv(text: raw.Text, as_of: dt.date | None) -> Scenario:
    problems = raw.Problems(text.name)
    head, *body = raw.rows(text)
    count = problems.number(head.cell(2), head.line, "number of actors", 1)
    width = problems.number(head.cell(3), head.line, "number of dimensions", 1, 1000)
    if count is None or width is None or len(body) < 2:
        problems.refuse("the first line is not that of KTAB", "name, text, actors, dimensions", 1)
    header, *table = body
    titles = [_dimension(header.cell(3 + 2 * k), k) for k in range(int(width))]
    if len(table) != count:
        what = f"{len(table)} actors follow, the first line promises {count:g}"
        problems.add(what, "the number of rows", head.line)
    actors = []
    for row in table:
        if any(row.cell(k) for k in range(3 + 2 * int(width), len(row.cells))):
            problems.add("the row has more cells than dimensions", f"{width:g}", row.line)
        cells = [(row.cell(3 + 2 * k), row.cell(4 + 2 * k)) for k in range(int(width))]
        actors.append(_Actor(row.cell(0), row.cell(1), row.line, row.cell(2), cells))
    return Scenario(_case(problems, head.cell(0), titles, actors, as_of))


def _from_xml(text: raw.Text, as_of: dt.date | None) -> Scenario:
    problems = raw.Problems(text.name)
    root = xml.parse(text)
    if root.tag != "Scenario":
        whole = "the folder that holds a domain of GENIUS and its profiles"
        genius = root.tag in ("utility_space", "negotiation_template")
        problems.refuse(f"the root is <{root.tag}>", whole if genius else "<Scenario>", root.line)
    titles = [e.text.strip() for e in root.anywhere("dName")]
    if not titles or next(root.anywhere("Actor"), None) is None:
        problems.refuse("the scenario has no dimension or no actor", "<dName>, <Actor>", root.line)
    actors = []
    for element in root.anywhere("Actor"):
        coords = [e.text.strip() for e in element.anywhere("dCoord")]
        weights = [e.text.strip() for e in element.anywhere("dSal")]
        name = element.value("name")
        if len(coords) != len(titles) or len(weights) != len(titles):
            what = f"actor {name} has {len(coords)} coordinates and {len(weights)} saliences"
            problems.add(what, f"{len(titles)} of each", element.line)
            continue
        cells = list(zip(coords, weights, strict=True))
        about = element.value("description")
        actors.append(_Actor(name, about, element.line, element.value("capability"), cells))
    switches = _switches(root, problems)
    names = [a.name for a in actors]
    ideals = _ideals(root, dict(zip(names, raw.ids_for(names), strict=True)), problems)
    case = _case(problems, root.value("name"), titles, actors, as_of)
    return Scenario(case, switches, ideals)


def _switches(root: xml.Element, problems: raw.Problems) -> dict[str, str]:
    found = {}
    block = root.first("ModelParameters")
    for element in block.children if block else []:
        value = element.text.strip()
        if element.tag not in SWITCHES:
            problems.add(f"<{element.tag}> is not a switch", ", ".join(SWITCHES), element.line)
        elif value not in SWITCHES[element.tag]:
            allowed = ", ".join(SWITCHES[element.tag])
            problems.add(f"{element.tag} cannot be {value!r}", allowed, element.line)
        else:
            found[element.tag] = value
    return found


def _ideals(
    root: xml.Element, ids: dict[str, str], problems: raw.Problems
) -> dict[tuple[str, str], float]:
    found = {}
    for pair in root.anywhere("iaPair"):
        names = (pair.value("adjustingIdeal"), pair.value("referencePos"))
        share = problems.number(pair.value("adjust"), pair.line, "adjust", -1, 1)
        for name in names:
            if name not in ids:
                problems.add(f"actor {name!r} does not exist", ", ".join(ids), pair.line)
        if share is not None and all(n in ids for n in names):
            found[ids[names[0]], ids[names[1]]] = share
    return found


def _case(
    problems: raw.Problems,
    title: str,
    titles: list[str],
    actors: list[_Actor],
    as_of: dt.date | None,
) -> Case:
    party_ids = raw.ids_for([a.name for a in actors])
    issue_ids = raw.ids_for(titles)
    parties, positions = [], {}
    names: set[str] = set()
    for actor, party_id in zip(actors, party_ids, strict=True):
        if not actor.name or actor.name in names:
            problems.add(f"actor {actor.name!r} has no name or was named before", "", actor.line)
        names.add(actor.name)
        power = problems.number(actor.power, actor.line, "capability", 0)
        if power is None and not actor.power:
            problems.add(f"{actor.name} has no capability", "a number", actor.line)
        label = actor.about or (actor.name if actor.name != party_id else None)
        fields: dict[str, object] = {"id": party_id}
        if label:
            fields["name"] = label
        if power is not None:
            fields["power"] = Estimate.of(power)
        parties.append(Party.model_validate(fields))
        positions[party_id] = {
            issue: _stance(problems, actor, cells)
            for issue, cells in zip(issue_ids, actor.cells, strict=True)
        }
    lines = [Issue(id=i, title="" if t == i else t) for i, t in zip(issue_ids, titles, strict=True)]
    case_id = raw.ids_for([title or Path(problems.file).stem or "case"])[0]
    return raw.case_of(
        problems,
        id=case_id,
        title=title,
        as_of=as_of,
        parties=tuple(parties),
        issues=tuple(lines),
        positions=positions,
    )


def _stance(problems: raw.Problems, actor: _Actor, cells: tuple[str, str]) -> Stance:
    known: dict[str, Estimate] = {}
    for field_name, cell in zip(("position", "salience"), cells, strict=True):
        what = f"{field_name} of {actor.name}"
        value = problems.number(cell, actor.line, what, 0, 100)
        if value is not None:
            known[field_name] = Estimate.of(value)
    return Stance.model_validate(known)


def _dimension(cell: str, index: int) -> str:
    """Name of a dimension from the header of its position: the word before ``Position``."""
    name = cell.removesuffix("Position").removesuffix("Pos").strip()
    return name if name and not cell.startswith("Pstn") else f"issue{index + 1}"

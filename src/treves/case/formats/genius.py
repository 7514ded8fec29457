"""GENIUS and ANAC domains: a folder with a domain XML and one utility-space XML per party.

Ratings of discrete values are divided by the highest of their issue, as GENIUS does; linear and
triangular evaluators of ranges are read as a line. Source: the GENIUS negotiation environment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from treves.case.formats import raw, scenario, xml
from treves.case.formats.scenario import MOST_VALUES, Rating, Scenario, Topic
from treves.case.model import Case

KEEPS = frozenset({"salience", "stakes", "worth"})


def load(source: str | Path, as_of: dt.date | None = None) -> list[Case]:
    """Read the folder of a domain as one case; see :func:`read` for the ratings themselves."""
    return [scenario.to_case(read(source), as_of)]


def read(source: str | Path) -> Scenario:
    """Read the folder of a domain. Raises CaseError with file and line of what is wrong."""
    folder = Path(source)
    problems = raw.Problems(folder.name)
    paths = sorted(folder.glob("*.xml")) if folder.is_dir() else []
    if not paths:
        problems.refuse("no XML file is here", "a folder with a domain and its utility spaces")
    files = [(path, xml.parse(raw.read(path))) for path in paths]
    rated = [(p, root) for p, root in files if _rates(root)]
    plain = [(p, r) for p, r in files if not _rates(r) and next(r.anywhere("issue"), None)]
    if len(plain) > 1:
        problems.refuse(f"{len(plain)} files look like the domain", "one domain")
    if not rated:
        problems.refuse("no file rates the values", "one utility space per party")
    path, root = (plain or rated)[0]
    topics = _topics(root, raw.Problems(path.name))
    parties, notes = [], []
    for path, root in rated:
        party, said = _rating(path, root, topics)
        parties.append(party)
        notes += said
    return Scenario(folder.name, topics, tuple(parties), tuple(notes))


def dumps(cases: Iterable[Case]) -> dict[str, str]:
    """Write one case as the files of a domain: name of the file to its text."""
    (case,) = cases
    return written(scenario.of_case(case))


def written(domain: Scenario) -> dict[str, str]:
    """Write a scenario as the files of a GENIUS domain: name of the file to its text."""
    stem = raw.ids_for([domain.name or "domain"])[0]
    head = f'<utility_space number_of_issues="{len(domain.topics)}">\n'
    head += '<objective index="0" etype="objective" type="objective" description="" name="root">\n'
    body = "".join(_issue_xml(k, t, None) for k, t in enumerate(domain.topics))
    tail = "</objective>\n</utility_space>\n"
    files = {
        f"{stem}_domain.xml": (
            f"<negotiation_template>\n{head}{body}{tail}</negotiation_template>\n"
        )
    }
    for name, party in zip(
        raw.ids_for([p.name for p in domain.parties]), domain.parties, strict=True
    ):
        body = "".join(
            _issue_xml(k, t, r)
            for k, (t, r) in enumerate(zip(domain.topics, party.ratings, strict=True))
        )
        for k, weight in enumerate(party.weights):
            body += f'<weight index="{k + 1}" value="{weight!r}"/>\n'
        end = "</objective>\n"
        if party.discount is not None:
            end += f'<discount_factor value="{party.discount!r}"/>\n'
        if party.reservation is not None:
            end += f'<reservation value="{party.reservation!r}"/>\n'
        files[f"{name}.xml"] = f"{head}{body}{end}</utility_space>\n"
    return files


def _issue_xml(index: int, topic: Topic, ratings: Sequence[float] | None) -> str:
    name = quoteattr(topic.name)
    if topic.line:
        low, high = topic.values[0], topic.values[-1]
        text = f'<issue index="{index + 1}" etype="real" type="real" vtype="real" name={name}'
        text += f' lowerbound="{low}" upperbound="{high}">\n'
        if ratings is not None:
            slope = (ratings[-1] - ratings[0]) / (float(high) - float(low))
            offset = ratings[0] - slope * float(low)
            text += f'  <evaluator ftype="linear" offset="{offset!r}" slope="{slope!r}"/>\n'
        return text + "</issue>\n"
    kind = 'etype="discrete" type="discrete" vtype="discrete"'
    text = f'<issue index="{index + 1}" {kind} name={name}>\n'
    for k, value in enumerate(topic.values):
        rated = f' evaluation="{ratings[k]!r}"' if ratings is not None else ""
        text += f'  <item index="{k + 1}" value={quoteattr(value)}{rated}/>\n'
    return text + "</issue>\n"


def _rates(root: xml.Element) -> bool:
    """Whether a file rates values (a utility space) or only lists them (a domain)."""
    if root.tag == "negotiation_template":
        return False
    return any(True for _ in root.anywhere("weight"))


def _issues(root: xml.Element) -> list[xml.Element]:
    return list(root.anywhere("issue"))


def _topics(root: xml.Element, problems: raw.Problems) -> tuple[Topic, ...]:
    topics = []
    for element in _issues(root):
        name = element.attributes.get("name", "")
        items = [e.attributes.get("value", "") for e in element.all("item")]
        if not name:
            problems.add("an issue has no name", 'name="..."', element.line)
        if items:
            topics.append(Topic(name, tuple(dict.fromkeys(items))))
            continue
        low, high = _bounds(element, problems)
        if low is None or high is None or not low < high:
            problems.add(f"issue {name!r} has no values", "items, or a range", element.line)
            continue
        whole = element.attributes.get("vtype", element.attributes.get("type")) == "integer"
        if whole and high - low < MOST_VALUES:
            values = tuple(str(v) for v in range(int(low), int(high) + 1))
            topics.append(Topic(name, values))
        else:
            topics.append(Topic(name, (raw.written(low), raw.written(high)), line=True))
    if not topics:
        problems.add("the domain has no issue", "at least one <issue>", root.line)
    problems.raise_if_any()
    return tuple(topics)


def _bounds(element: xml.Element, problems: raw.Problems) -> tuple[float | None, float | None]:
    holder = element.first("range") or element
    low = holder.attributes.get("lowerbound", "")
    high = holder.attributes.get("upperbound", "")
    return (
        problems.number(low, holder.line, "lowerbound"),
        problems.number(high, holder.line, "upperbound"),
    )


def _rating(path: Path, root: xml.Element, topics: tuple[Topic, ...]) -> tuple[Rating, list[str]]:
    problems, notes = raw.Problems(path.name), list[str]()
    elements = {e.attributes.get("name", ""): e for e in _issues(root)}
    weights = {}
    for element in root.anywhere("weight"):
        value = problems.number(element.attributes.get("value", ""), element.line, "weight")
        weights[element.attributes.get("index", "")] = value
    shares, ratings = [], []
    for topic in topics:
        found = elements.get(topic.name)
        if found is None:
            problems.add(f"issue {topic.name!r} is missing", "the issues of the domain", root.line)
            continue
        weight = weights.get(found.attributes.get("index", ""))
        if weight is None:
            problems.add(f"issue {topic.name!r} has no weight", "a <weight>", found.line)
        shares.append(weight or 0.0)
        rated = _line_ratings if found.first("evaluator") is not None else _item_ratings
        ratings.append(rated(found, topic, problems, notes))
    ends = []
    for tag in ("reservation", "discount_factor"):
        end = root.first(tag)
        cell = end.attributes.get("value", "") if end else ""
        ends.append(problems.number(cell, end.line if end else 0, tag))
    problems.raise_if_any()
    return Rating(path.stem, tuple(shares), tuple(ratings), *ends), notes


def _item_ratings(
    element: xml.Element, topic: Topic, problems: raw.Problems, notes: list[str]
) -> tuple[float, ...]:
    given: dict[str, float] = {}
    for item in element.all("item"):
        cell = item.attributes.get("evaluation", "")
        value = problems.number(cell, item.line, "evaluation")
        name = item.attributes.get("value", "")
        if value is None:
            problems.add(f"value {name!r} has no evaluation", "a number", item.line)
            continue
        if name in given and given[name] != value:
            notes.append(f"{problems.file}:{item.line}: {name!r} is rated twice; the last counts")
        given[name] = value
    for name in topic.values:
        if name not in given:
            what = f"value {name!r} of issue {topic.name!r} is not rated"
            problems.add(what, "an item for it", element.line)
    best = max(given.values(), default=0.0)
    scale = best if best > 0.0 else 1.0
    return tuple(given.get(name, 0.0) / scale for name in topic.values)


def _line_ratings(
    element: xml.Element, topic: Topic, problems: raw.Problems, _: list[str]
) -> tuple[float, ...]:
    evaluator = element.first("evaluator")
    assert evaluator is not None
    kind = evaluator.attributes.get("ftype", "linear")
    names = ("offset", "slope") if kind == "linear" else ("lowerbound", "upperbound", "top")
    if kind not in ("linear", "triangular"):
        problems.add(f"evaluator {kind!r} is not known", "linear or triangular", evaluator.line)
        return tuple(0.0 for _ in topic.values)
    read = [problems.number(evaluator.attributes.get(n, ""), evaluator.line, n) for n in names]
    if any(v is None for v in read):
        what = f"the evaluator of {topic.name!r} is incomplete"
        problems.add(what, ", ".join(names), evaluator.line)
        return tuple(0.0 for _ in topic.values)
    numbers = [v for v in read if v is not None]
    points = [float(v) for v in topic.values]
    if kind == "linear":
        return tuple(numbers[0] + numbers[1] * p for p in points)
    low, high, top = numbers
    return tuple(
        (p - low) / (top - low) if p < top else (high - p) / (high - top) if high > top else 1.0
        for p in points
    )

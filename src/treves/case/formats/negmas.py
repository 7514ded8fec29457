"""NegMAS scenario folders: YAML for the outcome space and for one utility function per party.

Linear additive utilities are read: tables, and affine functions of numbers. Source: NegMAS.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from treves.case.formats import native, raw, scenario
from treves.case.formats.scenario import MOST_VALUES, Rating, Scenario, Topic
from treves.case.model import Case

KEEPS = frozenset({"salience", "stakes", "worth"})
RANGES = ("ContiguousIssue", "ContinuousIssue")


def load(source: str | Path, as_of: dt.date | None = None) -> list[Case]:
    """Read a scenario folder as one case; see :func:`read` for the ratings themselves."""
    return [scenario.to_case(read(source), as_of)]


def read(source: str | Path) -> Scenario:
    """Read a scenario folder. Raises CaseError with the file of what is wrong."""
    folder = Path(source)
    problems = raw.Problems(folder.name)
    paths = sorted(p for p in folder.glob("*.y*ml") if not p.name.startswith((".", "_")))
    domains, parties = [], []
    for path in paths if folder.is_dir() else []:
        data = native.plain(path)
        kind = str(data.get("type", "")) if isinstance(data, dict) else ""
        if "OutcomeSpace" in kind:
            domains.append((path, data))
        elif "fun" in kind.lower():
            parties.append((path, data))
    if len(domains) != 1:
        what = f"{len(domains)} files describe an outcome space"
        problems.refuse(what, "one file with `type: ...OutcomeSpace` and its `issues`")
    if not parties:
        problems.refuse("no file holds a utility function", "one `...UtilityFunction` per party")
    path, data = domains[0]
    topics = _topics(data, raw.Problems(path.name))
    rated = [_rating(data, topics, raw.Problems(path.name), path.stem) for path, data in parties]
    return Scenario(str(data.get("name") or folder.name), topics, tuple(rated))


def dumps(cases: Iterable[Case]) -> dict[str, str]:
    """Write one case as the files of a scenario folder: name of the file to its text."""
    (case,) = cases
    return written(scenario.of_case(case))


def written(domain: Scenario) -> dict[str, str]:
    """Write a scenario as the files of a NegMAS folder: name of the file to its text."""
    issues = []
    for topic in domain.topics:
        kind = "ContinuousIssue" if topic.line else "CategoricalIssue"
        values: list[Any] = [float(v) if topic.line else v for v in topic.values]
        issues.append({"name": topic.name, "type": kind, "values": values})
    space = {"name": domain.name, "type": "CartesianOutcomeSpace", "issues": issues}
    ids = raw.ids_for([domain.name or "domain", *(p.name for p in domain.parties)])
    files = {f"{ids[0]}.yml": _yaml(space)}
    for name, party in zip(ids[1:], domain.parties, strict=True):
        held = party.reservation
        about = {
            "name": party.name,
            "type": "LinearAdditiveUtilityFunction",
            "reserved_value": -math.inf if held is None else held,
            "values": [
                _function(topic, ratings)
                for topic, ratings in zip(domain.topics, party.ratings, strict=True)
            ],
            "weights": list(party.weights),
        }
        files[f"{name}.yml"] = _yaml(about)
    return files


def _function(topic: Topic, ratings: tuple[float, ...]) -> dict[str, Any]:
    if not topic.line:
        return {"type": "TableFun", "mapping": dict(zip(topic.values, ratings, strict=True))}
    low, high = float(topic.values[0]), float(topic.values[-1])
    slope = (ratings[-1] - ratings[0]) / (high - low)
    return {"type": "AffineFun", "slope": slope, "bias": ratings[0] - slope * low}


def _yaml(data: dict[str, Any]) -> str:
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 4096
    yaml.dump(data, out)
    return out.getvalue()


def _topics(data: dict[str, Any], problems: raw.Problems) -> tuple[Topic, ...]:
    topics = []
    issues = data.get("issues")
    for issue in issues if isinstance(issues, list) else []:
        values = issue.get("values") if isinstance(issue, dict) else None
        name = str(issue.get("name", "")) if isinstance(issue, dict) else ""
        kind = str(issue.get("type", "")) if isinstance(issue, dict) else ""
        if not name or not isinstance(values, list | int) or values == []:
            problems.add(f"issue {name!r} has no name or no values", "`name` and `values`")
            continue
        if isinstance(values, int):
            values, kind = [0, values - 1], "ContiguousIssue"
        if not kind.startswith(RANGES):
            topics.append(Topic(name, tuple(_said(v) for v in values)))
            continue
        if len(values) != 2 or not all(isinstance(v, int | float) for v in values):
            problems.add(f"the range of issue {name!r} is not two numbers", "[low, high]")
            continue
        low, high = float(values[0]), float(values[1])
        if kind.startswith("ContiguousIssue") and high - low < MOST_VALUES:
            topics.append(Topic(name, tuple(str(v) for v in range(int(low), int(high) + 1))))
        else:
            topics.append(Topic(name, (raw.written(low), raw.written(high)), line=True))
    if not topics:
        problems.add("the outcome space has no issues", "`issues:` with at least one")
    problems.raise_if_any()
    return tuple(topics)


def _rating(
    data: dict[str, Any], topics: tuple[Topic, ...], problems: raw.Problems, stem: str
) -> Rating:
    values, weights = data.get("values"), data.get("weights")
    count = len(topics)
    if not isinstance(values, list) or len(values) != count:
        problems.refuse("`values` does not hold one function per issue", f"{count} of them")
    if not isinstance(weights, list) or not all(isinstance(w, int | float) for w in weights):
        problems.refuse("`weights` is not a list of numbers", f"{count} of them")
    if len(weights) != count:
        problems.refuse(f"{len(weights)} weights for {count} issues", f"{count} of them")
    ratings = [_rated(v, t, problems) for v, t in zip(values, topics, strict=True)]
    held = data.get("reserved_value")
    known = isinstance(held, int | float) and math.isfinite(held)
    problems.raise_if_any()
    return Rating(
        name=str(data.get("name") or stem),
        weights=tuple(float(w) for w in weights),
        ratings=tuple(ratings),
        reservation=float(held) if known and held is not None else None,
    )


def _rated(function: Any, topic: Topic, problems: raw.Problems) -> tuple[float, ...]:
    kind = str(function.get("type", "TableFun")) if isinstance(function, dict) else ""
    if kind.endswith("TableFun"):
        mapping = {_said(k): v for k, v in dict(function.get("mapping", {})).items()}
        for value in topic.values:
            if not isinstance(mapping.get(value), int | float):
                what = f"value {value!r} of issue {topic.name!r} is not rated"
                problems.add(what, "a number in `mapping`")
                mapping[value] = 0.0
        return tuple(float(mapping[v]) for v in topic.values)
    slope, bias = (
        {
            "AffineFun": (function.get("slope"), function.get("bias", 0.0)),
            "LinearFun": (function.get("slope"), 0.0),
            "IdentityFun": (1.0, 0.0),
            "ConstFun": (0.0, function.get("bias")),
        }.get(kind.split(".")[-1], (None, None))
        if isinstance(function, dict)
        else (None, None)
    )
    points = [_plain(v) for v in topic.values]
    numbers = [p for p in points if isinstance(p, int | float)]
    if slope is None or bias is None or len(numbers) != len(points):
        what = f"the utility of issue {topic.name!r} is of kind {kind or 'unknown'}"
        problems.add(what, "a table, or a linear function of numbers")
        return tuple(0.0 for _ in points)
    return tuple(float(slope) * p + float(bias) for p in numbers)


def _said(value: Any) -> str:
    return raw.written(value) if isinstance(value, int | float) else str(value)


def _plain(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value

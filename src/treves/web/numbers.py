"""The numbers of a case as plain data: what each is, what it rests on, and how it can be moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from treves.case.edits import PARTY_NUMBERS, STAKE_NUMBERS
from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Evidence, Span
from treves.case.model import DECISIONS, FALLBACKS, Case, Stakes
from treves.case.provenance import Basis, basis_of
from treves.forecast.result import Forecast
from treves.report.strings import Strings, strings

# Numbers of a stance that fill a cell of the grid; ratings of points stand in the file.
CELLS = ("position", "accepts", "salience")
# Numbers of a party that are measured, not described.
MEASURED = ("content_weight", "dislikes_vote", "power")
EXITS = ("any_leaves", "majority_lost", "confidence_vote")
# Rules that need no further number: the others cannot be switched to with one click.
SWITCHABLE = tuple(d for d in DECISIONS if d in ("consensus", "unanimity", "majority", "setter"))


def paths_of(case: Case) -> Iterator[tuple[str, str, str | None, str]]:
    """Every number that can stand in the grid: its path, party, issue and field."""
    for party in case.parties:
        for issue in case.issues:
            for name in CELLS:
                yield f"{party.id}.{issue.id}.{name}", party.id, issue.id, name
        for name in (*STAKE_NUMBERS, *MEASURED):
            yield f"{party.id}.{name}", party.id, None, name


def value_at(case: Case, path: str) -> Any:
    """The value at a path of an edit, as a record or a plain value; None where it is absent."""
    steps = path.split(".")
    if len(steps) == 3:
        return getattr(case.stance(steps[0], steps[1]), steps[2], None)
    if steps[0] in ("rule", "government", "settings"):
        return getattr(getattr(case, steps[0]), steps[1], None)
    if steps[1] in STAKE_NUMBERS:
        return getattr(case.stakes.get(steps[0], Stakes()), steps[1])
    if steps[1] in PARTY_NUMBERS:
        return getattr(case.party(steps[0]), steps[1])
    return None


def plain_value(value: Any) -> Any:
    """A value as JSON has it: a number, [low, mode, high], or two edges."""
    return value.model_dump(mode="json") if isinstance(value, Estimate | Interval) else value


def values_of(case: Case | None) -> dict[str, Any]:
    """Path and plain value of every number, and of the rule."""
    if case is None:
        return {}
    found = {path: plain_value(value_at(case, path)) for path, *_ in paths_of(case)}
    found |= {f"rule.{n}": getattr(case.rule, n) for n in ("decision", "fallback")}
    if case.government:
        found["government.falls_if"] = case.government.falls_if
    return found


def changed_numbers(before: Case | None, after: Case | None) -> list[dict[str, Any]]:
    """The numbers that differ between two states of a case, with their names in words."""
    old, new = values_of(before), values_of(after)
    case = after or before
    return [
        {"path": p, "name": name_of(case, p), "old": old.get(p), "new": new.get(p)}
        for p in dict.fromkeys([*old, *new])
        if case is not None and old.get(p) != new.get(p)
    ]


def name_of(case: Case, path: str, lang: str = "en") -> str:
    """A number in words: whose, on what, which."""
    say, steps = strings(lang), path.split(".")
    if steps[0] in ("rule", "government", "settings"):
        return _field(say, steps[1])
    titles = {i.id: i.title or i.id for i in case.issues}
    middle = [titles.get(steps[1], steps[1])] if len(steps) == 3 else []
    return ", ".join([steps[0], *middle, _field(say, steps[-1])])


def _field(say: Strings, name: str) -> str:
    try:
        return say(f"field.{name}")
    except KeyError:  # a field that no page names
        return name.replace("_", " ")


def numbers_of(case: Case, lang: str = "en") -> list[dict[str, Any]]:
    """Every number of the grid and the stakes with what it rests on, absent ones too."""
    basis = {b.path: b for b in basis_of(case)}
    return [
        _record(case, row, basis.get(row[0]), lang)
        for row in paths_of(case)
        if row[2] is not None or value_at(case, row[0]) is not None
    ]


def number_at(case: Case, path: str, lang: str = "en") -> dict[str, Any] | None:
    """One number; None when the case can hold no such number."""
    for row in paths_of(case):
        if row[0] == path:
            basis = {b.path: b for b in basis_of(case)}
            return _record(case, row, basis.get(path), lang)
    return None


def _record(
    case: Case, row: tuple[str, str, str | None, str], basis: Basis | None, lang: str
) -> dict[str, Any]:
    path, party, issue, name = row
    value, held = value_at(case, path), _evidence(case, row)
    kind = basis.kind if basis else (held.kind if held else "assumed")
    spans = basis.spans if basis else (held.spans if held else ())
    why = basis.why if basis else (held.why if held and held.why else "")
    return {
        "path": path,
        "party": party,
        "issue": issue,
        "field": name,
        "name": name_of(case, path, lang),
        "value": plain_value(value),
        "text": _text(case, row),
        "kind": "absent" if value is None else kind,
        "why": "" if value is None else why,
        "sentences": [] if value is None else [sentence_of(span) for span in spans],
    }


def _evidence(case: Case, row: tuple[str, str, str | None, str]) -> Evidence | None:
    _, party, issue, name = row
    if issue is not None:
        return case.stance(party, issue).evidence.get(name)
    if name in STAKE_NUMBERS:
        return case.stakes.get(party, Stakes()).evidence.get(name)
    return case.party(party).evidence.get(name)


def _text(case: Case, row: tuple[str, str, str | None, str]) -> str:
    """A value in words: a position by the label nearest to it."""
    path, _, issue, name = row
    value = value_at(case, path)
    near = name == "position" and issue is not None and value is not None
    label = case.issue(issue).nearest_label(value.mode) if near and issue else ""
    return f"{label} ({written(value)})" if label else written(value)


def written(value: Any) -> str:
    """A value as short text.

    >>> written(Estimate.of([0.2, 0.4, 0.6])), written(Interval.model_validate([0, 25]))
    ('0.4 (0.2 to 0.6)', '0 to 25')
    """
    if value is None:
        return ""
    if isinstance(value, Interval):
        return f"{written(value.low)} to {written(value.high)}"
    if isinstance(value, Estimate):
        spread = "" if value.is_exact else f" ({value.low:g} to {value.high:g})"
        return f"{value.mode:g}{spread}"
    return str(value)


def sentence_of(span: Span) -> dict[str, Any]:
    """A sentence that a number rests on."""
    names = ("quote", "outlet", "date", "speaker", "certainty", "source", "confided")
    return {name: getattr(span, name) for name in names} | {"span": list(span.span)}


def knobs_of(case: Case, forecast: Forecast | None, lang: str = "en") -> list[dict[str, Any]]:
    """What can be slid or switched in a what-if: the most telling numbers first, then rules."""
    swings: Mapping[str, float] = {}
    if forecast is not None:
        swings = {
            ".".join(part for part in (q.party, q.issue, _edit_field(q.field)) if part): q.swing
            for q in reversed(forecast.questions)
        }
    found = [
        knob
        for path, _, issue, name in paths_of(case)
        if (knob := _slider(case, path, issue, name, lang)) is not None
    ]
    for knob in found:
        knob["swing"] = swings.get(knob["path"])
    found.sort(key=lambda knob: -(knob["swing"] or 0.0))
    return [*found, *_switches(case, lang)]


def _edit_field(field: str) -> str:
    """Edges of an interval are changed together."""
    return "accepts" if field in ("accepts_low", "accepts_high", "low", "high") else field


def choice_words(path: str, choice: str) -> str:
    """What a rule that can be chosen means.

    >>> choice_words("rule.fallback", "majority_vote")
    'a majority vote stands behind it'
    """
    say = strings("en")
    if path == "government.falls_if":
        return say(f"exit.{choice}")
    if choice == "none":
        return say("rule.nothing")
    # A choice is of a kind of rule: who leads or holds a veto is said elsewhere.
    whose = {"chair": say("rule.chair"), "holders": say("rule.holder")}
    return say(f"rule.{choice}", quota=say("rule.enough"), **whose)


def _slider(
    case: Case, path: str, issue: str | None, name: str, lang: str
) -> dict[str, Any] | None:
    value = value_at(case, path)
    if value is None or name == "power":
        return None
    top = 100.0 if issue is not None else 1.0
    return {
        "path": path,
        "label": name_of(case, path, lang),
        "kind": "range" if isinstance(value, Interval) else "slider",
        "value": plain_value(value),
        "low": 0.0,
        "high": top,
        "step": top / 100.0,
        "choices": None,
    }


def _switches(case: Case, lang: str) -> list[dict[str, Any]]:
    rows = [("rule.decision", SWITCHABLE), ("rule.fallback", FALLBACKS)]
    if case.government:
        rows.append(("government.falls_if", EXITS))
    return [
        {
            "path": path,
            "label": name_of(case, path, lang),
            "kind": "choice",
            "value": value_at(case, path),
            "low": None,
            "high": None,
            "step": None,
            "choices": list(dict.fromkeys([value_at(case, path), *choices])),
            "swing": None,
        }
        for path, choices in rows
    ]

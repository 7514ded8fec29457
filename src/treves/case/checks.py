"""What can be wrong in a case, said so that it can be mended.

A problem with an ``instead`` is an error: the case cannot be used. One without is a finding: the
case can be used, but somebody should look.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from treves.case.model import (
    Case,
    EditNote,
    Fact,
    Government,
    Issue,
    Meeting,
    Move,
    Party,
    Rule,
    Settings,
    Stakes,
    Stance,
    Together,
)
from treves.errors import Problem

Loc = tuple[str | int, ...]
Placed = tuple[Loc, Problem]

# A chair of this id comes from outside the parties (a premier without a party, a mediator).
OUTSIDER = "other"


def check(case: Case) -> list[Placed]:
    """Every problem and finding of a case, each with its place in the file.

    >>> from treves.catalogue import load_example
    >>> check(load_example("asylum"))
    []
    """
    return [
        problem
        for part in (_ids, _references, _rule, _government, _dates, _stances)
        for problem in part(case)
    ]


def error_problems(error: ValidationError, data: dict[str, Any]) -> list[Placed]:
    """The problems behind a validation error, in the words of an analyst.

    Names used twice or nowhere in the rest of the case come with them, so that nobody has to mend
    a file twice.
    """
    items: list[dict[str, Any]] = [dict(item) for item in error.errors(include_url=False)]
    # A list whose only entry is bad is also reported as too short: that says nothing new.
    items = [e for e in items if not (e["type"] == "too_short" and e.get("input"))]
    rest = _without(data, [tuple(item["loc"]) for item in items])
    try:
        left = Case.model_validate(rest)
        more = [*_ids(left), *_references(left)]
    except ValidationError:
        more = []  # too little is left to be a case: the first problems come first
    return [*(_problem(item, data) for item in items), *more]


def _without(data: dict[str, Any], places: list[Loc]) -> dict[str, Any]:
    """The data without what stands at these places."""
    rest = copy.deepcopy(data)
    for place in places:
        node: Any = rest
        last: Any = place[-1] if place else None
        try:
            for step in place[:-1]:
                node = node[step]
            entry = node[last]
        except (KeyError, IndexError, TypeError):
            continue  # a field that is missing, or a place inside a value of several kinds
        if isinstance(node, dict):
            del node[last]
        elif isinstance(node, list) and isinstance(entry, dict):
            # Others may refer to this party or issue: its name stays.
            node[last] = {"id": entry.get("id")}
    return rest


def _ids(case: Case) -> Iterator[Placed]:
    ids = {"parties": [p.id for p in case.parties], "issues": [i.id for i in case.issues]}
    for block, names in ids.items():
        for k, name in enumerate(names):
            if name in names[:k]:
                what = f"id {name} is used twice in {block}"
                yield (block, k, "id"), Problem(what, "an id of its own for each")


def _references(case: Case) -> Iterator[Placed]:
    parties = [p.id for p in case.parties]
    issues = [i.id for i in case.issues]
    for party, rows in case.positions.items():
        if party not in parties:
            yield ("positions", party), _unknown("party", party, parties)
            continue
        for issue in rows:
            if issue not in issues:
                yield ("positions", party, issue), _unknown("issue", issue, issues, party)
    for party in case.stakes:
        if party not in parties:
            yield ("stakes", party), _unknown("party", party, parties)
    for k, record in enumerate(case.parties):
        for other in record.moves_with:
            if other not in parties:
                yield ("parties", k, "moves_with"), _unknown("party", other, parties, record.id)
    for k, fact in enumerate(case.facts):
        for n, bearing in enumerate(fact.bears_on):
            if bearing.party not in parties:
                yield ("facts", k, "bears_on", n), _unknown("party", bearing.party, parties)
    for k, term in enumerate(case.together):
        for issue in term.where:
            if issue not in issues:
                yield ("together", k, "where", issue), _unknown("issue", issue, issues)
        for party in term.worth:
            if party not in parties:
                yield ("together", k, "worth", party), _unknown("party", party, parties)


def _rule(case: Case) -> Iterator[Placed]:
    parties = [p.id for p in case.parties]
    rule = case.rule
    if rule.chair is not None and rule.chair not in (*parties, OUTSIDER):
        problem = _unknown("chair", rule.chair, [*parties, OUTSIDER])
        yield ("rule", "chair"), problem
    needs_chair = "setter" in (rule.decision, rule.base) or rule.fallback == "chair_decides"
    if needs_chair and rule.chair is None and case.chair is None:
        what = f"rule {rule.decision} with fallback {rule.fallback} needs a chair"
        yield ("rule",), Problem(what, f"chair: one of {', '.join(parties)}, or {OUTSIDER}")
    for holder in rule.holders:
        if holder not in parties:
            yield ("rule", "holders"), _unknown("veto holder", holder, parties)
    if rule.decision == "double_majority":
        for k, party in enumerate(case.parties):
            if party.population is None:
                what = "a double majority needs the population of every party"
                yield ("parties", k), Problem(what, "population: a number", party=party.id)
    if rule.quota is not None and rule.quota > sum(p.votes for p in case.parties):
        yield ("rule", "quota"), Problem("the quota is larger than all votes: nothing ever passes")


def _government(case: Case) -> Iterator[Placed]:
    government = case.government
    if government is None:
        return
    place: Loc = ("government",)
    if government.majority > government.of:
        what = f"majority {government.majority} is larger than the chamber, {government.of}"
        yield place, Problem(what, f"majority: at most {government.of}")
    seats = sum(p.seats for p in case.parties)
    if seats > government.of:
        what = f"the parties hold {seats} seats in a chamber of {government.of}"
        yield place, Problem(what, "seats that fit, or the size of the chamber under `of`")


def _dates(case: Case) -> Iterator[Placed]:
    if case.as_of is None and (case.calendar or case.moves):
        what = "as_of is missing: a calendar and moves count from the day of the case"
        yield (), Problem(what, "as_of: 2024-05-31")
    for k, move in enumerate(case.moves):
        if case.as_of is not None and move.date > case.as_of:
            what = f"move {move.kind} of {move.date} lies after as_of {case.as_of}"
            instead = "only what was known at as_of (what came later belongs in outcome.yaml)"
            yield ("moves", k, "date"), Problem(what, instead)
    for k, fact in enumerate(case.facts):
        if fact.as_of is not None and case.as_of is not None and fact.as_of > case.as_of:
            what = f"fact {fact.id} of {fact.as_of} lies after as_of {case.as_of}"
            yield ("facts", k, "as_of"), Problem(what, "only what was known at as_of")


def _stances(case: Case) -> Iterator[Placed]:
    for party in case.parties:
        known = [s for s in case.positions.get(party.id, {}).values() if s.wanted is not None]
        if not known:
            what = "nothing is known of what this party wants"
            yield ("positions", party.id), Problem(what, party=party.id)
    for party_id, rows in case.positions.items():
        for issue_id, stance in rows.items():
            wanted = stance.wanted
            if wanted is None or stance.accepts is None:
                continue
            low, high = stance.accepts.low.low, stance.accepts.high.high
            if not low <= wanted.mode <= high:
                what = f"asks for {wanted.mode:g} but accepts only {low:g} to {high:g}"
                place = ("positions", party_id, issue_id, "accepts")
                yield place, Problem(what, party=party_id, issue=issue_id)


def _unknown(kind: str, value: str, known: list[str], party: str | None = None) -> Problem:
    close = difflib.get_close_matches(value, known, n=1)
    instead = close[0] if close else "one of " + ", ".join(known)
    return Problem(f"{kind} {value} is not in the case", instead, party=party)


def _problem(item: dict[str, Any], data: dict[str, Any]) -> Placed:
    loc: Loc = tuple(item["loc"])
    what, instead = _words(item, loc)
    party, issue = _whose(loc, data)
    return loc, Problem(what, instead, party=party, issue=issue)


def _words(item: dict[str, Any], loc: Loc) -> tuple[str, str]:
    kind = item["type"]
    name = str(loc[-1]) if loc else "case"
    given = repr(item.get("input"))
    given = given if len(given) <= 60 else given[:57] + "..."
    if kind == "missing":
        return f"{name} is missing", f"{name}: ..."
    if kind == "extra_forbidden":
        fields = _fields_at(loc)
        close = difflib.get_close_matches(OTHER_WORDS.get(name, name), fields, n=1)
        instead = close[0] if close else "one of " + ", ".join(fields)
        return f"there is no field {name} here", instead
    if kind == "literal_error":
        return f"{name}: {given} is not known", "one of " + item["ctx"]["expected"]
    if kind in INSTEAD:
        whole = bool(loc) and isinstance(loc[-1], int)  # an entry of a list has no name to give
        return item["msg"] if whole else f"{name}: {item['msg']}", INSTEAD[kind]
    instead = EXPECTED.get(kind, "a value of the right kind")
    if kind in KINDS:
        return f"{name} is {KINDS[kind]}, and this is {given}", instead
    return f"{name}: {item['msg']} (found {given})", instead


# What others call these blocks and fields, where the spelling does not give it away.
OTHER_WORDS = {
    "stances": "positions",
    "actors": "parties",
    "players": "parties",
    "measures": "issues",
    "date": "as_of",
    "name": "title",
    "deadline": "calendar",
    "meetings": "calendar",
}
# In words of the case file, where the library's are of the program.
KINDS = {
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
INSTEAD = {
    "estimate": "60, or [45, 60, 75]",
    "estimate_order": "[low, mode, high] with low <= mode <= high, such as [45, 60, 75]",
    "interval": "accepts: [0, 40], or [0, [25, 40, 55]]",
    "interval_order": "the lower edge first, such as [0, [25, 40, 55]]",
    "scale": "a value on the scale",
    "identifier": "an id such as VVD or family_reunification",
    "rule": "the missing fields under rule:",
    "ratings": "worth: {0: 0.2, 50: 1, 100: 0.6}",
    "together": "where: {wages: [50, 100], hours: [0, 36]}",
}
EXPECTED = {
    "date_from_datetime_parsing": "a day such as 2023-07-06",
    "date_type": "a day such as 2023-07-06",
    "date_parsing": "a day such as 2023-07-06",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "string_type": "text",
    "string_too_long": "a shorter text",
    "tuple_type": "a list: each entry starts with a dash",
    "dict_type": "a mapping, `key: value`",
    "model_type": "a mapping, `key: value`",
    "model_attributes_type": "a mapping, `key: value`",
    "too_short": "at least one",
    "too_long": "at most 200",
    "bool_type": "true or false",
    "greater_than": "a larger number",
    "greater_than_equal": "a number that is not negative",
    "less_than_equal": "a smaller number",
}


def _whose(loc: Loc, data: dict[str, Any]) -> tuple[str | None, str | None]:
    """Party and issue that a place in the file belongs to."""
    if len(loc) < 2:
        return None, None
    block, key = loc[0], loc[1]
    if block == "positions":
        issue = str(loc[2]) if len(loc) > 2 else None
        return str(key), issue
    if block == "stakes":
        return str(key), None
    if block in ("parties", "issues") and isinstance(key, int):
        try:
            name = str(data[str(block)][key]["id"])
        except (KeyError, TypeError, IndexError):
            return None, None
        return (name, None) if block == "parties" else (None, name)
    return None, None


def _fields_at(loc: Loc) -> list[str]:
    """Field names of the record in which an unknown field was found."""
    record = BLOCKS.get(str(loc[0]), Case) if len(loc) > 1 else Case
    return list(record.model_fields)


BLOCKS: dict[str, type[BaseModel]] = {
    "positions": Stance,
    "stakes": Stakes,
    "parties": Party,
    "rule": Rule,
    "government": Government,
    "calendar": Meeting,
    "issues": Issue,
    "facts": Fact,
    "moves": Move,
    "together": Together,
    "settings": Settings,
    "edits": EditNote,
}

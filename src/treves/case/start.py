"""The first case file of a new dispute, from eight answers."""

from __future__ import annotations

import datetime as dt
import re

from treves.case.model import DECISIONS
from treves.errors import CaseError, Problem

HEAD = """\
# A case: one dispute at one date. `treves check` says what is wrong with it,
# `treves forecast` what will come of it, `treves schema` what may stand in it.
# Every number may be one value or [low, most likely, high]. Say where it comes from under `why`.
"""
POSITIONS = """\
# position: what it asks for, 0 to 100. accepts: what it can live with; the inner edge is its red
# line. salience: how much it cares. These come from the order you gave: wide on purpose, so
# narrow them as you learn more.
"""
STAKES = """\
# Worth to a party of each way to end without a deal: 0 = its worst package, 1 = its own in full.
"""
WHY = "from the order of who wants most, given when the case was begun"


def start_case(answers: dict[str, str]) -> str:
    """A commented case file from the answers to the eight questions of `treves new`.

    answers: title, as_of, parties ("VVD 34, D66 24"), chair, measures ("tax, asylum"), orders (per
    measure "VVD > D66", with ; between measures), rule, deadline. Raises CaseError with every
    answer that cannot be used.
    """
    problems: list[Problem] = []
    parties = _parties(answers["parties"], problems)
    measures = [m.strip() for m in answers["measures"].split(",") if m.strip()]
    orders = _orders(answers["orders"], list(parties), len(measures), problems)
    chair = answers["chair"].strip()
    if chair.lower() == "none":
        chair = ""
    elif chair not in parties:
        problems.append(_problem("chair", chair, f"one of {', '.join(parties)}, or none"))
    rule = answers["rule"].strip()
    if rule not in DECISIONS:
        problems.append(_problem("rule", rule, f"one of {', '.join(DECISIONS)}"))
    as_of, deadline = (_day(answers[name], name, problems) for name in ("as_of", "deadline"))
    if not measures:
        problems.append(_problem("measures", answers["measures"], "at least one measure"))
    if problems:
        raise CaseError(problems)
    lines = [
        HEAD + f"id: {identifier(answers['title']) or 'case'}",
        f"title: {quoted(answers['title'].strip())}",
        f"as_of: {as_of}",
        "rule:",
        f"  decision: {rule}",
        *([f"  chair: {chair}"] if chair else []),
        "calendar:",
        f"- {{date: {deadline}, kind: deadline}}",
        "parties:",
        *(f"- {{id: {name}, seats: {seats}, votes: 1}}" for name, seats in parties.items()),
        "issues:",
        *(line for measure in measures for line in _issue(measure)),
        POSITIONS + "positions:",
        *(line for party in parties for line in _stances(party, measures, orders)),
        STAKES + "stakes:",
        *(
            f"  {party}: {{collapse: [0.07, 0.25, 0.43], status_quo: [0.12, 0.22, 0.32]}}"
            for party in parties
        ),
    ]
    return "\n".join(lines) + "\n"


def identifier(text: str) -> str:
    """A short id from a name.

    >>> identifier("Family reunification (2023)")
    'family_reunification_2023'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60]


def quoted(text: str) -> str:
    """Text as YAML reads it back unchanged, whatever stands in it."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _parties(text: str, problems: list[Problem]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in text.split(","):
        match = re.fullmatch(r"\s*([\w-]{1,60})\s*(\d{1,6})?\s*", item)
        if match is None or match.group(1) in found:
            problems.append(_problem("parties", item.strip(), "names of their own, such as VVD 34"))
        else:
            found[match.group(1)] = int(match.group(2) or 0)
    if len(found) < 2 and not problems:
        problems.append(_problem("parties", text, "at least two parties"))
    return found


def _orders(text: str, parties: list[str], count: int, problems: list[Problem]) -> list[list[str]]:
    orders = [[name.strip() for name in part.split(">")] for part in text.split(";")]
    if len(orders) != count:
        what = f"{count} orders with ; between them, one per measure"
        problems.append(_problem("orders", text, what))
    for order in orders:
        unknown = [name for name in order if name not in parties]
        if unknown or len(set(order)) != len(order):
            instead = f"{' > '.join(parties)} (each at most once)"
            problems.append(_problem("orders", " > ".join(order), instead))
    return orders


def _issue(measure: str) -> list[str]:
    return [
        f"- id: {identifier(measure) or 'measure'}",
        f"  title: {quoted(measure)}",
        "  status_quo: 0",
        "  points: {0: nothing of it, 50: half of it, 100: all of it}",
    ]


def _stances(party: str, measures: list[str], orders: list[list[str]]) -> list[str]:
    lines = [f"  {party}:"]
    for measure, order in zip(measures, orders, strict=True):
        if party not in order:
            continue
        rank = order.index(party)
        asks = round(95 - 90 * rank / (len(order) - 1)) if len(order) > 1 else 95
        low, high = max(0, asks - 35), min(100, asks + 35)
        lines += [
            f"    {identifier(measure) or 'measure'}:",
            f"      position: [{max(0, asks - 15)}, {asks}, {min(100, asks + 15)}]",
            f"      accepts: [{_edge(low)}, {_edge(high)}]",
            "      salience: [40, 60, 80]",
            f"      why: {WHY}",
        ]
    return lines if len(lines) > 1 else [f"  {party}: {{}}"]


def _edge(value: int) -> str:
    if value in (0, 100):
        return str(value)
    return f"[{max(0, value - 20)}, {value}, {min(100, value + 20)}]"


def _day(text: str, name: str, problems: list[Problem]) -> str:
    try:
        return dt.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        problems.append(_problem(name, text, "a day such as 2023-07-06"))
        return ""


def _problem(question: str, answer: str, instead: str) -> Problem:
    return Problem(f"{answer[:60]!r} cannot be used as answer", instead, f"question {question}")

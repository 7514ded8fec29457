"""Signed changes to a case: who changed which number, when, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from treves.case.checks import check, error_problems
from treves.case.evidence import Evidence, Record
from treves.case.model import Case, Day, EditNote, Government, Rule, Settings
from treves.case.provenance import STANCE_NUMBERS
from treves.errors import CaseError, Problem

STAKE_NUMBERS = ("collapse", "status_quo", "outvoted", "outside", "blame")
# Numbers that describe the party and not an ending stand with the party.
PARTY_NUMBERS = ("content_weight", "dislikes_vote", "power", "seats", "votes", "population", "role")
BLOCKS: dict[str, type[Record]] = {"rule": Rule, "government": Government, "settings": Settings}


class Edit(Record):
    """One change. ``path`` names the number: CU.family_reunification.accepts, VVD.collapse,
    rule.fallback, settings.red_line_cost."""

    path: str
    value: Any
    by: str
    on: Day
    why: str
    evidence: Evidence | None = None


def apply(case: Case, edits: Iterable[Edit]) -> Case:
    """A changed copy of the case; each change is signed, dated and kept in ``case.edits``.

    Raises CaseError naming every edit that cannot be made.

    >>> import datetime as dt
    >>> from treves.catalogue import load_example
    >>> edit = Edit(path="CU.family_reunification.accepts", value=[0, 45], by="analyst",
    ...             on=dt.date(2023, 7, 6), why="said so in the corridor")
    >>> changed = apply(load_example("asylum"), [edit])
    >>> changed.stance("CU", "family_reunification").accepts.high.mode
    45.0
    """
    plain = case.model_dump(exclude_unset=True)
    edits = tuple(edits)
    problems = [p for edit in edits for p in _make(plain, case, edit)]
    if problems:
        raise CaseError(problems)
    try:
        changed = Case.model_validate(plain)
    except ValidationError as error:
        raise CaseError([p for _, p in error_problems(error, plain)]) from error
    errors = [p for _, p in check(changed) if p.instead]
    if errors:
        raise CaseError(errors)
    return changed


def parse_value(text: str) -> Any:
    """Read the value of an edit from the command line: a number, a list, or a word.

    >>> parse_value("[0, [25, 40, 55]]")
    [0, [25, 40, 55]]
    >>> parse_value("majority_vote")
    'majority_vote'
    """
    if len(text) > 1000:
        raise CaseError([Problem("the value is too long", "a number, a list or a word")])
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text


def _make(plain: dict[str, Any], case: Case, edit: Edit) -> list[Problem]:
    """Write one edit into the plain case; the problems if it names nothing."""
    steps = edit.path.split(".")
    place = _place(plain, case, steps)
    if place is None:
        return [Problem(f"{edit.path} names no number of this case", _paths(case), file="edit")]
    holder, name, keeps_evidence = place
    old = holder.get(name)
    holder[name] = edit.value.model_dump() if isinstance(edit.value, Record) else edit.value
    if keeps_evidence:
        basis = edit.evidence or Evidence(
            kind="judged", by=edit.by, on=edit.on.isoformat(), why=edit.why
        )
        held = dict(holder.get("evidence") or {})
        held[name] = basis.model_dump(exclude_unset=True)
        holder["evidence"] = held
    note = EditNote(path=edit.path, old=old, new=holder[name], by=edit.by, on=edit.on, why=edit.why)
    plain["edits"] = (*plain.get("edits", ()), note.model_dump())
    return []


def _place(
    plain: dict[str, Any], case: Case, steps: list[str]
) -> tuple[dict[str, Any], str, bool] | None:
    """Where a path points: the mapping that holds the number, its name, and if it has evidence."""
    parties = [p.id for p in case.parties]
    issues = [i.id for i in case.issues]
    if len(steps) == 2 and steps[0] in BLOCKS and steps[1] in BLOCKS[steps[0]].model_fields:
        return plain.setdefault(steps[0], {}), steps[1], False
    if len(steps) == 3 and steps[0] in parties and steps[1] in issues:
        if steps[2] not in STANCE_NUMBERS:
            return None
        rows = plain.setdefault("positions", {}).setdefault(steps[0], {})
        return rows.setdefault(steps[1], {}), steps[2], True
    if len(steps) == 2 and steps[0] in parties:
        if steps[1] in STAKE_NUMBERS:
            return plain.setdefault("stakes", {}).setdefault(steps[0], {}), steps[1], True
        if steps[1] in PARTY_NUMBERS:
            return plain["parties"][parties.index(steps[0])], steps[1], True
    return None


def _paths(case: Case) -> str:
    party, issue = case.parties[0].id, case.issues[0].id
    return (
        f"PARTY.ISSUE.{{{','.join(STANCE_NUMBERS)}}} such as {party}.{issue}.accepts, "
        f"PARTY.{{{','.join(STAKE_NUMBERS + PARTY_NUMBERS)}}}, or rule.fallback"
    )

"""What persons coded elsewhere, taken in as their verdicts: texts with claims, DNA statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from treves.case.evidence import Claim, Source, check_quotes
from treves.case.formats.dna import Statement
from treves.dossier import schema
from treves.dossier.agreement import FIELDS
from treves.dossier.records import add_claims, add_source, codebook_of
from treves.dossier.reviews import Review, add_review
from treves.dossier.store import Batch, fetch
from treves.errors import InputError, Problem

# Two coders mean the same sentence when this part of their characters is shared.
SAME_SENTENCE = 0.5
# What a stance says in the words of the Discourse Network Analyzer: agrees with a measure or not.
AGREES = {"demand": True, "propose": True, "support": True, "accept": True, "concede": True}
AGREES |= {"oppose": False, "reject": False}


def add_coded(
    batch: Batch, dispute: str, source: Source, claims: Iterable[Claim], coder: str
) -> tuple[int, int]:
    """Keep a text that a person coded elsewhere: (claims that were new, verdicts on known ones).

    A coded claim about a sentence in which a claim of the same actor is known already is that
    coder's verdict on it; any other is a new claim, confirmed by its coder.
    """
    add_source(batch, dispute, source)
    table = schema.claims
    query = select(table.c.body_json).where(table.c.dispute == dispute, table.c.source == source.id)
    known = [Claim.model_validate_json(b) for b in batch.connection.execute(query).scalars()]
    taken: set[str] = set()
    new = 0
    for claim in claims:
        match = next((k for k in known if k.key not in taken and _same(k, claim)), None)
        if match is None:
            new += add_claims(batch, dispute, [claim], coder)
            match = claim
        if match.key in taken:
            continue
        taken.add(match.key)
        changes = {f: v for f in FIELDS if (v := getattr(claim, f)) != getattr(match, f)}
        state: Any = "corrected" if changes else "confirmed"
        add_review(batch, dispute, Review(match.key, state, coder, batch.at, changes, "coded"))
    return new, len(taken) - new


def _same(one: Claim, other: Claim) -> bool:
    start, end = max(one.span[0], other.span[0]), min(one.span[1], other.span[1])
    whole = max(one.span[1], other.span[1]) - min(one.span[0], other.span[0])
    who = one.party == other.party if one.party and other.party else one.actor == other.actor
    return who and end - start >= SAME_SENTENCE * whole


def coded_claims(source: Source, path: Path) -> list[Claim]:
    """Claims of a report from a JSON list, or JSON Lines, of the fields of a claim.

    Other fields, and in JSON Lines the claims of other reports, are left out. Raises InputError
    naming each entry that cannot be read or does not stand in the text.
    """
    found, problems = [], []
    for k, entry in enumerate(_entries(path), 1):
        if path.suffix == ".jsonl" and isinstance(entry, dict) and entry.get("source") != source.id:
            continue
        try:
            fields = {f: v for f, v in entry.items() if f in Claim.model_fields and f != "source"}
            fields.setdefault("party", entry.get("actor_party"))
            found.append(Claim.model_validate({**fields, "source": source.id}))
        except (ValidationError, AttributeError):
            problems.append(Problem(f"entry {k} is no claim", "span, quote, actor", path.name))
    wrong = check_quotes(tuple(found), source)
    problems += [Problem(f"not in the text: {c.quote[:60]}", "its words", path.name) for c in wrong]
    if problems:
        raise InputError(problems)
    return found


def _entries(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        data = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Problem("this is no JSON", "a list of claims", str(path))]) from error
    return data if isinstance(data, list) else [data]


def add_statements(
    batch: Batch, dispute: str, made: Iterable[Statement], coder: str
) -> tuple[int, list[Statement]]:
    """Keep DNA statements as verdicts: (how many, those that are about no known claim).

    A statement names no characters. It is about the claims of its actor on its concept, in the
    report with its title, or of its day where it names none. A claim that points the same way is
    confirmed; one that points the other way is corrected to support or oppose.
    """
    names = _issue_names(batch.connection, dispute)
    placed = _placed_claims(batch.connection, dispute, names)
    given: dict[str, Statement] = {}
    count, unplaced = 0, []
    for statement in made:
        actor = statement.actor.casefold()
        issue = names.get(statement.concept.casefold(), statement.concept.casefold())
        where = [statement.document.casefold()] if statement.document else []
        where += [statement.day.isoformat()] if statement.day else []
        found = next((c for w in where if (c := placed.get((actor, issue, w)))), [])
        open_ = [claim for claim in found if claim.key not in given]
        # Each statement is one sentence: it takes the claim that points its way, if there is one.
        open_.sort(key=lambda claim: AGREES.get(claim.stance) != statement.agrees)
        if not open_:
            unplaced.append(statement)
            continue
        claim = open_[0]
        given[claim.key] = statement
        same = AGREES.get(claim.stance) == statement.agrees
        changes = {} if same else {"stance": "support" if statement.agrees else "oppose"}
        state: Any = "confirmed" if same else "corrected"
        add_review(batch, dispute, Review(claim.key, state, coder, batch.at, changes, "DNA"))
        count += 1
    return count, unplaced


def _issue_names(connection: Connection, dispute: str) -> dict[str, str]:
    """Id of the measure by each of its names."""
    names: dict[str, str] = {}
    for issue, text in codebook_of(connection, dispute).items():
        body = json.loads(text)
        for name in (issue, body.get("title") or issue, *body.get("aliases", ())):
            names.setdefault(str(name).casefold(), issue)
    return names


def _placed_claims(
    connection: Connection, dispute: str, names: Mapping[str, str]
) -> dict[tuple[str, str, str], list[Claim]]:
    """Claims that take a side, by actor, measure, and title of the report or day."""
    table, kept = schema.claims, schema.sources
    query = (
        select(table.c.body_json, kept.c.title, kept.c.date)
        .join(kept, (kept.c.dispute == table.c.dispute) & (kept.c.source == table.c.source))
        .where(table.c.dispute == dispute)
        .order_by(table.c.seq)
    )
    found: dict[tuple[str, str, str], list[Claim]] = {}
    for row in fetch(connection, query):
        claim = Claim.model_validate_json(row["body_json"])
        issue = (claim.issue or "").casefold()
        actors = {name.casefold() for name in (claim.party, claim.actor) if name}
        places = {(row["title"] or "").casefold(), row["date"] or "", claim.date or ""}
        for actor in actors if issue and claim.stance in AGREES else ():
            for place in places - {""}:
                key = (actor, names.get(issue, issue), place)
                found.setdefault(key, []).append(claim)
    return found

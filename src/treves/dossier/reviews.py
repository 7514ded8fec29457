"""Verdicts on claims: each is signed, can be taken back by its coder, and the last one stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Connection, and_, exists, literal, select

from treves.case.corrections import corrected
from treves.case.evidence import Claim
from treves.dossier import schema
from treves.dossier.store import Batch, fetch, to_json
from treves.errors import InputError, Problem

Verdict = Literal["confirmed", "corrected", "rejected"]
ReviewState = Literal["confirmed", "corrected", "rejected", "withdrawn"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
STATES = ("found", *VERDICTS)
# What a person answers, and the state that a claim then has.
STATE_OF: Mapping[str, Verdict] = {
    "confirm": "confirmed",
    "correct": "corrected",
    "reject": "rejected",
}


@dataclass(frozen=True)
class Review:
    """One coder's signed verdict on one claim; a withdrawn one names the moment of another."""

    key: str
    state: ReviewState
    by: str
    at: str
    changes: Mapping[str, Any]
    why: str | None = None


def verdict_named(word: str) -> Verdict:
    """The verdict that a word is; InputError, with the list, when it is none."""
    if word not in VERDICTS:
        raise InputError([Problem(f"{word} is no verdict", ", ".join(VERDICTS))])
    return cast(Verdict, word)


def signed_on(day: dt.date) -> str:
    """The moment of a verdict of which only the day is known."""
    return dt.datetime.combine(day, dt.time(), dt.UTC).isoformat(timespec="microseconds")


def add_verdicts(batch: Batch, dispute: str, told: Iterable[Review]) -> tuple[int, int]:
    """Keep verdicts that were given elsewhere: (how many are new, how many are about no claim).

    A verdict that its coder holds already is not kept twice.
    """
    new, lost, table = 0, 0, schema.claims
    for review in told:
        known = select(table.c.seq).where(table.c.dispute == dispute, table.c.key == review.key)
        if batch.connection.execute(known).first() is None:
            lost += 1
            continue
        held = standing(reviews_of(batch.connection, dispute, key=review.key)).get(review.key, ())
        own = [(r.state, r.changes) for r in held if r.by == review.by]
        if not own or own[-1] != (review.state, review.changes):
            add_review(batch, dispute, review)
            new += 1
    return new, lost


def add_review(batch: Batch, dispute: str, review: Review) -> None:
    """Sign a verdict on a claim. Raises InputError when the claim or a change makes no sense."""
    if review.state not in VERDICTS:
        raise InputError([Problem(f"{review.state} is no verdict", ", ".join(VERDICTS))])
    table = schema.claims
    found = select(table.c.body_json).where(table.c.dispute == dispute, table.c.key == review.key)
    body = batch.connection.execute(found).scalar_one_or_none()
    if body is None:
        raise InputError([Problem(f"no claim {review.key} in {dispute}", "a key from `show`")])
    if (review.state == "corrected") != bool(review.changes):
        raise InputError([Problem("a correction says what changes, a verdict does not", "")])
    corrected(Claim.model_validate_json(body), review.changes)
    _keep(batch, dispute, review)


def withdraw(batch: Batch, dispute: str, review: Review) -> None:
    """Take back a verdict: the one before it, whoever signed that, stands again."""
    undone = Review(review.key, "withdrawn", review.by, batch.at, {"at": review.at})
    _keep(batch, dispute, undone)


def _keep(batch: Batch, dispute: str, review: Review) -> None:
    row = {
        "dispute": dispute,
        "key": review.key,
        "state": review.state,
        "by": review.by,
        "at": review.at,
        "changes_json": to_json(dict(review.changes)) if review.changes else None,
        "why": review.why,
    }
    batch.add(schema.reviews, [row])


def reviews_of(
    connection: Connection, dispute: str, *, entry: int | None = None, key: str | None = None
) -> list[Review]:
    """All verdicts of a dispute in the order in which they were signed.

    entry: only those stored up to that log entry. key: only those on that claim.
    """
    table = schema.reviews
    query = select(table).where(table.c.dispute == dispute)
    query = query if entry is None else query.where(table.c.entry <= entry)
    query = query if key is None else query.where(table.c.key == key)
    return [review_from_row(row) for row in fetch(connection, query.order_by(table.c.seq))]


def review_from_row(row: Mapping[str, Any]) -> Review:
    """A verdict from its row."""
    changes = json.loads(row["changes_json"] or "{}")
    return Review(row["key"], row["state"], row["by"], row["at"], changes, row["why"])


def is_review(row: Mapping[str, Any]) -> bool:
    """Whether a row from elsewhere is a verdict that can be applied to a claim."""
    try:
        review = review_from_row(row)
        if review.state == "withdrawn":
            return isinstance(review.changes["at"], str)
        anything = Claim(source="-", span=(0, 0), quote="")
        corrected(anything, review.changes)
    except (ValueError, TypeError, KeyError, AttributeError, InputError):
        return False
    return review.state in VERDICTS


def standing(reviews: Iterable[Review]) -> dict[str, list[Review]]:
    """Per claim the verdicts that were not taken back, in order: the last one holds.

    >>> one = Review("k", "rejected", "anna", "9:00", {})
    >>> two = Review("k", "confirmed", "bram", "9:05", {})
    >>> back = Review("k", "withdrawn", "bram", "9:06", {"at": "9:05"})
    >>> [review.by for review in standing([one, two, back])["k"]]
    ['anna']
    """
    found: dict[str, list[Review]] = {}
    for review in reviews:
        held = found.setdefault(review.key, [])
        if review.state == "withdrawn":
            held[:] = [r for r in held if (r.by, r.at) != (review.by, review.changes["at"])]
        else:
            held.append(review)
    return {key: held for key, held in found.items() if held}


def stands() -> ColumnElement[bool]:
    """The same as a condition of a query: a verdict that was not taken back."""
    table, back = schema.reviews, schema.reviews.alias()
    same = (
        back.c.dispute == table.c.dispute,
        back.c.key == table.c.key,
        back.c.by == table.c.by,
        back.c.state == "withdrawn",
        back.c.seq > table.c.seq,
        back.c.changes_json == literal('{"at":"') + table.c.at + literal('"}'),
    )
    return and_(table.c.state != "withdrawn", ~exists(select(back.c.seq).where(*same)))


def last_of(connection: Connection, dispute: str, by: str) -> tuple[Review, int] | None:
    """The newest verdict of a coder that stands, with its log entry."""
    table = schema.reviews
    query = select(table).where(table.c.dispute == dispute, table.c.by == by, stands())
    rows = fetch(connection, query.order_by(table.c.seq.desc()).limit(1))
    return (review_from_row(rows[0]), rows[0]["entry"]) if rows else None

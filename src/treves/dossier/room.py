"""One dispute for a program that stays open: read, judge, change, undo, from several threads.

Every call is one short transaction; only :meth:`Room.forecast` takes long, and keeps nobody from
writing while it does. What is known is kept in memory until somebody, in any process, adds to it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from treves.case.edits import apply
from treves.case.evidence import Claim, Source, check_quotes
from treves.case.model import Case
from treves.dossier import amendments, reviews, schema
from treves.dossier.amendments import Amendment, add_amendment, edit_of
from treves.dossier.drafting import USUAL, Hands, Terms, drafted, newest_day
from treves.dossier.living import Step, add_own, add_report, newest_of, renew
from treves.dossier.records import Known, add_claims, known_at, require
from treves.dossier.reviews import Review, Verdict, add_review
from treves.dossier.store import Store, to_json
from treves.dossier.views import source_of
from treves.errors import InputError, Problem
from treves.forecast.result import Forecast


@dataclass(frozen=True)
class Undone:
    """What was taken back: a verdict on a claim (its key) or a number (its path)."""

    kind: Literal["review", "edit"]
    name: str


class Room:
    """An open dispute. Raises InputError when the dossier has none such."""

    def __init__(self, store: Store, dispute: str, hands: Hands, terms: Terms = USUAL) -> None:
        self.store, self.dispute, self.hands, self.terms = store, dispute, hands, terms
        self._lock = threading.Lock()
        self._known: tuple[int, Known] | None = None
        self._case: tuple[int, Case] | None = None
        with store.reading() as connection:
            require(connection, dispute, store.path)

    def version(self) -> int:
        """Number of the last log entry that may have changed this dispute."""
        with self.store.reading() as connection:
            return newest_of(connection, self.dispute)

    def known(self) -> Known:
        """What is known now."""
        return self._look()[1]

    def case(self) -> Case:
        """The case of now: drafted from the claims as reviewed, with the numbers persons set.

        Raises CaseError when too little is known for one.
        """
        version, known = self._look()
        with self._lock:
            if self._case is None or self._case[0] != version:
                self._case = (version, drafted(known, self.hands, newest_day(known)))
            return self._case[1]

    def as_read(self) -> tuple[Known, dict[str, list[Review]]]:
        """What is known with the claims as they were read, and per claim the verdicts that stand.

        A coder judges what was read, not what another coder made of it.
        """
        with self.store.reading() as connection:
            told = reviews.standing(reviews.reviews_of(connection, self.dispute))
            return known_at(connection, self.dispute, reviewed=False), told

    def _look(self) -> tuple[int, Known]:
        with self._lock, self.store.reading() as connection:
            version = newest_of(connection, self.dispute)
            if self._known is None or self._known[0] != version:
                self._known = (version, known_at(connection, self.dispute))
            return self._known

    def add(self, source: Source, by: str) -> Step:
        """Read a report and keep it with its claims, without a forecast."""
        return add_report(self.store, self.dispute, source, self.hands, by, None)

    def add_claim(self, claim: Claim, by: str) -> bool:
        """Keep a sentence that a person takes as a claim, confirmed; False when it was known.

        Raises InputError when its quote does not stand in the report.
        """
        if check_quotes((claim,), source_of(self.store, self.dispute, claim.source)):
            raise InputError([Problem(f"not in the text: {claim.quote[:60]}", "its words")])
        with self.store.adding("code", by, self.dispute) as batch:
            is_new = add_claims(batch, self.dispute, [claim], by) > 0
            add_review(batch, self.dispute, Review(claim.key, "confirmed", by, batch.at, {}))
        return is_new

    def review(
        self,
        key: str,
        state: Verdict,
        by: str,
        changes: Mapping[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        """Sign a verdict on a claim. Raises InputError when it makes no sense."""
        with self.store.adding("review", by, self.dispute) as batch:
            told = Review(key, state, by, batch.at, changes or {}, why)
            add_review(batch, self.dispute, told)

    def edit(self, path: str, value: Any, by: str, why: str) -> None:
        """Set a number on top of what the claims say, until it is undone or set again.

        Raises CaseError when the path names nothing or the value makes no sense there, and
        InputError without a reason.
        """
        now = self.store.clock().isoformat(timespec="microseconds")
        apply(self.case(), [edit_of(Amendment(path, value, by, now, why))])
        with self.store.adding("edit", by, self.dispute) as batch:
            add_amendment(batch, self.dispute, Amendment(path, value, by, batch.at, why))

    def undo(self, by: str) -> Undone | None:
        """Take back the last verdict or number signed by a person that stands; None if none does.

        Nothing is deleted: the taking back is kept too, and what held before holds again.
        """
        with self.store.adding("undo", by, self.dispute) as batch:
            review = reviews.last_of(batch.connection, self.dispute, by)
            number = amendments.last_of(batch.connection, self.dispute, by)
            if review is not None and (number is None or review[1] > number[1]):
                reviews.withdraw(batch, self.dispute, review[0])
                return Undone("review", review[0].key)
            if number is not None:
                amendments.take_back(batch, self.dispute, number[0])
                return Undone("edit", number[0].path)
        return None

    def forecast(self, by: str, made: Forecast | None = None) -> Step:
        """Keep a forecast of the present case with the reasons why it moved; takes seconds.

        made: one that was made of :meth:`case` already, on the same terms. Raises InputError when
        the case has changed since.
        """
        return renew(self.store, self.dispute, self.hands, by, self.terms, made)

    def add_own(self, by: str, outcomes: Mapping[str, float], days: tuple[dt.date, dt.date]) -> str:
        """Record a person's own forecast, as of the first day until the second; returns its id."""
        return add_own(self.store, self.dispute, by, outcomes, days)

    def save_scenario(
        self,
        name: str,
        sets: Mapping[str, Any],
        by: str,
        why: str = "",
        outcomes: Mapping[str, float] | None = None,
    ) -> None:
        """Keep a named what-if: the numbers it sets, and what came of it when it was made."""
        body = {"sets": dict(sets), "outcomes": dict(outcomes) if outcomes is not None else None}
        with self.store.adding("scenario", by, self.dispute) as batch:
            row = {"dispute": self.dispute, "name": name, "by": by, "at": batch.at, "why": why}
            batch.add(schema.scenarios, [{**row, "body_json": to_json(body)}])

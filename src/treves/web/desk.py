"""The desk: everything that can be done with dossiers, as plain functions without any markup.

Pages and REST call the same methods. What is confirmed is in the dossier before a method returns;
what is computed is kept by the hash of the case and can be made again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from treves.case.evidence import Source
from treves.case.formats import native
from treves.case.model import Case
from treves.catalogue import folder, load_example, sources_of
from treves.dossier.drafting import Hands, Terms
from treves.dossier.living import Step as Added
from treves.dossier.reviews import STATE_OF
from treves.dossier.room import Room
from treves.dossier.store import Store
from treves.dossier.views import (
    claim_of,
    claims_page,
    forecast_body,
    scenarios_of,
    source_of,
    sources_page,
)
from treves.errors import CaseError, InputError, Problem
from treves.forecast.glance import Glance, glance
from treves.forecast.result import Forecast, case_hash
from treves.forecast.run import DRAWS, run
from treves.forecast.story import Story
from treves.forecast.whatif import with_changes
from treves.reading.following import draft_for, read_for
from treves.reading.marked import summary_of
from treves.report.records import Summary
from treves.report.summary import conflict_order, summarise
from treves.web import numbers, overview, texts, uploads, works
from treves.web.exports import File, export
from treves.web.fetch import Fetcher
from treves.web.jobs import OVER, Job, Jobs, NotThere, Step
from treves.web.memo import Gate, Memo
from treves.web.shelf import Shelf, Table
from treves.web.uploads import About

WORKS = ("endgame", *works.WORKS)
FORECASTS, GLANCES, OTHERS = 200, 2000, 100
PATIENCE = 1.5
MOST_SETS = 40
MOST_REPORTS = 50
UNSAID = About()

Effect = dict[str, Any]


class Desk:
    """All dossiers of a folder (or the one that is named), for several people at once."""

    def __init__(self, place: Path, fetcher: Fetcher | None = None) -> None:
        tools = Hands(read_for, draft_for)

        def opened(store: Store, dispute: str) -> Room:
            return Room(store, dispute, tools, Terms(draws=DRAWS))

        self.shelf = Shelf(place, opened)
        self.jobs_held = Jobs(lambda job: self._ring(job.dossier))
        self._fetcher = fetcher or Fetcher()
        self._gate = Gate()
        self._forecasts, self._glances = Memo(FORECASTS), Memo(GLANCES)
        self._others = Memo(OTHERS)
        self._rung: dict[str, int] = {}
        self._bell = threading.Condition()

    # -- start ---------------------------------------------------------------------------------

    def dossiers(self) -> list[dict[str, Any]]:
        """Every dossier with its headline and the line of its forecasts."""
        return [overview.card(self.shelf.table(id_)) for id_ in self.shelf.ids()]

    def examples(self) -> list[dict[str, Any]]:
        """The coded cases that ship with treves."""
        return overview.examples()

    def begin(self, title: str, by: str) -> str:
        """An empty dossier; returns its id."""
        return self.shelf.begin(title, _signed(by))

    def begin_case(self, raw: bytes, name: str, by: str) -> str:
        """A dossier from a case file. Raises CaseError with every problem found."""
        case = native.loads(raw, name[:120]).case
        return self.shelf.begin(case.title or case.id, _signed(by), case)

    def begin_example(self, name: str, by: str) -> Job:
        """A dossier from an example: its coded case, its reports, its first forecast."""
        case, reports = load_example(name), sources_of(folder(name))
        id_ = self.shelf.begin(case.title or case.id, _signed(by), case)
        return self._reading(id_, lambda: reports, by)

    # -- reading -------------------------------------------------------------------------------

    def add_text(self, dossier: str, text: str, by: str, about: About = UNSAID) -> Job:
        """Read a pasted report. Raises SourceError at once when it cannot be read."""
        found = uploads.sources_of_text(text, about)
        return self._reading(dossier, lambda: found, by)

    def add_file(self, dossier: str, raw: bytes, name: str, by: str, about: About = UNSAID) -> Job:
        """Read an uploaded file: text, web page, PDF or feed."""
        uploads.check_kind(raw, name)
        return self._reading(dossier, lambda: uploads.sources_of(raw, name, about), by)

    def add_feed(self, dossier: str, url: str, by: str) -> Job:
        """Fetch a feed or a page and read what is new in it."""

        def fetched() -> list[Source]:
            got = self._fetcher.fetch(url)
            found = uploads.sources_of(got.raw, got.name, About())
            return [s if s.url else s.model_copy(update={"url": got.url}) for s in found]

        return self._reading(dossier, fetched, by)

    def reports(self, dossier: str) -> list[dict[str, Any]]:
        """The reports of a dossier in order of arrival, with how many claims wait for review."""
        table = self.shelf.table(dossier)
        return sources_page(table.store, table.dispute)

    def report(self, dossier: str, source: str) -> dict[str, Any]:
        """A report cut into segments that mark its claims as they stand, and the claims."""
        table = self.shelf.table(dossier)
        try:
            found = source_of(table.store, table.dispute, source)
        except InputError:
            raise NotThere.called("report", source) from None
        rows = self.claims(dossier, source=source, limit=texts.MOST_CLAIMS)
        sentences = self._others.get(
            ("sentences", source), lambda: texts.possible_spans(found, self._case(table))
        )
        return texts.marked(found, rows, sentences)

    def claims(
        self,
        dossier: str,
        source: str | None = None,
        state: str | None = None,
        after: int = 0,
        limit: int = 500,
    ) -> list[dict[str, Any]]:
        """Claims as they stand, in order of arrival, each with the state of its review."""
        table = self.shelf.table(dossier)
        rows = claims_page(table.store, table.dispute, state, limit, after, source)
        outlets = {row["id"]: row for row in self.reports(dossier)}
        return [texts.with_words(row, outlets.get(row["source"], {})) for row in rows]

    def claim(self, dossier: str, key: str) -> dict[str, Any]:
        """One claim. Raises NotThere."""
        table = self.shelf.table(dossier)
        try:
            row = claim_of(table.store, table.dispute, key)
        except InputError:
            raise NotThere.called("claim", key) from None
        outlets = {report["id"]: report for report in self.reports(dossier)}
        return texts.with_words(row, outlets.get(row["source"], {}))

    def review(
        self,
        dossier: str,
        key: str,
        verdict: str,
        by: str,
        changes: Mapping[str, Any] | None = None,
        why: str | None = None,
    ) -> Effect:
        """Sign a verdict (confirm, reject, correct) on a claim, and say what it does."""
        if verdict not in STATE_OF:
            raise InputError([Problem(f"{verdict[:40]} is no verdict", ", ".join(STATE_OF))])
        claim = self.claim(dossier, key)
        table = self.shelf.table(dossier)
        what = f"{STATE_OF[verdict]}: {claim['summary']}"
        before = self._case(table)
        table.room.review(key, STATE_OF[verdict], _signed(by), dict(changes or {}), why)
        return self._effect(table, before, what) | {"claim": self.claim(dossier, key)}

    def add_claim(
        self, dossier: str, source: str, span: Sequence[int], by: str, fields: Mapping[str, Any]
    ) -> Effect:
        """Take a sentence that the reader passed over as a claim."""
        table = self.shelf.table(dossier)
        before = self._case(table)
        text = self.report(dossier, source)
        claim = texts.claim_from(source, "".join(s["text"] for s in text["segments"]), span, fields)
        if not table.room.add_claim(claim, _signed(by)):
            raise InputError([Problem("this claim is there already", "a review of it")])
        what = f"added: {summary_of(claim)}"
        return self._effect(table, before, what) | {"claim": self.claim(dossier, claim.key)}

    def undo(self, dossier: str, by: str) -> Effect:
        """Take back the last review or edit that this person signed and that stands."""
        table = self.shelf.table(dossier)
        before = self._case(table)
        undone = table.room.undo(_signed(by))
        if undone is None:
            raise InputError([Problem("there is nothing of yours to undo", "a review or an edit")])
        effect = self._effect(table, before, f"taken back: {undone.kind} of {undone.name}")
        return effect | {
            "claim": self.claim(dossier, undone.name) if undone.kind == "review" else None
        }

    # -- case ----------------------------------------------------------------------------------

    def case_record(self, dossier: str) -> Case | None:
        """The case as it stands: drafted from the claims, with the edits on top."""
        return self._case(self.shelf.table(dossier))

    def case(self, dossier: str) -> dict[str, Any]:
        """The case as JSON, with its parties along the line of conflict."""
        table = self.shelf.table(dossier)
        case, note = self._case_or_why(table)
        found = self._forecast_at_hand(case) if case else None
        order = [p.id for p in case.parties] if case else []
        return {
            "version": table.version(),
            "has_case": case is not None,
            "note": note,
            "hash": case_hash(case) if case else None,
            "case": case.model_dump(mode="json") if case else None,
            "parties": conflict_order(case, found.zone) if case and found else order,
        }

    def numbers(self, dossier: str, lang: str = "en") -> list[dict[str, Any]]:
        """Every number of the case and what it rests on; [] while there is no case."""
        case = self.case_record(dossier)
        return numbers.numbers_of(case, lang) if case else []

    def evidence(self, dossier: str, path: str, lang: str = "en") -> dict[str, Any]:
        """One number with its sentences and who changed it. Raises NotThere."""
        table = self.shelf.table(dossier)
        case = self._case(table)
        found = numbers.number_at(case, path, lang) if case else None
        if found is None:
            raise NotThere.called("number", path)
        return found | {"history": overview.edits(table, path)}

    def try_edit(self, dossier: str, path: str, value: Any) -> list[str]:
        """Why a number cannot have a value, in words; [] when it can."""
        case = self._needed_case(self.shelf.table(dossier))
        try:
            with_changes(case, {path: value})
        except CaseError as error:
            return [str(problem.what) for problem in error.problems]
        return []

    def edit(self, dossier: str, path: str, value: Any, by: str, why: str) -> Effect:
        """Change a number for a reason; it stands on top of what the reports say."""
        table = self.shelf.table(dossier)
        before = self._needed_case(table)
        if not why.strip():
            raise InputError([Problem("an edit needs a reason", "why the number is so")])
        table.room.edit(path, value, _signed(by), why.strip())
        name = numbers.name_of(before, path)
        return self._effect(table, before, f"edited: {name}") | {"claim": None}

    # -- forecast ------------------------------------------------------------------------------

    def forecast(self, dossier: str) -> Forecast | None:
        """The forecast of the case as it stands; None while there is no case."""
        case = self.case_record(dossier)
        return self._forecast(case) if case else None

    def stored(self, dossier: str) -> Forecast | None:
        """The last forecast that was kept in the dossier."""
        table = self.shelf.table(dossier)
        return forecast_body(table.store, table.dispute)

    def summary(self, dossier: str, lang: str = "en", *, told: bool = False) -> Summary | None:
        """What to show of the case as it stands; None while there is no case.

        told: also the course it takes and whether the threat is a bluff, which takes seconds.
        """
        table = self.shelf.table(dossier)
        case = self._case(table)
        if case is None:
            return None
        key = ("summary", dossier, case_hash(case), lang, told, table.version())
        earlier = overview.earlier_forecasts(table, case)

        def make() -> Summary:
            story = self._story(table, case) if told else None
            return summarise(case, self._forecast(case), lang, earlier, story)

        return cast("Summary", self._others.get(key, make))

    def story(self, dossier: str) -> Story | None:
        """Why the talks end as they do; None while there is no case. Takes seconds."""
        case = self.case_record(dossier)
        return self._story(self.shelf.table(dossier), case) if case else None

    def standing(self, dossier: str, lang: str = "en") -> dict[str, Any]:
        """The top bar: headline and odds now, and those that were stored. Never takes long:
        while the forecast is being made it shows the quick odds and says so."""
        table = self.shelf.table(dossier)
        case, note = self._case_or_why(table)
        stored = self.stored(dossier)
        kept = bool(case and stored and stored.case_hash == case_hash(case))
        found = self._soon(table, case) if case else None
        return overview.standing(
            (table.version(), overview.title_of(table)),
            case,
            (found, None if found or not case else self._glance(case)),
            stored,
            lang,
        ) | {"kept": kept, "note": note}

    def keep_forecast(self, dossier: str, by: str) -> Job:
        """Store the forecast of the case as it stands, with what moved it."""
        table = self.shelf.table(dossier)
        signed = _signed(by)

        def work(step: Step) -> dict[str, Any]:
            step("forecasting", 0.1)
            return {"steps": [self._keep(table, signed, step)]}

        return self.jobs_held.start(dossier, "forecast", work)

    def what_if(
        self, dossier: str, sets: Mapping[str, Any], session: str | None = None
    ) -> dict[str, Any]:
        """The odds if some numbers were others; of one session only the newest is answered."""
        if len(sets) > MOST_SETS:
            raise InputError([Problem(f"{len(sets)} changes are too many", f"at most {MOST_SETS}")])
        began = time.perf_counter()
        case = self._needed_case(self.shelf.table(dossier))
        changed = with_changes(case, sets)
        before = self._glance(case)
        after = self._glance(changed, like=case, session=session)
        stored = self.stored(dossier)
        return {
            "sets": dict(sets),
            "outcomes": after.outcomes,
            "before": before.outcomes,
            "stored": stored.outcomes if stored else None,
            "change": {n: round(p - before.outcomes[n], 12) for n, p in after.outcomes.items()},
            "headline": after.headline,
            "sentence": overview.sentence(changed, after),
            "flips": after.headline != before.headline,
            "leaves": after.leaves,
            "share_in_box": after.share_in_box,
            "draws": DRAWS,
            "ms": round(1000 * (time.perf_counter() - began), 1),
        }

    def knobs(self, dossier: str, lang: str = "en") -> list[dict[str, Any]]:
        """What can be slid or switched in a what-if, the most telling first."""
        case = self.case_record(dossier)
        return numbers.knobs_of(case, self._forecast_at_hand(case), lang) if case else []

    def scenarios(self, dossier: str) -> list[dict[str, Any]]:
        """The what-ifs that were saved."""
        table = self.shelf.table(dossier)
        return scenarios_of(table.store, table.dispute)

    def save_scenario(
        self, dossier: str, name: str, sets: Mapping[str, Any], by: str, why: str = ""
    ) -> dict[str, Any]:
        """Keep a what-if under a name, with its odds."""
        if not name.strip():
            raise InputError([Problem("a scenario needs a name", "CU gives way")])
        odds = self.what_if(dossier, sets)["outcomes"]
        room = self.shelf.table(dossier).room
        room.save_scenario(name.strip()[:200], dict(sets), _signed(by), why, odds)
        self._ring(dossier)
        return next(row for row in reversed(self.scenarios(dossier)) if row["name"] == name.strip())

    # -- views ---------------------------------------------------------------------------------

    def deals(self, dossier: str, rule: str | None = None, top: int = 20) -> dict[str, Any]:
        """Packages by the probability that all needed can live with them, gaps, concessions."""
        case = self._needed_case(self.shelf.table(dossier))
        key = ("deals", case_hash(case), rule, top)
        with self._gate.place():
            found: dict[str, Any] = self._others.get(key, lambda: works.deals(case, rule, top))
        return found

    def work(self, dossier: str, what: str) -> Job:
        """A view that takes long: endgame, settle or sensitivity; done at once when it is known."""
        if what not in WORKS:
            raise NotThere.called("view", what)
        case = self._needed_case(self.shelf.table(dossier))
        key = ("work", what, case_hash(case))
        held = self._others.held(key)
        if held is not None:
            return self.jobs_held.done(dossier, what, held)
        running = [j for j in self.jobs_held.of(dossier) if j.what == what and j.state not in OVER]
        if running:
            return running[-1]

        def make(step: Step) -> dict[str, Any]:
            step("computing", None)
            if what == "endgame":
                return works.endgame(self._story(self.shelf.table(dossier), case))
            return works.WORKS[what](case, step)

        return self.jobs_held.start(
            dossier, what, lambda step: self._others.get(key, lambda: make(step))
        )

    def history(self, dossier: str) -> dict[str, Any]:
        """The line of forecasts with what moved each, and who changed what."""
        return overview.history(self.shelf.table(dossier))

    def export(
        self, dossier: str, what: str, lang: str = "en", with_confided: bool = False
    ) -> File:
        """A file for others: page, json, csv, case or all (the dossier as JSON Lines)."""
        table = self.shelf.table(dossier)
        return export(self, table, what, lang, with_confided=with_confided)

    # -- jobs and changes ----------------------------------------------------------------------

    def job(self, id_: str) -> Job:
        """The job of that id. Raises NotThere."""
        return self.jobs_held.get(id_)

    def jobs(self, dossier: str) -> list[Job]:
        """The jobs of a dossier, oldest first."""
        return self.jobs_held.of(dossier)

    def cancel(self, id_: str) -> Job:
        """Ask a job to stop."""
        return self.jobs_held.cancel(id_)

    def version(self, dossier: str) -> int:
        """Grows with every change by anybody, also from the command line."""
        return self.shelf.table(dossier).version()

    def changes(self, dossier: str, since: int) -> list[dict[str, Any]]:
        """What was added after a version: number, moment, who, what."""
        table = self.shelf.table(dossier)
        return [r for r in table.store.changed_since(since) if r["dispute"] == table.dispute]

    def pulse(self, dossier: str) -> tuple[int, int]:
        """The version, and a number that grows when a job or a forecast gets on."""
        return self.version(dossier), self._rung.get(dossier, 0)

    def wait_for(self, dossier: str, version: int, timeout: float) -> int:
        """The version once it is another, or after so many seconds."""
        until = time.monotonic() + timeout
        while (now := self.version(dossier)) == version and time.monotonic() < until:
            with self._bell:  # other programs ring no bell: look again soon
                self._bell.wait(min(0.25, max(0.0, until - time.monotonic())))
        return now

    def warm(self) -> None:
        """Compile and load what the first slider would otherwise wait for."""
        glance(load_example("asylum"), draws=16)

    def close(self) -> None:
        """Stop all work and let go of the files."""
        self.jobs_held.close()
        self.shelf.close()

    # -- inside --------------------------------------------------------------------------------

    def _ring(self, dossier: str) -> None:
        with self._bell:
            self._rung[dossier] = self._rung.get(dossier, 0) + 1
            self._bell.notify_all()

    def _reading(self, dossier: str, found: Any, by: str) -> Job:
        table, signed = self.shelf.table(dossier), _signed(by)

        def work(step: Step) -> dict[str, Any]:
            step("opening", 0.0)
            reports = found()[:MOST_REPORTS]
            steps = []
            for k, source in enumerate(reports):
                step(f"reading {source.title or 'a report'}", k / (len(reports) + 1))
                steps.append(works.step_record(table.room.add(source, signed)))
                self._ring(dossier)
            step("forecasting", len(reports) / (len(reports) + 1))
            return {"steps": [*steps, self._keep(table, signed, step)]}

        return self.jobs_held.start(dossier, "read", work)

    def _keep(self, table: Table, by: str, step: Step) -> dict[str, Any]:
        case, note = self._case_or_why(table)
        if case is None:
            return works.step_record(Added(None, False, 0, note=note))
        forecast = self._forecast(case)
        step("finding what moved it", None)
        made = works.step_record(table.room.forecast(by, forecast))
        self._ring(table.id)
        return made

    def _case_or_why(self, table: Table) -> tuple[Case | None, str]:
        """The case, or what is missing for one."""
        try:
            return table.room.case(), ""
        except CaseError as error:
            return None, str(error.problems[0].what)

    def _case(self, table: Table) -> Case | None:
        return self._case_or_why(table)[0]

    def _needed_case(self, table: Table) -> Case:
        case, note = self._case_or_why(table)
        if case is None:
            raise InputError([Problem(f"there is no case yet: {note}", "a report, or a case file")])
        return case

    def _forecast(self, case: Case) -> Forecast:
        def make() -> Forecast:
            with self._gate.place():
                return run(case, draws=DRAWS)

        found: Forecast = self._forecasts.get(case_hash(case), make)
        return found

    def _forecast_at_hand(self, case: Case) -> Forecast | None:
        return cast("Forecast | None", self._forecasts.held(case_hash(case)))

    def _soon(self, table: Table, case: Case) -> Forecast | None:
        """The forecast if it is there or comes quickly; else it is made while nobody waits."""
        held = self._forecast_at_hand(case)
        if held is not None:
            return held

        def make() -> None:
            self._forecast(case)
            self._ring(table.id)

        thread = threading.Thread(target=make, name="treves-forecast", daemon=True)
        thread.start()
        thread.join(PATIENCE)
        return self._forecast_at_hand(case)

    def _glance(self, case: Case, like: Case | None = None, session: str | None = None) -> Glance:
        key = (case_hash(case), case_hash(like) if like else None)

        held: Glance | None = self._glances.held(key)
        if held is not None:
            return held
        with self._gate.place(session):
            found: Glance = self._glances.get(key, lambda: glance(case, draws=DRAWS, like=like))
        return found

    def _story(self, table: Table, case: Case) -> Story:
        def make() -> Story:
            with self._gate.place():
                return works.story(table, case)

        found: Story = self._others.get(("story", table.id, case_hash(case), table.version()), make)
        return found

    def _effect(self, table: Table, before: Case | None, what: str) -> Effect:
        """What a change did to the numbers and to the odds."""
        self._ring(table.id)
        after, note = self._case_or_why(table)
        changed = numbers.changed_numbers(before, after)
        old = self._glance(before) if before else None
        new = self._glance(after, like=before) if after else None
        return {
            "version": table.version(),
            "what": what,
            "numbers": changed,
            "before": dict(old.outcomes) if old else None,
            "after": dict(new.outcomes) if new else None,
            "headline": overview.sentence(after, new) if after and new else "",
            "note": note if after is None else ("" if changed else "no number changes"),
        }


def _signed(by: str) -> str:
    """Who signs: a short name in one line, or nobody."""
    return " ".join(by.split())[:80] or "unsigned"

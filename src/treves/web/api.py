"""The desk as REST under /api: JSON in and out, errors as JSON that say what to do instead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, FastAPI, File, Form, Query, Request, UploadFile
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from treves.case.evidence import Record
from treves.errors import InputError, MissingExtra, Problem, TrevesError
from treves.reading.ingest import MAX_BYTES
from treves.web import payloads as m
from treves.web.desk import Desk
from treves.web.jobs import Busy, Job, NotThere
from treves.web.memo import Superseded
from treves.web.uploads import About

# How often a listener looks for changes, and says that it is still there.
LOOK_SECONDS, ALIVE_SECONDS = 0.3, 15.0
MOST_LISTENERS = 300
LONGEST_QUOTED = 2000

Dossier = Annotated[str, InPath(max_length=170, description="Id of a dossier, from the list.")]
Lang = Annotated[m.Lang, Query(description="Language of the words.")]
FAULTS: dict[int | str, dict[str, Any]] = {
    code: {"model": m.Fault}
    for code in (400, 401, 403, 404, 405, 409, 413, 414, 421, 422, 429, 501)
}


def add_api(app: FastAPI, desk: Desk) -> None:
    """Add every endpoint under /api, and the answers to errors."""
    for part in (_start, _reading, _claims, _case, _forecast, _views, _work, _changes):
        app.include_router(part(desk), prefix="/api", responses=FAULTS)
    add_errors(app)


def add_errors(app: FastAPI) -> None:
    """Errors as JSON: what is wrong, where, and what to write instead."""

    async def told(_: Request, error: Exception) -> Response:
        return JSONResponse(fault_of(error), status_of(error))

    async def invalid(_: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        places = [(".".join(map(str, e["loc"])), str(e["msg"])) for e in found]
        text = "; ".join(f"{place}: {what}" for place, what in places)[:LONGEST_QUOTED]
        problems = [{"what": what, "instead": "", "file": place} for place, what in places[:50]]
        return JSONResponse({"error": text or "invalid", "problems": problems}, 422)

    async def usual(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        held = error.headers if isinstance(error, HTTPException) else None
        text = str(error.detail) if isinstance(error, HTTPException) else "error"
        return JSONResponse({"error": text, "problems": []}, status, dict(held or {}))

    app.add_exception_handler(TrevesError, told)
    app.add_exception_handler(HTTPException, usual)
    app.add_exception_handler(RequestValidationError, invalid)


def status_of(error: Exception) -> int:
    """The status of an error."""
    kinds: tuple[tuple[type[Exception], int], ...] = (
        (NotThere, 404), (Superseded, 409), (Busy, 429), (MissingExtra, 501),
    )  # fmt: skip
    return next((status for kind, status in kinds if isinstance(error, kind)), 422)


def fault_of(error: Exception) -> dict[str, Any]:
    """An error as plain data."""
    problems = error.problems if isinstance(error, InputError) else ()
    return {
        "error": _printable(str(error)),
        "problems": [{k: _printable(v) for k, v in asdict(p).items()} for p in problems],
    }


def _printable(value: Any) -> Any:
    """Text without halves of characters, which JSON cannot hold, and not too much of it."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode()[:LONGEST_QUOTED]


def _start(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["start"])

    @routes.get("/dossiers", response_model=list[m.Card])
    def dossiers() -> Any:
        """Every dossier with its headline and the line of its forecasts."""
        return desk.dossiers()

    @routes.get("/examples", response_model=list[m.Example])
    def examples() -> Any:
        """The coded cases that ship with treves."""
        return desk.examples()

    @routes.post("/dossiers", response_model=m.Opened, status_code=201)
    def begin(body: m.Begin) -> Any:
        """Begin a dossier: empty (title), from an example, or from a case file."""
        if body.example is not None:
            job = desk.begin_example(body.example, body.by)
            return {"dossier": job.dossier, "job": job.id}
        if body.case is not None:
            raw = body.case.encode("utf-8", "replace")
            return {"dossier": desk.begin_case(raw, "case.yaml", body.by)}
        return {"dossier": desk.begin(body.title or "", body.by)}

    return routes


def _reading(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["reading"])

    @routes.get("/dossiers/{dossier}/reports", response_model=list[m.ReportRow])
    def reports(dossier: Dossier) -> Any:
        """The reports of a dossier."""
        return desk.reports(dossier)

    @routes.post("/dossiers/{dossier}/texts", response_model=m.JobState, status_code=202)
    def add_text(dossier: Dossier, body: m.Text) -> Any:
        """Read a pasted report; the job says what it did."""
        return desk.add_text(dossier, body.text, body.by, body.about).record()

    @routes.post("/dossiers/{dossier}/files", response_model=m.JobState, status_code=202)
    def add_file(
        dossier: Dossier,
        file: Annotated[UploadFile, File(description="txt, html, pdf or a feed")],
        by: Annotated[str, Form(min_length=1, max_length=80)],
        date: Annotated[str | None, Form(max_length=10)] = None,
        confided: Annotated[bool, Form()] = False,
    ) -> Any:
        """Read an uploaded file."""
        raw = file.file.read(MAX_BYTES + 1)
        about = About(date=date or None, confided=confided)
        return desk.add_file(dossier, raw, file.filename or "report", by, about).record()

    @routes.post("/dossiers/{dossier}/feeds", response_model=m.JobState, status_code=202)
    def add_feed(dossier: Dossier, body: m.Feed) -> Any:
        """Fetch a feed or a page from a public address and read what is new."""
        return desk.add_feed(dossier, body.url, body.by).record()

    @routes.get("/dossiers/{dossier}/reports/{source}", response_model=m.MarkedReport)
    def report(dossier: Dossier, source: Annotated[str, InPath(max_length=100)]) -> Any:
        """A report cut into segments that mark its claims."""
        return desk.report(dossier, source)

    return routes


def _claims(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["claims"])

    @routes.get("/dossiers/{dossier}/claims", response_model=list[m.ClaimRow])
    def claims(
        dossier: Dossier,
        source: Annotated[str | None, Query(max_length=100)] = None,
        state: Literal["found", "confirmed", "corrected", "rejected"] | None = None,
        after: Annotated[int, Query(ge=0, le=2**53)] = 0,
        limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    ) -> Any:
        """Claims as they stand after review, in order of arrival."""
        return desk.claims(dossier, source, state, after, limit)

    @routes.post("/dossiers/{dossier}/reviews", response_model=m.EffectOut)
    def review(dossier: Dossier, body: m.Review) -> Any:
        """Sign a verdict on a claim; says what it does to the numbers and the odds."""
        return desk.review(dossier, body.key, body.verdict, body.by, body.changes, body.why)

    @routes.post("/dossiers/{dossier}/claims", response_model=m.EffectOut)
    def add_claim(dossier: Dossier, body: m.NewClaim) -> Any:
        """Take a sentence that the reader passed over as a claim."""
        return desk.add_claim(dossier, body.source, body.span, body.by, body.fields)

    @routes.post("/dossiers/{dossier}/undo", response_model=m.EffectOut)
    def undo(dossier: Dossier, body: m.Signed) -> Any:
        """Take back the last review or edit of this person."""
        return desk.undo(dossier, body.by)

    return routes


def _case(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["case"])

    @routes.get("/dossiers/{dossier}/case", response_model=m.CaseOut)
    def case(dossier: Dossier) -> Any:
        """The case as it stands: drafted from the claims, with the edits on top."""
        return desk.case(dossier)

    @routes.get("/dossiers/{dossier}/numbers", response_model=list[m.NumberOut])
    def numbers(dossier: Dossier, lang: Lang = "en") -> Any:
        """Every number of the case and what it rests on."""
        return desk.numbers(dossier, lang)

    @routes.get("/dossiers/{dossier}/numbers/{path}", response_model=m.EvidenceOut)
    def evidence(
        dossier: Dossier, path: Annotated[str, InPath(max_length=200)], lang: Lang = "en"
    ) -> Any:
        """One number with its sentences and who changed it."""
        return desk.evidence(dossier, path, lang)

    @routes.post("/dossiers/{dossier}/edits/try", response_model=list[str])
    def try_edit(dossier: Dossier, body: m.Trial) -> Any:
        """Why a number cannot have a value; an empty list when it can."""
        return desk.try_edit(dossier, body.path, body.value)

    @routes.post("/dossiers/{dossier}/edits", response_model=m.EffectOut)
    def edit(dossier: Dossier, body: m.NewEdit) -> Any:
        """Change a number for a reason."""
        return desk.edit(dossier, body.path, body.value, body.by, body.why)

    return routes


def _forecast(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["forecast"])

    @routes.get("/dossiers/{dossier}/standing", response_model=m.Standing)
    def standing(dossier: Dossier, lang: Lang = "en") -> Any:
        """Headline and odds now, and those that were stored; never takes long."""
        return desk.standing(dossier, lang)

    @routes.get("/dossiers/{dossier}/forecast")
    def forecast(dossier: Dossier) -> dict[str, Any]:
        """The whole forecast of the case as it stands."""
        return _there(desk.forecast(dossier), dossier)

    @routes.get("/dossiers/{dossier}/summary")
    def summary(dossier: Dossier, lang: Lang = "en") -> dict[str, Any]:
        """What page and terminal show, in words and numbers."""
        return _there(desk.summary(dossier, lang), dossier)

    @routes.post("/dossiers/{dossier}/forecast", response_model=m.JobState, status_code=202)
    def keep(dossier: Dossier, body: m.Signed) -> Any:
        """Store the forecast of the case as it stands, with what moved it."""
        return desk.keep_forecast(dossier, body.by).record()

    @routes.post("/dossiers/{dossier}/whatif", response_model=m.WhatIfOut)
    def what_if(dossier: Dossier, body: m.Sets) -> Any:
        """The odds if some numbers were others."""
        return desk.what_if(dossier, body.sets, body.session)

    @routes.get("/dossiers/{dossier}/knobs", response_model=list[m.Knob])
    def knobs(dossier: Dossier, lang: Lang = "en") -> Any:
        """What can be slid or switched, the most telling first."""
        return desk.knobs(dossier, lang)

    @routes.get("/dossiers/{dossier}/scenarios", response_model=list[m.Scenario])
    def scenarios(dossier: Dossier) -> Any:
        """The what-ifs that were kept."""
        return desk.scenarios(dossier)

    @routes.post("/dossiers/{dossier}/scenarios", response_model=m.Scenario, status_code=201)
    def save_scenario(dossier: Dossier, body: m.NewScenario) -> Any:
        """Keep a what-if under a name."""
        return desk.save_scenario(dossier, body.name, body.sets, body.by, body.why)

    return routes


def _views(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["views"])

    @routes.get("/dossiers/{dossier}/deals")
    def deals(
        dossier: Dossier,
        rule: Annotated[str | None, Query(max_length=40)] = None,
        top: Annotated[int, Query(ge=1, le=500)] = 20,
    ) -> dict[str, Any]:
        """Packages by the probability that all needed can live with them; gaps, concessions."""
        return desk.deals(dossier, rule, top)

    @routes.get("/dossiers/{dossier}/history", response_model=m.HistoryOut)
    def history(dossier: Dossier) -> Any:
        """The line of forecasts with what moved each, and who changed what."""
        return desk.history(dossier)

    @routes.get("/dossiers/{dossier}/export/{what}", response_class=Response)
    def export(
        dossier: Dossier,
        what: Literal["page", "json", "csv", "case", "all"],
        lang: Lang = "en",
        with_confided: bool = False,
    ) -> Response:
        """A file for others: page, forecast, statements, case file, or everything."""
        file = desk.export(dossier, what, lang, with_confided)
        held = {"content-disposition": f'attachment; filename="{file.name}"'}
        return Response(file.body, media_type=file.mime, headers=held)

    return routes


def _work(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["work"])

    @routes.post("/dossiers/{dossier}/work/{what}", response_model=m.JobState, status_code=202)
    def work(dossier: Dossier, what: Literal["endgame", "settle", "sensitivity"]) -> Any:
        """Begin a view that takes long; done at once when it is known."""
        return desk.work(dossier, what).record()

    @routes.get("/jobs/{job}", response_model=m.JobState)
    def job(job: Annotated[str, InPath(max_length=20)]) -> Any:
        """How far a piece of work is, and its result."""
        return desk.job(job).record()

    @routes.get("/dossiers/{dossier}/jobs", response_model=list[m.JobState])
    def jobs(dossier: Dossier) -> Any:
        """The work of a dossier, oldest first."""
        return [job.record() for job in desk.jobs(dossier)]

    @routes.delete("/jobs/{job}", response_model=m.JobState)
    def cancel(job: Annotated[str, InPath(max_length=20)]) -> Any:
        """Ask a piece of work to stop."""
        return desk.cancel(job).record()

    return routes


def _changes(desk: Desk) -> APIRouter:
    routes = APIRouter(tags=["changes"])
    listening = 0

    @routes.get("/dossiers/{dossier}/version", response_model=m.Version)
    def version(dossier: Dossier, since: Annotated[int, Query(ge=0, le=2**53)] = 2**53) -> Any:
        """The number of the last change, and the changes after a number."""
        return {"version": desk.version(dossier), "changes": desk.changes(dossier, since)}

    @routes.get("/dossiers/{dossier}/events", response_class=StreamingResponse)
    async def events(dossier: Dossier) -> Response:
        """Server-sent events: `changed` with the version, `job` with a piece of work."""
        nonlocal listening
        await to_thread.run_sync(desk.version, dossier)
        if listening >= MOST_LISTENERS:
            raise Busy("too many are listening already")

        async def told() -> AsyncIterator[str]:
            nonlocal listening
            listening += 1
            try:
                async for line in _events(desk, dossier):
                    yield line
            finally:
                listening -= 1

        return StreamingResponse(told(), media_type="text/event-stream")

    return routes


async def _events(desk: Desk, dossier: str) -> AsyncIterator[str]:
    """Lines of a stream of changes; a comment now and then keeps the connection open."""
    last: tuple[int, int] | None = None
    seen: dict[str, tuple[str, str, float | None]] = {}
    quiet = 0.0
    while True:
        pulse = await to_thread.run_sync(desk.pulse, dossier)
        if pulse != last:
            yield _event("changed", {"version": pulse[0], "pulse": pulse[1]})
            for job in desk.jobs(dossier):
                now = (job.state, job.words, job.progress)
                if seen.get(job.id) != now:
                    if last is not None or job.state in ("waiting", "running"):
                        yield _event("job", _short(job))
                    seen[job.id] = now
            last, quiet = pulse, 0.0
        elif quiet >= ALIVE_SECONDS:
            yield ": still here\n\n"
            quiet = 0.0
        await asyncio.sleep(LOOK_SECONDS)
        quiet += LOOK_SECONDS


def _short(job: Job) -> dict[str, Any]:
    """A job without its result, which may be long."""
    return {name: value for name, value in job.record().items() if name != "result"}


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _there(value: Any, dossier: str) -> dict[str, Any]:
    """A record as plain data; an error while there is no case."""
    if value is None:
        what = f"there is no case yet in {dossier}"
        raise InputError([Problem(what, "a report, or a case file")])
    plain: dict[str, Any]
    plain = value.model_dump(mode="json") if isinstance(value, Record) else asdict(value)
    return plain

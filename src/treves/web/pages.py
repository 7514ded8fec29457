"""The pages of the workbench: which address shows which view, and what its forms do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from treves.errors import CaseError, TrevesError
from treves.report.records import Summary
from treves.report.style import stylesheet
from treves.web import (
    claims,
    deals,
    endgame,
    export,
    history,
    models,
    parties,
    reports,
    sensitivity,
    start,
    whatif,
)
from treves.web.desk import Desk
from treves.web.jobs import OVER, NotThere
from treves.web.markup import Ask, Pane, Said, url_of
from treves.web.shell import page, progress

Show = Callable[[Desk, Ask], Pane]
Form = Mapping[str, Any]
Act = Callable[[Desk, Ask, Form], Said]

SHOWS: dict[str, Show] = {
    "reports": reports.show,
    "claims": claims.show,
    "parties": parties.show,
    "deals": deals.show,
    "endgame": endgame.show,
    "whatif": whatif.show,
    "sensitivity": sensitivity.show,
    "history": history.show,
    "models": models.show,
    "export": export.show,
}
ACTS: dict[str, Act] = {
    **{f"reports/{name}": act for name, act in reports.ACTS.items()},
    **{f"claims/{name}": act for name, act in claims.ACTS.items()},
    **{f"parties/{name}": act for name, act in parties.ACTS.items()},
    **{f"whatif/{name}": act for name, act in whatif.ACTS.items()},
    **{f"history/{name}": act for name, act in history.ACTS.items()},
}
# A page that shows no case still has colours and type.
NOTHING = Summary("", "", "", (), (), (), (), "", "", (), (), "", "")
NAME_COOKIE = "treves_by"
YEAR_SECONDS = 365 * 86400


def add_pages(app: FastAPI, desk: Desk) -> None:
    """Add all pages to the application."""
    _add_start(app, desk)
    _add_views(app, desk)

    @app.post("/me", include_in_schema=False)
    async def sign(request: Request) -> Response:
        name = str((await request.form()).get("by") or "").strip()[:60] or "analyst"
        # back to where the visitor was, never to another host
        back = urlsplit(request.headers.get("referer") or "/")
        place = back.path + (f"?{back.query}" if back.query else "")
        answer = RedirectResponse("/" + place.lstrip("/"), status_code=303)
        cookie = name.encode("utf-8").hex()
        answer.set_cookie(
            NAME_COOKIE, cookie, max_age=YEAR_SECONDS, httponly=True, samesite="strict"
        )
        return answer


def _add_start(app: FastAPI, desk: Desk) -> None:
    @app.get("/", include_in_schema=False)
    def begin(request: Request) -> Response:
        return HTMLResponse(start.show(desk, _ask(request, "", "")))

    @app.post("/start/{action}", include_in_schema=False)
    async def act(request: Request, action: str) -> Response:
        ask = _ask(request, "", "")
        form = await _form(request)
        if action not in start.ACTS:
            return RedirectResponse("/", status_code=303)
        try:
            place = await run_in_threadpool(start.ACTS[action], desk, ask, form)
        except TrevesError as error:
            text = await run_in_threadpool(start.show, desk, ask, words_of(error))
            return HTMLResponse(text, status_code=422)
        return RedirectResponse(place, status_code=303)

    @app.get("/start/{action}", include_in_schema=False)
    def back() -> Response:
        return RedirectResponse("/", status_code=303)

    @app.get("/style.css", include_in_schema=False)
    def plain_style() -> Response:
        return _css(stylesheet(NOTHING, ".treves"))


def _add_views(app: FastAPI, desk: Desk) -> None:
    @app.get("/d/{dossier}", include_in_schema=False)
    def enter(dossier: str) -> Response:
        return RedirectResponse(url_of(dossier, "claims"), status_code=303)

    @app.get("/d/{dossier}/style.css", include_in_schema=False)
    def style(dossier: str) -> Response:
        return _css(stylesheet(desk.summary(dossier) or NOTHING, ".treves"))

    @app.get("/d/{dossier}/whatif/odds", include_in_schema=False)
    def slide(request: Request, dossier: str) -> Response:
        return HTMLResponse(whatif.odds_of(desk, _ask(request, dossier, "whatif")))

    @app.get("/d/{dossier}/export/{what}", include_in_schema=False)
    def download(request: Request, dossier: str, what: str) -> Response:
        return export.download(desk, _ask(request, dossier, "export"), what)

    @app.get("/d/{dossier}/{view}", include_in_schema=False)
    def show(request: Request, dossier: str, view: str) -> Response:
        return _shown(desk, _ask(request, dossier, view), None)

    @app.get("/d/{dossier}/{view}/{action}", include_in_schema=False)
    def again(dossier: str, view: str) -> Response:
        return RedirectResponse(url_of(dossier, view), status_code=303)

    @app.post("/d/{dossier}/{view}/{action}", include_in_schema=False)
    async def act(request: Request, dossier: str, view: str, action: str) -> Response:
        form = await _form(request)
        return await run_in_threadpool(_acted, desk, _ask(request, dossier, view), action, form)


def _acted(desk: Desk, ask: Ask, action: str, form: Form) -> Response:
    try:
        if action == "cancel":
            desk.cancel(str(form.get("job") or ""))
            said = Said("Stopped.")
        else:
            said = ACTS[f"{ask.view}/{action}"](desk, ask, form)
    except KeyError:
        return _missing("there is no such action")
    except TrevesError as error:
        kept = {k: str(v) for k, v in form.items() if k in KEPT and isinstance(v, str)}
        said = Said(words_of(error), kept, wrong=True)
    there = Ask(ask.dossier, ask.view, said.query, ask.csrf, ask.by)
    return _shown(desk, there, said)


# What stays selected when an action was refused.
KEPT = ("report", "claim", "path", "value", "why", "issue")


def _shown(desk: Desk, ask: Ask, said: Said | None) -> Response:
    if ask.view not in SHOWS:
        return _missing("there is no such view")
    try:
        # The version is taken first: what changes while the view is made is told as newer.
        standing = desk.standing(ask.dossier)
        over = _ended(desk, ask)
        pane = SHOWS[ask.view](desk, ask)
        if _ended(desk, ask) != over:  # a view that waits for work that has just ended
            pane = SHOWS[ask.view](desk, ask)
        jobs = _jobs(desk, ask)
    except NotThere as error:
        return _missing(words_of(error))
    text = page(ask, pane, standing, said, jobs)
    here = {"X-Treves-Url": ask.url(**ask.query)}
    return HTMLResponse(text, status_code=422 if said and said.wrong else 200, headers=here)


def _ended(desk: Desk, ask: Ask) -> set[str]:
    return {job.id for job in desk.jobs(ask.dossier) if job.state in OVER}


def _jobs(desk: Desk, ask: Ask) -> str:
    """Work that is under way, and how the last one failed if it did."""
    held = [job.record() for job in desk.jobs(ask.dossier)]
    shown = [r for k, r in enumerate(held) if r["state"] != "failed" or k == len(held) - 1]
    return "".join(progress(ask, record) for record in shown)


def _missing(words: str) -> Response:
    return HTMLResponse(start.nothing(words), status_code=404)


def _css(text: str) -> Response:
    return Response(text, media_type="text/css", headers={"Cache-Control": "no-cache"})


def _ask(request: Request, dossier: str, view: str) -> Ask:
    try:
        by = bytes.fromhex(request.cookies.get(NAME_COOKIE, "")).decode("utf-8")
    except ValueError:
        by = ""
    csrf = str(getattr(request.state, "csrf", ""))
    return Ask(dossier, view, dict(request.query_params), csrf, by or "analyst")


async def _form(request: Request) -> dict[str, Any]:
    """The fields of a form; files as their name and bytes, several of one name as a list."""
    held: dict[str, Any] = {}
    form = await request.form()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                held.setdefault(name, []).append((value.filename, await value.read()))
        else:
            held[name] = value
    return held


def words_of(error: TrevesError) -> str:
    """All problems of an error in words."""
    problems = getattr(error, "problems", None)
    if not problems or not isinstance(error, CaseError | TrevesError):
        return str(error)
    return "; ".join(p.what + (f" (instead: {p.instead})" if p.instead else "") for p in problems)

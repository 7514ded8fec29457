"""The workbench as one application: the desk, its REST interface, its pages, its guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from treves import __version__
from treves.web.api import add_api
from treves.web.desk import Desk
from treves.web.guard import Guard, Rules
from treves.web.pages import add_pages

STATIC = Path(__file__).parent / "static"
# Somebody who waits for a game to be solved must not keep others from reading.
THREADS = 120


def build(desk: Desk, rules: Rules | None = None) -> Guard:
    """The application for a desk, guarded; give it to any ASGI server.

    rules: who may ask; default, those of 127.0.0.1.
    """
    return Guard(inside(desk), rules or Rules.for_address("127.0.0.1"))


def inside(desk: Desk) -> FastAPI:
    """The application without its guard: only for tests of what it answers."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        desk.close()

    app = FastAPI(
        title="treves",
        version=__version__,
        description="Read reports of a negotiation, see the deals, forecast how it ends.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    add_api(app, desk)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_pages(app, desk)
    return app

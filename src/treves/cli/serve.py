"""The command that opens the workbench: serve."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from treves.cli.common import say

if TYPE_CHECKING:
    from treves.web.guard import Rules

PORT = 8723
# Who listens for changes holds a connection open: do not wait for it when the server stops.
GRACE_SECONDS = 2
BACKLOG = 128


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(serve)


def serve(
    dossier: Annotated[Path, typer.Argument(help="A dossier (.db), or a folder of them.")] = Path(
        "."
    ),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = PORT,
    host: Annotated[
        str, typer.Option("--host", help="Any address but 127.0.0.1 demands a token.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option("--token", envvar="TREVES_TOKEN", help="Made and printed when not given."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Feeds may be fetched from private addresses.")
    ] = False,
) -> None:
    """Open the workbench in the browser: read, correct, edit, see the deals and the odds."""
    uvicorn, app, rules = _built(dossier, host, token, allow_private=allow_private)
    line = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{line.getsockname()[1]}/"
    secret = f"{address}?token={rules.token}" if rules.token else address
    say(f"the workbench is open at {secret}")
    if rules.token and host not in ("127.0.0.1", "localhost", "::1"):
        say("others reach it there with the token; put it behind https outside your own network")
    if browser:
        import webbrowser

        timer = threading.Timer(0.7, webbrowser.open, [secret])
        timer.daemon = True
        timer.start()
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[line])


def _built(
    dossier: Path, host: str, token: str | None, *, allow_private: bool
) -> tuple[Any, Any, Rules]:
    """The server, the application and its rules; an error that names what is missing."""
    from treves.errors import InputError, MissingExtra, Problem

    try:
        import uvicorn

        from treves.web.app import build
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("fastapi", "starlette", "uvicorn", "anyio"):
            raise MissingExtra("the workbench", "web") from error
        raise
    from treves.web.desk import Desk
    from treves.web.fetch import Fetcher
    from treves.web.guard import Rules
    from treves.web.shelf import is_dossier

    if not dossier.is_dir() and not is_dossier(dossier):
        raise InputError([Problem("is no dossier and no folder", "a folder", str(dossier))])
    rules = Rules.for_address(host, token)
    desk = Desk(dossier, Fetcher(private=allow_private))
    threading.Thread(target=desk.warm, daemon=True).start()
    return uvicorn, build(desk, rules), rules


def _listening(host: str, port: int) -> socket.socket:
    """A socket on the address, before anything is printed or opened."""
    from treves.errors import InputError, Problem

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
        line.listen(BACKLOG)  # who comes before the server is up waits, and is not refused
    except OSError as error:
        line.close()
        what = f"{host}:{port} cannot be used: {error.strerror or error}"
        raise InputError([Problem(what, "--port 0 takes any free one", "--port")]) from error
    return line

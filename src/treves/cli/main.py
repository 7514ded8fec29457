"""The command line: one command per public function, same name."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from treves import __version__

# Files with commands, in the order of the work.
FILES = (
    "reports reviews cases forecasts sensitivities pages models dossiers backtests serve".split()
)

app = typer.Typer(
    name="treves",
    help="Read reports of a negotiation, see which deals are possible and how it will end.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"treves {__version__}\n")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


def add_commands() -> None:
    """Add the commands of every file of this room."""
    for name in FILES:
        import_module(f"treves.cli.{name}").add_to(app)


def run() -> None:
    """Run a command: 0 when all went well, 1 for a finding, 2 for bad input."""
    from treves.errors import TrevesError

    add_commands()
    try:
        app()
    except TrevesError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing is left to say.
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    run()

"""What the dossier commands share: their options, and opening the file and the dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from treves.dossier.drafting import Hands
    from treves.dossier.store import Store

DbOption = Annotated[str, typer.Option("--db", help="The dossier file.")]
DisputeOption = Annotated[
    str | None, typer.Option("--dispute", help="Which dispute; not needed where there is one.")
]
ByOption = Annotated[
    str,
    typer.Option(
        "--by", "--coder", envvar="TREVES_CODER", help="Who signs this.", show_default=False
    ),
]
ConfidedOption = Annotated[
    bool, typer.Option("--with-confided", help="Also what was told in confidence.")
]
DB = "treves.db"
NOBODY = "unsigned"


def opened(db: str, dispute: str | None) -> tuple[Store, str]:
    """An open dossier and the dispute that is meant: the named one, or the only one."""
    from treves.dossier.records import only_dispute, require
    from treves.dossier.store import Store

    store = Store.open(db)
    if dispute is None:
        return store, only_dispute(store)
    with store.reading() as connection:
        require(connection, dispute, db)
    return store, dispute


def hands() -> Hands:
    """The reader and the drafter of treves, for the dossier to use."""
    from treves.dossier.drafting import Hands
    from treves.reading.following import draft_for, read_for

    return Hands(read_for, draft_for)


def pair(text: str) -> tuple[str, Any]:
    """``name=value`` as typed; InputError when it is not that."""
    from treves.case.edits import parse_value
    from treves.errors import InputError, Problem

    name, sign, value = text.partition("=")
    if not sign:
        raise InputError([Problem(f"{text[:60]} says nothing", "name=value")])
    return name.strip(), parse_value(value.strip())

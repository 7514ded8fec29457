"""Reading for a dispute that is followed: with the parties of its case, one report at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from treves.case.evidence import Claim, Source
from treves.case.model import Case
from treves.reading import Registry, read
from treves.reading.codebook import Codebook
from treves.reading.draft import draft


def read_for(source: Source, case: Case | None) -> tuple[Claim, ...]:
    """The claims of a report, with the parties and measures of a case going first."""
    if case is None:
        return read(source).claims
    return read(source, registry_of(case), codebook=Codebook.of(case)).claims


def draft_for(
    claims: Iterable[Claim], base: Case | None, sources: Sequence[Source], as_of: dt.date | None
) -> Case:
    """The case that the claims make; CaseError when they name too little to begin one."""
    return draft(claims, base, sources, as_of).case


def registry_of(case: Case) -> Registry:
    """Who is who, with the parties of a case going first."""
    return Registry.load().extend(parties={p.id: p.name or p.id for p in case.parties})

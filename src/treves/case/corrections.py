"""A claim as a person corrects it: which fields can be, and the corrected claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from treves.case.evidence import Claim
from treves.errors import InputError, Problem

# A correction says what the sentence means, not where it stands or how the reader found it.
CORRECTABLE = (
    "stance party actor issue position quantity certainty move date deadline speaker speaker_kind "
    "target conditional condition"
).split()


def corrected(claim: Claim, changes: Mapping[str, Any]) -> Claim:
    """A claim with fields changed by an analyst, fully sure; InputError lists what cannot be.

    >>> read = Claim(source="s", span=(0, 3), quote="nee", stance="accept", confidence=0.4)
    >>> said = corrected(read, {"stance": "reject"})
    >>> said.stance, said.confidence
    ('reject', 1.0)
    """
    strange = [name for name in changes if name not in CORRECTABLE]
    if strange:
        what = f"{', '.join(strange)} cannot be corrected"
        raise InputError([Problem(what, "one of " + ", ".join(CORRECTABLE))])
    plain = claim.model_dump() | {"confidence": 1.0} | dict(changes)
    if "party" in changes:
        plain["group"] = None
    try:
        return Claim.model_validate(plain)
    except ValidationError as error:
        raise InputError(
            [Problem(f"{e['loc'][0] if e['loc'] else 'claim'}: {e['msg']}") for e in error.errors()]
        ) from error

"""A body of equals for tests of models that need to know who leads."""

from __future__ import annotations

import datetime as dt

from treves.case.model import Case, Issue, Party, Rule
from treves.profile import Body, Profile, body_of


def body_led_by(profile: Profile, chair: int, rule: Rule | None = None) -> Body:
    """One vote each, led by the party of that index (-1: nobody leads); simple majority."""
    case = Case(
        id="body",
        as_of=dt.date(2024, 1, 1),
        rule=rule or Rule(decision="majority"),
        parties=tuple(Party(id=p, chair=k == chair) for k, p in enumerate(profile.parties)),
        issues=(Issue(id="issue"),),
    )
    return body_of(case)

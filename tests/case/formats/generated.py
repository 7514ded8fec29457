"""Cases for round trips: what each format can hold, and nothing it cannot."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from treves.case.estimate import Estimate, Interval
from treves.case.model import Case, Issue, Party, Stance

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
# Words with what breaks naive readers: quotes, delimiters, markup, blanks inside.
WORDS = st.text(alphabet=st.sampled_from("abcXYZ019 ,;'\"<&>|é"), min_size=1, max_size=12).filter(
    lambda s: s.strip() == s and any(c.isalnum() for c in s)
)
NUMBERS = st.one_of(
    st.integers(0, 100).map(float), st.floats(0, 100, allow_nan=False, width=64).map(abs)
)


@st.composite
def estimates(draw: st.DrawFn, wide: bool = False) -> Estimate:
    if not wide or draw(st.booleans()):
        return Estimate.of(draw(NUMBERS))
    return Estimate.of(sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS))))


@st.composite
def stances(draw: st.DrawFn, wide: bool = False, accepts: bool = False) -> Stance:
    position = draw(st.none() | estimates(wide))
    salience = draw(estimates(wide)) if position is None else draw(st.none() | estimates(wide))
    edges = None
    if accepts and draw(st.booleans()):
        low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
        edges = Interval(low=Estimate.of(low), high=Estimate.of(high))
    known = {"position": position, "salience": salience, "accepts": edges}
    return Stance.model_validate({k: v for k, v in known.items() if v is not None})


@st.composite
def cases(draw: st.DrawFn, wide: bool = False, accepts: bool = False) -> Case:
    """One to four parties with power, one to three issues, positions and saliences, some absent."""
    party_ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    issue_ids = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    parties = tuple(
        Party(id=p, name=draw(WORDS), power=Estimate.of(draw(NUMBERS))) for p in party_ids
    )
    points = [draw(st.none() | NUMBERS) if accepts else None for _ in issue_ids]
    return Case(
        id="case",
        parties=parties,
        issues=tuple(
            Issue(id=i, title=draw(WORDS), status_quo=q)
            for i, q in zip(issue_ids, points, strict=True)
        ),
        positions={p: {i: draw(stances(wide, accepts)) for i in issue_ids} for p in party_ids},
    )


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))


def numbers_of(case: Case) -> dict[tuple[str, str], tuple[object, ...]]:
    """What every party wants on every issue, to compare two cases by."""
    return {
        (p.id, i.id): (case.stance(p.id, i.id).position, case.stance(p.id, i.id).salience)
        for p in case.parties
        for i in case.issues
    }

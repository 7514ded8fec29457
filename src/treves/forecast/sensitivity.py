"""What to find out next: how much of the uncertainty each number of a case carries.

No model is run again: draws are sorted by one number, cut into bins, and the variance of the bin
means is what knowing that number would explain (given-data estimator; Strong & Oakley 2013).
"""

from __future__ import annotations

import numpy as np

from treves.case.model import Case
from treves.forecast.result import Question
from treves.forecast.sampling import uncertain_numbers
from treves.profile import Floats, Profile


def questions(case: Case, profile: Profile, event: Floats, most: int = 10) -> tuple[Question, ...]:
    """Numbers of the case in order of how much knowing them would move an event's probability.

    event: probability of the event in each draw, axes (d). Numbers that explain nothing beyond
    chance are left out.
    """
    found = []
    for number in uncertain_numbers(case):
        drawn = np.moveaxis(getattr(profile, number.field), 0, -1)[number.index]
        gain = explained_variance(drawn, event)
        if gain > 0.0:
            issue = case.issues[number.issue].id if number.issue is not None else None
            party = case.parties[number.party].id
            swing = round(float(np.sqrt(gain)), 6)
            found.append(Question(party=party, field=number.field, issue=issue, swing=swing))
    found.sort(key=lambda q: (-q.swing, q.party, q.field, q.issue or ""))
    return tuple(found[:most])


def explained_variance(number: Floats, event: Floats) -> float:
    """Variance of ``event`` that knowing ``number`` explains, both with axis (d).

    The variance within a bin divided by its size is subtracted: bin means differ by chance alone.

    >>> rng = np.random.default_rng(1)
    >>> x, noise = rng.normal(size=(2, 20_000))
    >>> abs(explained_variance(x, 2 * x + noise) - 4.0) < 0.15
    True
    """
    bins = np.array_split(np.argsort(number, kind="stable"), max(2, int(np.sqrt(len(event)))))
    sizes = np.array([len(b) for b in bins], dtype=float)
    means = np.array([event[b].mean() for b in bins])
    within = np.array([event[b].var(ddof=1) if len(b) > 1 else 0.0 for b in bins])
    between = np.average((means - event.mean()) ** 2, weights=sizes)
    return max(0.0, float(between - np.average(within / sizes, weights=sizes)))

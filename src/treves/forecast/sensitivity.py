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


def first_order(
    number: Floats, event: Floats, rng: np.random.Generator, resamples: int = 50
) -> tuple[float, float, float]:
    """First-order index of a number, Var(E[event | number]) / Var(event), and its 90% interval.

    Both with axis (d). The interval is from half-samples of the draws: draws that repeat, as in
    the usual bootstrap, would break the correction for chance.
    """
    total = float(event.var())
    if total <= 0.0:
        return 0.0, 0.0, 0.0
    share = min(1.0, explained_variance(number, event) / total)
    half = len(event) // 2
    found = []
    for _ in range(resamples):
        rows = rng.permutation(len(event))[:half]
        found.append(
            explained_variance(number[rows], event[rows]) / max(float(event[rows].var()), 1e-300)
        )
    # Half the draws without replacement have the variance of the whole sample's estimate.
    off = 1.645 * float(np.std(found))
    return share, max(0.0, share - off), min(1.0, share + off)


def mutual_information(number: Floats, event: Floats) -> float:
    """How much knowing a number would improve the expected log score of an event, in nats.

    number, event (probability of the event in each draw): axis (d).
    """

    def entropy(p: Floats) -> Floats:
        q = np.clip(p, 1e-12, 1.0 - 1e-12)
        return np.asarray(-q * np.log(q) - (1.0 - q) * np.log(1.0 - q))

    groups = np.array_split(np.argsort(number, kind="stable"), max(2, int(np.sqrt(len(event)))))
    sizes = np.array([len(g) for g in groups], dtype=float)
    within = entropy(np.array([event[g].mean() for g in groups]))
    return max(0.0, float(entropy(event.mean()) - np.average(within, weights=sizes)))


def partial_perfect_information(number: Floats, payoffs: Floats) -> float:
    """What knowing a number is worth to a choice: E max E[U | number] - max E[U].

    number: (d). payoffs: (d, action).
    """
    groups = np.array_split(np.argsort(number, kind="stable"), max(2, int(np.sqrt(len(number)))))
    best = sum(len(g) * payoffs[g].mean(axis=0).max() for g in groups) / len(number)
    return max(0.0, float(best - payoffs.mean(axis=0).max()))

"""What to find out next: how much of the uncertainty each number of a case carries.

No model is run again: draws are sorted by one number, cut into bins, and the variance of the bin
means is what knowing that number would explain (given-data estimator; Strong and Oakley 2013).
This needs no independent numbers: it holds for partners of a bloc, who move together.
"""

from __future__ import annotations

import numpy as np

from treves.case.model import Case
from treves.endgame.calibration import recalibrate
from treves.forecast.result import Question
from treves.forecast.sampling import Number, uncertain_numbers
from treves.profile import Floats, Profile

STEP = 1e-6


def questions(
    case: Case, profile: Profile, odds: Floats, prior: str, most: int = 10
) -> tuple[Question, ...]:
    """Numbers of the case in order of how much knowing them would move the headline.

    odds: of the five endings in each draw as the game gives them, axes (d, 5). Numbers that
    explain nothing beyond chance are left out.
    """
    scaled = in_headline_scale(odds, prior)
    event = scaled[:, int(np.argmax(scaled.mean(axis=0)))]
    found = []
    for number in uncertain_numbers(case):
        drawn = drawn_values(profile, number)
        gain = explained_variance(drawn, event)
        if gain > 0.0:
            found.append(
                Question(
                    party=case.parties[number.party].id,
                    field=number.field,
                    issue=case.issues[number.issue].id if number.issue is not None else None,
                    swing=round(float(np.sqrt(gain)), 6),
                    information=round(mutual_information(drawn, event), 6),
                    right_call=round(partial_perfect_information(drawn, scaled), 6),
                )
            )
    found.sort(key=lambda q: (-q.swing, q.party, q.field, q.issue or ""))
    return tuple(found[:most])


def drawn_values(profile: Profile, number: Number) -> Floats:
    """What was drawn for one number of a case, axes (d)."""
    return np.asarray(np.moveaxis(getattr(profile, number.field), 0, -1)[number.index])


def in_headline_scale(odds: Floats, prior: str) -> Floats:
    """Odds of each draw on the scale of the recalibrated odds of the forecast, axes (d, 5).

    The forecast recalibrates the mean over the draws, and that is no mean of recalibrated draws.
    Here draws go along the tangent at that mean: their mean is the forecast, and what moves the
    mean of some draws moves the forecast by as much, to first order.

    >>> odds = np.array([[0.6, 0.0, 0.2, 0.0, 0.2], [0.4, 0.0, 0.2, 0.0, 0.4]])
    >>> scaled = in_headline_scale(odds, "library")
    >>> bool(np.allclose(scaled.mean(axis=0), recalibrate(odds.mean(axis=0), "library")))
    True
    """
    mean = odds.mean(axis=0)
    forecast = recalibrate(mean, prior)
    towards = np.eye(odds.shape[1]) - mean
    # An ending that no draw has stays impossible: to step towards it has no tangent.
    towards[mean <= 0.0] = 0.0
    tangent = (recalibrate(mean + STEP * towards, prior) - forecast) / STEP
    return np.asarray(forecast + odds @ tangent)


def explained_variance(number: Floats, event: Floats) -> float:
    """Variance of ``event`` that knowing ``number`` explains, both with axis (d).

    The variance within a bin divided by its size is subtracted: bin means differ by chance alone.

    >>> rng = np.random.default_rng(1)
    >>> x, noise = rng.normal(size=(2, 20_000))
    >>> abs(explained_variance(x, 2 * x + noise) - 4.0) < 0.15
    True
    """
    sizes, means, within = binned(number, event, _root(len(event)))
    between = np.average((means - event.mean()) ** 2, weights=sizes)
    return max(0.0, float(between - np.average(within / sizes, weights=sizes)))


def mutual_information(number: Floats, event: Floats) -> float:
    """How much knowing a number would improve the expected log score of an event, in nats.

    number, event (probability of the event in each draw): axis (d). Means of bins that differ by
    chance look like information; to second order that much is subtracted.
    """

    def entropy(p: Floats) -> Floats:
        q = np.clip(p, 1e-12, 1.0 - 1e-12)
        return np.asarray(-q * np.log(q) - (1.0 - q) * np.log(1.0 - q))

    sizes, means, within = binned(number, event, _root(len(event)))
    mean = np.clip(event.mean(), 1e-12, 1.0 - 1e-12)
    chance = np.average(within / sizes, weights=sizes) / (2.0 * mean * (1.0 - mean))
    gain = float(entropy(mean) - np.average(entropy(means), weights=sizes))
    return max(0.0, gain - float(chance))


def partial_perfect_information(number: Floats, payoffs: Floats) -> float:
    """What knowing a number is worth to a choice: E max E[U | number] - max E[U].

    number: (d). payoffs: (d, action). With the odds of the endings as payoffs: how much more often
    the most probable ending is the one that comes. In each bin half of the draws choose the action
    and the other half value it: draws that do both find the best of several means too good.
    """
    order = np.argsort(number, kind="stable")
    total = 0.0
    for rows in np.array_split(order, max(2, round(len(number) ** (1.0 / 3.0)))):
        first, second = payoffs[rows[::2]], payoffs[rows[1::2]]
        total += second[:, np.argmax(first.mean(axis=0))].sum()
        total += first[:, np.argmax(second.mean(axis=0))].sum()
    return max(0.0, float(total / len(number) - payoffs.mean(axis=0).max()))


def binned(number: Floats, event: Floats, count: int) -> tuple[Floats, Floats, Floats]:
    """Draws in order of a number in bins of equal size: sizes, means, variances of the event."""
    held = event[np.argsort(number, kind="stable")]
    edges = np.linspace(0, len(event), count + 1).astype(np.int64)
    sizes = np.diff(edges).astype(np.float64)
    means = np.add.reduceat(held, edges[:-1]) / sizes
    off = (held - np.repeat(means, np.diff(edges))) ** 2
    return sizes, means, np.add.reduceat(off, edges[:-1]) / np.maximum(sizes - 1.0, 1.0)


def _root(draws: int) -> int:
    return min(draws, max(2, int(np.sqrt(draws))))

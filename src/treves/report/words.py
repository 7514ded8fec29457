"""Plain words for numbers: one documented scale, used by every screen and page."""

from __future__ import annotations

import datetime as dt
import math

# Upper end of each word. Documented in docs/conventions.md, section 8.
SCALE = (
    (0.05, "remote"),
    (0.40, "unlikely"),
    (0.60, "about even"),
    (0.95, "likely"),
    (1.01, "very likely"),
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January February March April May June July August September October November December"
).split()

ENDING = {
    "agreement": "an agreement",
    "vote_passed": "a decision by vote",
    "postponed": "no decision yet",
    "party_leaves": "a party leaves and the others go on",
    "collapse": "collapse",
}

FIELD_QUESTION = {
    "position": "What does {party} really ask for on {issue}?",
    "low": "What would {party} still accept on {issue}?",
    "high": "What would {party} still accept on {issue}?",
    "salience": "How much does {issue} matter to {party}?",
    "collapse": "What would {party} gain or lose if it all falls?",
    "status_quo": "How long can {party} live without a decision?",
    "content_weight": "How much does {party} care what is in the deal?",
    "dislikes_vote": "How much would {party} mind a vote?",
    "outvoted": "How much would it cost {party} to be outvoted?",
    "outside": "What would {party} gain by leaving?",
    "blame": "What would it cost {party} to be blamed?",
    "power": "How much weight does {party} carry?",
}


def word_for(probability: float) -> str:
    """The word of the scale for a probability.

    >>> word_for(0.62)
    'likely'
    """
    return next(word for end, word in SCALE if probability <= end)


def in_ten(probability: float) -> str:
    """A probability as "6 in 10"; the ends of the scale are not rounded to certainty.

    >>> in_ten(0.62), in_ten(0.02), in_ten(0.98)
    ('6 in 10', 'under 1 in 20', 'over 19 in 20')
    """
    if probability < 0.05:
        return "under 1 in 20"
    if probability > 0.95:
        return "over 19 in 20"
    return f"{max(1, min(9, round_half_up(10 * probability)))} in 10"


def band(low: float, high: float) -> str:
    """An interval of a probability in tenths: "4 to 8"."""
    ends = round_half_up(10 * low), round_half_up(10 * high)
    return f"{ends[0]}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def percent(probability: float) -> str:
    """A probability with two significant figures at most.

    >>> percent(0.624), percent(0.004), percent(0.0)
    ('62%', '<1%', '0%')
    """
    if 0.0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1.0:
        return ">99%"
    return f"{round_half_up(100 * probability)}%"


def day(date: dt.date) -> str:
    """A date with its weekday: "Friday 7 July"."""
    return f"{DAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]}"


def round_half_up(value: float) -> int:
    """Rounding as people expect it: 2.5 becomes 3."""
    return math.floor(value + 0.5)


def listed(names: list[str], join: str = "and") -> str:
    """Names as a list in a sentence.

    >>> listed(["VVD", "CDA", "CU"])
    'VVD, CDA and CU'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {join} {names[-1]}"

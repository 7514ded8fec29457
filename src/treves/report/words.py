"""Plain words for numbers: one documented scale, used by every screen and page."""

from __future__ import annotations

import datetime as dt
import math

from treves.report.strings import strings

# Upper end of each word of the scale. Documented in docs/conventions.md, section 8.
SCALE = (
    (0.05, "remote"),
    (0.40, "unlikely"),
    (0.60, "about_even"),
    (0.95, "likely"),
    (1.01, "very_likely"),
)

# Names of the endings in English, for screens that have no other language.
ENDING: dict[str, str] = strings("en").held("outcome")


def word_for(probability: float, lang: str = "en") -> str:
    """The word of the scale for a probability.

    >>> word_for(0.62), word_for(0.5, "nl")
    ('likely', 'ongeveer fiftyfifty')
    """
    name = next(word for end, word in SCALE if probability <= end)
    return strings(lang)(f"scale.{name}")


def in_ten(probability: float, lang: str = "en") -> str:
    """A probability as "6 in 10"; the ends of the scale are not rounded to certainty.

    >>> in_ten(0.62), in_ten(0.02), in_ten(0.98)
    ('6 in 10', 'under 1 in 20', 'over 19 in 20')
    """
    say = strings(lang)
    if probability < 0.05:
        return say("number.under_1_in_20")
    if probability > 0.95:
        return say("number.over_19_in_20")
    return say("number.in_ten", n=max(1, min(9, round_half_up(10 * probability))))


def band(low: float, high: float, lang: str = "en") -> str:
    """An interval of a probability in tenths: "4 to 8"."""
    ends = round_half_up(10 * low), round_half_up(10 * high)
    if ends[0] == ends[1]:
        return f"{ends[0]}"
    return strings(lang)("number.band", low=ends[0], high=ends[1])


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


def day(date: dt.date, lang: str = "en") -> str:
    """A date with its weekday: "Friday 7 July"."""
    say = strings(lang)
    return f"{say.held('days')[date.weekday()]} {date.day} {say.held('months')[date.month - 1]}"


def day_of(text: str | None, lang: str = "en") -> str:
    """A day as it is kept in a source, in words; a year or a month stays as it is.

    >>> day_of("2023-07-06"), day_of("2023")
    ('Thursday 6 July 2023', '2023')
    """
    try:
        date = dt.date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return f"{day(date, lang)} {date.year}"


def round_half_up(value: float) -> int:
    """Rounding as people expect it: 2.5 becomes 3."""
    return math.floor(value + 0.5)


def thousands(number: int, lang: str = "en") -> str:
    """A count with its thousands marked as the language does.

    >>> thousands(2000), thousands(2000, "nl")
    ('2,000', '2.000')
    """
    return f"{number:,}".replace(",", strings(lang)("number.thousands"))


def hundredths(value: float, lang: str = "en") -> str:
    """A score with two decimals, as the language writes them.

    >>> hundredths(0.187), hundredths(0.187, "nl")
    ('0.19', '0,19')
    """
    return f"{value:.2f}".replace(".", strings(lang)("number.point"))


def listed(names: list[str], lang: str = "en") -> str:
    """Names as a list in a sentence.

    >>> listed(["VVD", "CDA", "CU"])
    'VVD, CDA and CU'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {strings(lang)('number.and')} {names[-1]}"

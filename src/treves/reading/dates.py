"""Days in Dutch: woensdagavond, morgen, over twee weken, 6 juli; by the day of publication.

General date libraries get half of these wrong. A bare weekday is the last one when the verb is
in the past tense and the next one otherwise; without a day of publication it stays unresolved.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from treves.reading.pack import Pack

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
PARTS = ("ochtend", "morgen", "middag", "namiddag", "avond", "nacht", "voormiddag", "vroeg", "laat")
NEAR = {
    "vandaag": 0,
    "vanavond": 0,
    "vanochtend": 0,
    "vanmorgen": 0,
    "vanmiddag": 0,
    "vannacht": 0,
    "zonet": 0,
    "daarnet": 0,
    "gisteren": -1,
    "gisteravond": -1,
    "gisterenavond": -1,
    "gistermiddag": -1,
    "gisterochtend": -1,
    "gistermorgen": -1,
    "eergisteren": -2,
    "morgen": 1,
    "morgenavond": 1,
    "morgenochtend": 1,
    "morgenmiddag": 1,
    "overmorgen": 2,
}
UNITS = {"dag": 1, "dagen": 1, "week": 7, "weken": 7, "maand": 30, "maanden": 30}
BEFORE = frozenset(["voor", "uiterlijk", "tegen", "tot", "vóór", "t/m", "ten"])
YEAR = re.compile(r"(?:19|20)\d\d\Z")


@dataclass(frozen=True, slots=True)
class When:
    """Time words, the day they mean (ISO; year-month if that is all), and whether it is to come."""

    words: str
    date: str | None
    future: bool
    limit: bool = False


def as_day(text: str | None) -> dt.date | None:
    """An ISO day, or None for anything less."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def find_days(lower: Sequence[str], day: str | None, pack: Pack, past: bool = False) -> list[When]:
    """Days named in lower-cased words, from left to right.

    >>> nl = Pack.load("nl")
    >>> [w.date for w in find_days("zei donderdag dat vrijdag".split(), "2023-07-06", nl)]
    ['2023-07-06', '2023-07-07']
    >>> find_days(["woensdagavond"], None, nl)
    [When(words='woensdagavond', date=None, future=False, limit=False)]
    """
    today = as_day(day)
    found: list[When] = []
    k = 0
    while k < len(lower):
        step = _at(lower, k, today, pack, past)
        if step:
            n, words, date = step
            limit = k > 0 and lower[k - 1] in BEFORE
            ahead = bool(date and day and date > day[: len(date)])
            found.append(When(words, date, ahead, limit))
            k += n
        else:
            k += 1
    return found


Step = tuple[int, str, str | None]


def _at(lower: Sequence[str], k: int, today: dt.date | None, pack: Pack, past: bool) -> Step | None:
    word = lower[k]
    if word in NEAR and not (word == "morgen" and k and lower[k - 1] in WEEKDAYS):
        return 1, word, _shift(today, NEAR[word])
    weekday = _weekday(word)
    if weekday is not None:
        return _on_weekday(lower, k, weekday, today, past)
    if word in MONTHS:
        return _in_month(lower, k, today, past)
    if word in UNITS and k >= 2 and lower[k - 2] == "over":
        return 1, " ".join(lower[k - 2 : k + 1]), _counted(lower[k - 1], UNITS[word], today, pack)
    if word == "geleden" and k >= 2 and lower[k - 1] in UNITS:
        back = -UNITS[lower[k - 1]]
        return 1, " ".join(lower[k - 2 : k + 1]), _counted(lower[k - 2], back, today, pack)
    return None


def _weekday(word: str) -> int | None:
    if "dag" not in word:
        return None
    for number, name in enumerate(WEEKDAYS):
        if word == name:
            return number
        if word.startswith(name) and word[len(name) :].strip("-") in PARTS:
            return number
    return None


def _shift(today: dt.date | None, days: int) -> str | None:
    return (today + dt.timedelta(days)).isoformat() if today else None


def _counted(word: str, unit: int, today: dt.date | None, pack: Pack) -> str | None:
    count = pack.numbers.get(word)
    if count is None and word.isdigit() and len(word) < 5:
        count = float(word)
    if count is None or today is None:
        return None
    return _shift(today, int(count * unit))


def _on_weekday(
    lower: Sequence[str], k: int, weekday: int, today: dt.date | None, past: bool
) -> Step:
    before = lower[k - 1] if k else ""
    after = list(lower[k + 1 : k + 4])
    words = lower[k]
    if today is None:
        return 1, words, None
    ahead = (weekday - today.weekday()) % 7
    if after[:3] == ["over", "een", "week"]:
        return 4, words + " over een week", _shift(today, ahead + 7)
    if before in ("vorige", "afgelopen"):
        return 1, f"{before} {words}", _shift(today, ahead - 7)
    if before in ("volgende", "komende", "aanstaande"):
        return 1, f"{before} {words}", _shift(today, ahead or 7)
    if ahead == 0:
        return 1, words, _shift(today, 0)
    if past:
        return 1, words, _shift(today, ahead - 7)
    return 1, words, _shift(today, ahead)


def _in_month(lower: Sequence[str], k: int, today: dt.date | None, past: bool) -> Step | None:
    month = MONTHS.index(lower[k]) + 1
    number = lower[k - 1] if k else ""
    year = lower[k + 1] if k + 1 < len(lower) and YEAR.match(lower[k + 1]) else None
    steps = 2 if year else 1
    dated = number.isdigit() and 1 <= int(number[:3]) <= 31
    words = " ".join(([number] if dated else []) + [lower[k]] + ([year] if year else []))
    if year is None and today is None:
        return steps, words, None
    chosen = int(year) if year else _year_of(month, today, past)
    if not dated:
        return steps, words, f"{chosen}-{month:02d}"
    try:
        return steps, words, dt.date(chosen, month, int(number)).isoformat()
    except ValueError:
        return steps, words, f"{chosen}-{month:02d}"


def _year_of(month: int, today: dt.date | None, past: bool) -> int:
    assert today is not None
    if past and month > today.month:
        return today.year - 1
    if not past and month < today.month - 6:
        return today.year + 1
    return today.year


def date_of_claim(
    whens: Sequence[When], day: str | None, past: bool, carried: str | None
) -> tuple[str | None, str | None, str | None]:
    """Day of the act, its time words, and a deadline, from the days a clause names.

    A day to come is a deadline, not the day of a statement. A clause in the past tense without a
    time word has the day of the clause before it, if that named one.
    """
    behind = [when for when in whens if not when.future and when.date]
    ahead = [when for when in whens if when.future and when.date and len(when.date) == 10]
    deadline = ahead[0].date if ahead else None
    words = whens[0].words if whens else None
    if behind:
        return behind[0].date, behind[0].words, deadline
    if whens and whens[0].date is None:
        return None, words, None
    if past and carried:
        return carried, words, deadline
    return (day if as_day(day) else None), words, deadline

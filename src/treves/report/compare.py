"""What differs between two cases, or two days of one case, and what it does to the forecast."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from treves.case.estimate import Estimate, Interval
from treves.case.model import Case, Stakes
from treves.case.provenance import STANCE_NUMBERS
from treves.forecast.result import Forecast
from treves.report.drawing import clean
from treves.report.strings import strings
from treves.report.summary import headline
from treves.report.words import percent, round_half_up

WIDTH = 100
STAKES = ("collapse", "status_quo", "outvoted", "outside", "blame")
PARTY = ("seats", "votes", "power", "role", "content_weight", "dislikes_vote")
CASE = ("as_of", "rule", "government", "calendar", "together", "settings", "signals")


@dataclass(frozen=True)
class Difference:
    """One thing that differs: its path, and what it is in each case (None where absent)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two cases, and the odds of every ending in each."""

    names: tuple[str, str]
    headlines: tuple[str, str]
    differences: tuple[Difference, ...]
    outcomes: tuple[tuple[str, float, float], ...]


def compare(
    before: Case, after: Case, forecasts: tuple[Forecast, Forecast], lang: str = "en"
) -> Comparison:
    """Compare two cases and their forecasts, the first with the second.

    lang: language of the headlines.

    >>> from treves.catalogue import load_example
    >>> from treves.forecast.run import run
    >>> case = load_example("asylum")
    >>> odds = run(case, draws=64)
    >>> compare(case, case, (odds, odds)).differences
    ()
    """
    old, new = values_of(before), values_of(after)
    paths = [*old, *(p for p in new if p not in old)]
    names = (f"{before.id} {before.as_of}", f"{after.id} {after.as_of}")
    return Comparison(
        names=names,
        headlines=(
            headline(before, forecasts[0], lang),
            headline(after, forecasts[1], lang),
        ),
        differences=tuple(
            Difference(p, old.get(p), new.get(p)) for p in paths if old.get(p) != new.get(p)
        ),
        outcomes=tuple(
            (name, odds, forecasts[1].outcomes[name])
            for name, odds in forecasts[0].outcomes.items()
        ),
    )


def to_lines(found: Comparison, lang: str = "en") -> list[str]:
    """The comparison as lines of at most 100 columns."""
    say = strings(lang)
    texts = [say("compare.title", a=found.names[0], b=found.names[1]), ""]
    texts += [f"A  {found.headlines[0]}", f"B  {found.headlines[1]}", ""]
    texts.append(say("compare.outcomes"))
    for name, before, after in found.outcomes:
        points = round_half_up(100 * after) - round_half_up(100 * before)
        odds = say(
            "compare.odds",
            outcome=say(f"outcome.{name}"),
            a=percent(before),
            b=percent(after),
            points=f"{points:+d}",
        )
        texts.append(f"  {odds}")
    texts += ["", say("compare.numbers" if found.differences else "compare.same")]
    absent = say("compare.absent")
    for d in found.differences:
        was = say("compare.was", path=d.path, a=d.before or absent, b=d.after or absent)
        texts.append(f"  {was}")
    lines = [textwrap.wrap(clean(text), WIDTH, subsequent_indent="    ") for text in texts]
    return [line for wrapped in lines for line in wrapped or [""]]


def values_of(case: Case) -> dict[str, str]:
    """Every value of a case that can move a forecast, by path, as it is written."""
    found: dict[str, str] = {}
    for party in case.parties:
        _take(found, party.id, party, PARTY)
        _take(found, party.id, case.stakes.get(party.id, Stakes()), STAKES)
        for issue in case.issues:
            _take(found, f"{party.id}.{issue.id}", case.stance(party.id, issue.id), STANCE_NUMBERS)
    for issue in case.issues:
        _take(found, issue.id, issue, ("status_quo",))
    _take(found, "case", case, CASE)
    for move in case.moves:
        found[f"{move.by}.{move.kind}"] = ", ".join(
            str(m.date) for m in case.moves if (m.by, m.kind) == (move.by, move.kind)
        )
    return found


def _take(found: dict[str, str], start: str, holder: Any, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(holder, name)
        if value is not None:
            found[f"{start}.{name}"] = _written(value)


def _written(value: Any) -> str:
    if isinstance(value, Estimate | Interval):
        return str(value.model_dump())
    if isinstance(value, tuple):
        return "; ".join(_written(v) for v in value)
    if hasattr(value, "model_dump"):
        fields = value.model_dump(mode="json", exclude_defaults=True)
        return ", ".join(f"{k} {v}" for k, v in fields.items())
    return str(value)

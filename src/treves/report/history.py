"""How the forecast moved: stored forecasts in order of day, with the reports that came between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from treves.case.evidence import Span
from treves.case.model import Case
from treves.case.provenance import basis_of
from treves.forecast.result import Forecast
from treves.report.numbers import sentence_of
from treves.report.records import Moment, Sentence
from treves.report.words import day, percent


@dataclass(frozen=True)
class Past:
    """A stored forecast with the sentences that a dossier kept as what moved it, if it did."""

    forecast: Forecast
    reasons: tuple[Sentence, ...] | None = None


def moments_of(
    case: Case,
    forecast: Forecast,
    history: Sequence[Forecast | Past],
    lang: str,
    confided: bool = False,
) -> tuple[Moment, ...]:
    """The odds of every stored forecast in order of day; none without a history.

    This forecast stands after those of its day, unless a stored one of the same numbers on the
    same day is this one. Where no reasons were kept, the sentences of the case that were printed
    between two forecasts stand with the later one.
    """
    if not history:
        return ()
    series = [p if isinstance(p, Past) else Past(p) for p in history]
    if not any(_same(p.forecast, forecast) for p in series):
        series.append(Past(forecast))
    name = forecast.headline
    spans = {s for b in basis_of(case) for s in b.spans if s.date and (confided or not s.confided)}
    since = ""
    moments = []
    for past in sorted(series, key=lambda p: p.forecast.as_of):
        stored = past.forecast
        until = stored.as_of.isoformat()
        fresh = sorted((s for s in spans if since < (s.date or "") <= until), key=_place)
        told = tuple(sentence_of(s) for s in fresh) if past.reasons is None else past.reasons
        moments.append(
            Moment(
                day=day(stored.as_of, lang),
                outcomes=tuple(stored.outcomes.items()),
                low=stored.intervals[name][0],
                high=stored.intervals[name][1],
                figure=percent(stored.outcomes[name]),
                reports=tuple(s for s in told if confided or not s.confided),
            )
        )
        since = until
    return tuple(moments)


def _same(one: Forecast, other: Forecast) -> bool:
    return (one.as_of, one.case_hash) == (other.as_of, other.case_hash)


def _place(span: Span) -> tuple[str, str, tuple[int, int]]:
    return (span.date or "", span.source, span.span)

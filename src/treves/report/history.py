"""How the forecast moved: stored forecasts in order of day, with the reports that came between."""

from __future__ import annotations

from collections.abc import Sequence

from treves.case.evidence import Span
from treves.case.model import Case
from treves.case.provenance import basis_of
from treves.forecast.result import Forecast
from treves.report.records import Moment, Sentence
from treves.report.words import day, percent


def moments_of(
    case: Case, forecast: Forecast, history: Sequence[Forecast], lang: str
) -> tuple[Moment, ...]:
    """The odds of every stored forecast, oldest first, this one last; none without a history."""
    if not history:
        return ()
    series = [*sorted(history, key=lambda f: f.as_of), forecast]
    name = forecast.headline
    spans = {s for b in basis_of(case) for s in b.spans if s.date and not s.confided}
    since = ""
    moments = []
    for stored in series:
        until = stored.as_of.isoformat()
        fresh = sorted((s for s in spans if since < (s.date or "") <= until), key=_place)
        moments.append(
            Moment(
                day=day(stored.as_of, lang),
                outcomes=tuple(stored.outcomes.items()),
                low=stored.intervals[name][0],
                high=stored.intervals[name][1],
                figure=percent(stored.outcomes[name]),
                reports=tuple(
                    Sentence(s.quote, True, s.outlet or "", s.date or "", s.speaker or "")
                    for s in fresh
                ),
            )
        )
        since = until
    return tuple(moments)


def _place(span: Span) -> tuple[str, str, tuple[int, int]]:
    return (span.date or "", span.source, span.span)

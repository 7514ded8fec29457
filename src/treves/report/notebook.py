"""For notebooks: results that show themselves, tables and labelled arrays.

A Case, Forecast or Deals at the end of a cell shows itself, `.chart(name)` draws it, `.to_pandas()`
and `.to_xarray()` give its numbers. `view` gives one section of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from treves.case.estimate import Estimate
from treves.case.model import Case
from treves.deals.result import Deals
from treves.errors import InputError, Problem
from treves.forecast.result import Forecast, Spread
from treves.forecast.run import run
from treves.profile import PARTY_FIELDS, STANCE_FIELDS, Profile, modal
from treves.report.charts import frontier, packages, parallel
from treves.report.charts.gallery import CHARTS, check_request
from treves.report.charts.look import Rows, library
from treves.report.drawing import clean, esc
from treves.report.page import fragment, sections
from treves.report.summary import summarise
from treves.report.words import percent

SHOWN_PACKAGES = 10


@dataclass(frozen=True)
class View:
    """Something that a notebook shows as HTML, and everything else as text.

    ``altair``: the chart to go on with, where it was drawn with Altair.
    """

    html: str
    text: str
    altair: Any = None

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def view(case: Case, forecast: Forecast, section: str = "", lang: str = "en") -> View:
    """The page of a forecast, or one section of it, in a notebook cell.

    Raises InputError on a section that is not on the page, listing those that are.
    """
    summary = summarise(case, forecast, lang)
    made = {part.split('"', 2)[1]: part for part in sections(summary)}
    if section and section not in made:
        raise InputError([Problem(f"no section {section}", f"one of {', '.join(made)}", "view")])
    head = f"<h2>{esc(summary.headline)}</h2>"
    body = made[section] if section else head + "".join(made.values())
    return View(fragment(summary, body), summary.headline)


@singledispatch
def html_of(result: Any) -> str:
    """How a result shows itself in a notebook."""
    raise TypeError(f"{type(result).__name__} has no view")


@html_of.register
def _(result: Case) -> str:
    stances = "".join(_row(cells) for cells in _stances(result))
    head = "".join(f"<th>{name}</th>" for name in ("", "", "position", "accepts", "salience"))
    return (
        f"<p><b>{esc(result.title or result.id)}</b>, {esc(_size(result))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{stances}</tbody></table>"
    )


@html_of.register
def _(result: Forecast) -> str:
    if result.of is not None:
        return view(result.of, result).html
    rows = "".join(_row([name, percent(share)]) for name, share in result.outcomes.items())
    return f"<p><b>{esc(result.title)}</b></p><table><tbody>{rows}</tbody></table>"


@html_of.register
def _(result: Deals) -> str:
    parties = result.zone.parties
    head = "".join(f"<th>{esc(name)}</th>" for name in ("", "all can live with it", *parties))
    rows = "".join(
        _row([_words(result, row), percent(row["probability"]), *_shares(row)])
        for row in result.table(SHOWN_PACKAGES)
    )
    return (
        f"<p>{esc(result.space.coverage)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


@singledispatch
def chart_of(result: Any, name: str, **choices: Any) -> Any:
    """A chart of a result by name; :meth:`treves.shown.Shown.chart` says which there are."""
    raise TypeError(f"{type(result).__name__} has no chart {name} {choices or ''}")


@chart_of.register
def _(result: Case, name: str, seed: int = 0, draws: int = 2000, lang: str = "en") -> Any:
    # a line of an issue shows in how many draws there is room: that takes a forecast
    return chart(name or "issue-lines", result, run(result, seed, draws), lang)


@chart_of.register
def _(result: Forecast, name: str, case: Case | None = None, lang: str = "en") -> Any:
    about = case or result.of
    if about is None:
        instead = "forecast.chart(name, case=case), with the case it is a forecast of"
        raise InputError([Problem("a forecast from a file has no names", instead, "chart")])
    return chart(name or "outcomes", about, result, lang)


@chart_of.register
def _(result: Deals, name: str, pair: tuple[str, str] | None = None, lang: str = "en") -> Any:
    _known(name or "packages", ("packages", "parallel", "frontier"))
    if name == "frontier":
        both = pair or (result.zone.parties[0], result.zone.parties[-1])
        for party in both:
            _known(party, result.zone.parties)
        held = frontier.compared(
            result.modal,
            result.zone.packages,
            both,
            lambda values: _package(result, values.tolist()),
        )
        return _offline(frontier.drawn(held, both, lang), frontier.told(held, both))
    ranked = list(enumerate(result.table(SHOWN_PACKAGES), 1))
    if name == "parallel":
        lines = [part for k, row in ranked for part in _line(k, row)]
        titles = result.titles or result.zone.issues
        lines = [line | {"issue": titles[line["place"]]} for line in lines]
        return _offline(parallel.drawn(lines, titles, lang), parallel.told(lines))
    held = [cell for k, row in ranked for cell in _cells(result, k, row)]
    drawn = packages.drawn(held, result.zone.parties, len(result.zone.issues), lang)
    return _offline(drawn, packages.told(held))


def chart(name: str, case: Case, forecast: Forecast, lang: str = "en") -> View:
    """A chart by name; the Altair ones can be changed further through ``.altair``."""
    check_request(name, "svg")
    summary = summarise(case, forecast, lang)
    drawn, words = CHARTS[name].draw(case, summary), CHARTS[name].describe(case, summary)
    return View(fragment(summary, drawn), words) if CHARTS[name].own else _offline(drawn, words)


def _offline(drawn: Any, words: str) -> View:
    # Altair's own way into a notebook fetches its program from the network.
    svg = library("vl_convert").vegalite_to_svg(drawn.to_dict())
    return View(f'<div role="img" aria-label="{esc(words)}">{svg}</div>', words, drawn)


@singledispatch
def table_of(result: Any) -> Any:
    """A result as a pandas table."""
    raise TypeError(f"{type(result).__name__} has no table")


@table_of.register
def _(result: Case) -> Any:
    rows = []
    for party in result.parties:
        for issue in result.issues:
            stance = result.stance(party.id, issue.id)
            edges = stance.accepts
            rows.append(
                {
                    "party": party.id,
                    "issue": issue.id,
                    **_estimate("position", stance.position),
                    **_estimate("accepts_from", edges.low if edges else None),
                    **_estimate("accepts_to", edges.high if edges else None),
                    **_estimate("salience", stance.salience),
                }
            )
    return _frame(rows)


@table_of.register
def _(result: Forecast) -> Any:
    return _frame(
        [
            {
                **odds.values,
                "probability": odds.probability,
                **{f"accepts {p}": share for p, share in odds.accepts.items()},
                "blocker": odds.blocker,
                "blocking_issue": odds.blocking_issue,
            }
            for odds in result.zone.packages
        ]
    )


@table_of.register
def _(result: Deals) -> Any:
    return _frame(
        [
            {
                **row["package"],
                "probability": row["probability"],
                **{f"accepts {p}": share for p, share in row["accepts"].items()},
                **{f"payoff {p}": share for p, share in row["payoff"].items()},
                "in_zone": row["in_zone"],
            }
            for row in result.table(None)
        ]
    )


@singledispatch
def array_of(result: Any) -> Any:
    """A result as a labelled xarray data set."""
    raise TypeError(f"{type(result).__name__} has no labelled arrays")


@array_of.register
def _(result: Profile) -> Any:
    lead = ("draw",) * (result.position.ndim - 2)
    held = {n: ((*lead, "party", "issue"), getattr(result, n)) for n in STANCE_FIELDS}
    held |= {n: ((*lead, "party"), getattr(result, n)) for n in PARTY_FIELDS}
    return _dataset(held, {"party": list(result.parties), "issue": list(result.issues)})


@array_of.register
def _(result: Case) -> Any:
    return array_of(modal(result))


@array_of.register
def _(result: Forecast) -> Any:
    outcomes, issues = list(result.outcomes), list(next(iter(result.settlement.values())))
    kinds = list(Spread.model_fields)
    settled = [
        [[getattr(spreads[issue], kind) for kind in kinds] for issue in issues]
        for spreads in result.settlement.values()
    ]
    held = {
        "probability": (("outcome",), list(result.outcomes.values())),
        "interval": (("outcome", "edge"), [list(result.intervals[name]) for name in outcomes]),
        "leaves": (("party",), list(result.leaves.values())),
        "settlement": (("model", "issue", "statistic"), settled),
    }
    names = {
        "outcome": outcomes,
        "edge": ["q10", "q90"],
        "party": list(result.leaves),
        "model": list(result.settlement),
        "issue": issues,
        "statistic": kinds,
    }
    return _dataset(held, names)


def _dataset(held: dict[str, Any], names: dict[str, list[str]]) -> Any:
    return library("xarray", "a labelled array", "notebook").Dataset(held, coords=names)


def _frame(rows: Rows) -> Any:
    return library("pandas", "a pandas table", "notebook").DataFrame(rows)


def _estimate(name: str, value: Estimate | None) -> dict[str, float | None]:
    kinds = ("low", "mode", "high")
    return {f"{name}_{k}" if k != "mode" else name: getattr(value, k, None) for k in kinds}


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{esc(cell)}</td>' for cell in cells)}</tr>"


def _size(case: Case) -> str:
    size = f"{len(case.parties)} parties, {len(case.issues)} issues"
    return f"{size}, as of {case.as_of}" if case.as_of else size


def _stances(case: Case) -> list[list[str]]:
    return [
        [issue.title or issue.id, party.id, *_told(case, party.id, issue.id)]
        for issue in case.issues
        for party in case.parties
    ]


def _told(case: Case, party: str, issue: str) -> list[str]:
    stance = case.stance(party, issue)
    edges = stance.accepts
    return [
        _figure(stance.position),
        f"{_figure(edges.low)} to {_figure(edges.high)}" if edges else "–",
        _figure(stance.salience),
    ]


def _figure(value: Estimate | None) -> str:
    if value is None:
        return "–"
    spread = "" if value.is_exact else f" ({value.low:.0f}–{value.high:.0f})"
    return f"{value.mode:.0f}{spread}"


def _words(found: Deals, row: dict[str, Any]) -> str:
    return _package(found, list(row["package"].values()))


def _package(found: Deals, values: list[float]) -> str:
    titles = found.titles or found.zone.issues
    told = zip(titles, found.labels or ({},) * len(titles), values, strict=True)
    return clean("; ".join(f"{_label(points, v) or title} ({v:.0f})" for title, points, v in told))


def _label(points: Mapping[float, str], value: float) -> str:
    return points[min(points, key=lambda p: abs(p - value))] if points else ""


def _shares(row: dict[str, Any]) -> list[str]:
    return [percent(share) for share in row["accepts"].values()]


def _cells(found: Deals, rank: int, row: dict[str, Any]) -> Rows:
    words = f"{rank}. {_words(found, row)}"
    return [
        {"rank": rank, "package": words, "party": p, "share": share, "figure": percent(share)}
        for p, share in row["accepts"].items()
    ]


def _line(rank: int, row: dict[str, Any]) -> Rows:
    name = f"{rank}. {percent(row['probability'])}"
    return [
        {"rank": rank, "package": name, "place": place, "value": value}
        for place, value in enumerate(row["package"].values())
    ]


def _known(name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise InputError([Problem(f"no {name}", f"one of {', '.join(names)}", "chart")])

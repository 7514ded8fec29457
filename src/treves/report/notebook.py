"""For notebooks: views that show themselves, tables and labelled arrays.

from treves.report import notebook
notebook.view(case, forecast)            # the whole page in the cell
notebook.view(case, forecast, "gap")     # one section of it
notebook.chart("packages", case, forecast)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from treves.case.model import Case
from treves.errors import InputError, Problem
from treves.forecast.result import Forecast
from treves.profile import PARTY_FIELDS, STANCE_FIELDS, Profile
from treves.report.charts.gallery import CHARTS, check_request
from treves.report.charts.look import library
from treves.report.drawing import esc
from treves.report.page import fragment, sections
from treves.report.summary import summarise


@dataclass(frozen=True)
class View:
    """Something that a notebook shows as HTML, and everything else as text."""

    html: str
    text: str

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


def chart(name: str, case: Case, forecast: Forecast, lang: str = "en") -> Any:
    """A chart by name: a view of our own drawing, or an Altair chart."""
    check_request(name, "svg")
    summary = summarise(case, forecast, lang)
    drawn = CHARTS[name].draw(case, summary)
    if CHARTS[name].own:
        return View(fragment(summary, drawn), CHARTS[name].describe(case, summary))
    return drawn


def to_pandas(forecast: Forecast) -> Any:
    """The packages of a forecast as a pandas table: values, probability, share per party."""
    rows = [
        {
            **odds.values,
            "probability": odds.probability,
            **{f"accepts {p}": share for p, share in odds.accepts.items()},
            "blocker": odds.blocker,
            "blocking_issue": odds.blocking_issue,
        }
        for odds in forecast.zone.packages
    ]
    return library("pandas", "a pandas table", "notebook").DataFrame(rows)


def to_xarray(profile: Profile) -> Any:
    """A profile as an xarray data set with the axes draw, party, issue (no draw axis if modal)."""
    xarray = library("xarray", "a labelled array", "notebook")
    lead = ("draw",) * (profile.position.ndim - 2)
    held = {n: ((*lead, "party", "issue"), getattr(profile, n)) for n in STANCE_FIELDS}
    held |= {n: ((*lead, "party"), getattr(profile, n)) for n in PARTY_FIELDS}
    names = {"party": list(profile.parties), "issue": list(profile.issues)}
    return xarray.Dataset(held, coords=names)

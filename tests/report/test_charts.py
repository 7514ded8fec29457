"""Charts: golden drawings, colours that can be told from the ground, every format, words."""

from __future__ import annotations

import datetime as dt
import html as markup
import itertools
import json
import re
import sys
from xml.etree import ElementTree

import pytest
from tests.golden_files import assert_golden

from treves import catalogue
from treves.case.model import Case, Move
from treves.errors import InputError, MissingExtra
from treves.forecast.result import Forecast
from treves.forecast.run import run
from treves.forecast.story import tell
from treves.forecast.zones import deals
from treves.reading import read
from treves.reading.marked import mark
from treves.report import notebook
from treves.report.charts import frontier, reliability, rounds
from treves.report.charts.gallery import CHARTS, check_request, describe, render
from treves.report.colours import DARK, LIGHT, contrast, palette
from treves.report.compare import compare, to_lines
from treves.report.drawing import width_of, wrap
from treves.report.history import Past, moments_of
from treves.report.reading_view import view_of
from treves.report.records import Sentence
from treves.report.summary import Summary, summarise

REASON = Sentence("D66 wants a deal", True, "an outlet")


@pytest.fixture(scope="module")
def odds(asylum: Case) -> Forecast:
    return run(asylum, draws=256)


@pytest.fixture(scope="module")
def summary(asylum: Case, odds: Forecast) -> Summary:
    source = catalogue.sources_of(catalogue.folder("asylum"))[0]
    found = read(source)
    views = [view_of(source, found.claims, mark(found))]
    return summarise(asylum, odds, history=[odds], story=tell(asylum, draws=256), readings=views)


@pytest.mark.parametrize("name", ["outcomes", "issue-lines"])
def test_golden_drawings(asylum: Case, summary: Summary, name: str) -> None:
    drawn = str(render(name, asylum, summary, "svg"))
    ElementTree.fromstring(drawn)
    assert_golden(f"asylum.{name}.svg", drawn)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_in_every_format(asylum: Case, summary: Summary, name: str) -> None:
    ElementTree.fromstring(str(render(name, asylum, summary, "svg")))
    png, pdf = render(name, asylum, summary, "png"), render(name, asylum, summary, "pdf")
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG")
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")
    assert json.loads(render(name, asylum, summary, "json"))
    page = str(render(name, asylum, summary, "html"))
    assert "<script" not in page
    words = describe(name, asylum, summary)
    assert re.search(r"%|\?|in 100|VVD", words)
    if name != "reading":
        assert words.splitlines()[0][:40] in markup.unescape(page)


@pytest.mark.parametrize("name", ["history", "threat", "reading"])
def test_a_chart_without_data_says_what_it_needs(asylum: Case, odds: Forecast, name: str) -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        render(name, asylum, summarise(asylum, odds), "svg")


@pytest.mark.parametrize("model", ["challenge", "smp", "exchange"])
def test_rounds_start_where_the_parties_stand(asylum: Case, model: str) -> None:
    moves = rounds.moves_of(asylum, model, ["family_reunification"])
    first = {row["party"]: row["position"] for row in moves.rows if row["round"] == 0}
    for party, position in first.items():
        known = asylum.stance(party, "family_reunification").position
        assert known is not None
        assert position == pytest.approx(known.mode)
    summary = rounds.summary_of(asylum, "nl")
    words = rounds.describe(moves, summary)
    assert all(f"{party} {position:.0f} →" in words for party, position in first.items())
    drawn = str(render("rounds", moves, summary, "svg"))
    assert all(f">{party}</text>" in drawn for party in first)


def test_rounds_of_what_is_not_there(asylum: Case) -> None:
    with pytest.raises(InputError, match="no issue tax"):
        rounds.moves_of(asylum, "smp", ["tax"])
    with pytest.raises(InputError, match="does not go in rounds"):
        rounds.moves_of(asylum, "nash")


def test_names_at_the_ends_of_lines_never_overlap() -> None:
    ends = {f"p{k}": float(x) for k, x in enumerate((0, 0, 0, 40, 41, 43, 100, 100, 99))}
    places = sorted(rounds.spread(ends).values())
    assert min(b - a for a, b in itertools.pairwise(places)) > 5
    assert 0 <= places[0] <= places[-1] <= 100


def test_a_report_is_drawn_with_every_word_and_every_claim(asylum: Case, summary: Summary) -> None:
    view = summary.readings[0]
    assert any(part.hedged for part in view.runs)
    drawn = ElementTree.fromstring(str(render("reading", asylum, summary, "svg")))
    words = "".join("".join(e.text or "" for e in drawn.iter() if e.tag.endswith("text")).split())
    for part in view.runs:
        for word in part.text.split():
            assert word in words
    assert [c.number for c in view.claims] == list(range(1, len(view.claims) + 1))
    assert {k for part in view.runs for k in part.opens} == {c.number for c in view.claims}


def test_the_band_of_the_threat_is_that_of_the_game(asylum: Case, summary: Summary) -> None:
    bluff, threat = tell(asylum, draws=256).bluff, summary.threat
    assert bluff is not None
    assert threat is not None
    assert min(p.low for p in threat.points) == pytest.approx(bluff.low)
    assert max(p.high for p in threat.points) == pytest.approx(bluff.high)
    assert threat.prior == bluff.prior
    assert f"{100 * bluff.low:.0f} to 99 of 100" in threat.words


def test_a_wrong_name_and_format_are_refused_together() -> None:
    with pytest.raises(InputError, match="no chart pie") as caught:
        check_request("pie", "gif")
    assert len(caught.value.problems) == 2


def test_without_the_extra_the_error_names_it(
    monkeypatch: pytest.MonkeyPatch, asylum: Case, summary: Summary
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"treves\[charts\]"):
        render("packages", asylum, summary, "svg")


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_from_the_ground(summary: Summary, dark: bool) -> None:
    held = palette(summary.colours, dark=dark)
    paper = held["paper"]
    for name in ("ink", "soft", "accent", "gap"):
        assert contrast(held[name], paper) >= 4.5, name
    for k in range(len(summary.colours)):
        assert contrast(held[f"party-{k}"], paper) >= 3.0
    for name in ("agreement", "vote_passed", "postponed", "collapse"):
        assert contrast((DARK if dark else LIGHT)[name], paper) >= 3.0, name


def test_long_words_are_broken_and_nothing_is_lost() -> None:
    text = "Hottentottententententoonstellingsverbod and a short one"
    lines = wrap(text, 100.0)
    assert all(width_of(line, 11.5) <= 110 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


def test_labels_of_an_issue_do_not_overlap(asylum: Case, odds: Forecast) -> None:
    points = {0.0: "a long label at zero", 2.0: "another at two", 4.0: "a third at four"}
    issue = asylum.issues[0].model_copy(update={"points": points})
    crowded = asylum.model_copy(update={"issues": (issue, *asylum.issues[1:])})
    drawn = str(render("issue-lines", crowded, summarise(crowded, odds), "svg"))
    root = ElementTree.fromstring(drawn)
    first = next(e for e in root if e.tag.endswith("svg"))
    labels = [
        (float(e.get("x", 0)), float(e.get("y", 0)), e.text or "")
        for e in first.iter()
        if e.tag.endswith("text") and e.get("class") == "s m"
    ]
    for k, (x, y, text) in enumerate(labels):
        assert x - width_of(text, 11.5) / 2 >= 0
        for other_x, other_y, other in labels[k + 1 :]:
            apart = (width_of(text, 11.5) + width_of(other, 11.5)) / 2
            assert abs(y - other_y) >= 11 or abs(x - other_x) >= apart, (text, other)


def test_nobody_can_be_better_off_on_the_frontier(asylum: Case, summary: Summary) -> None:
    rows = frontier.rows(asylum, summary)
    for best in (r for r in rows if r["best"]):
        assert not [
            r
            for r in rows
            if r["x"] >= best["x"]
            and r["y"] >= best["y"]
            and r != best
            and (r["x"], r["y"]) != (best["x"], best["y"])
        ]


def test_reliability_counts_every_forecast_once() -> None:
    pairs = [(k / 20, k % 2 == 0) for k in range(21)]
    rows = reliability.rows(pairs)
    assert sum(r["count"] for r in rows) == 21
    assert reliability.draw(pairs).to_dict()["layer"]
    assert "%" in reliability.describe(pairs)


def test_compare_names_what_differs_and_what_it_does(asylum: Case, odds: Forecast) -> None:
    parties = (asylum.parties[0].model_copy(update={"seats": 20}), *asylum.parties[1:])
    other = asylum.model_copy(update={"parties": parties})
    found = compare(asylum, other, (odds, run(other, draws=64)))
    assert [(d.path, d.before, d.after) for d in found.differences] == [("VVD.seats", "34", "20")]
    text = "\n".join(to_lines(found))
    assert "VVD.seats: 34 -> 20" in text
    assert "an agreement" in text
    assert "verschillen" in "\n".join(to_lines(compare(asylum, asylum, (odds, odds)), "nl"))


def test_a_comparison_holds_headlines_and_moves_and_fits(asylum: Case, odds: Forecast) -> None:
    move = Move(date=asylum.as_of, by="CU", kind="ultimatum")
    other = asylum.model_copy(update={"moves": (*asylum.moves, move)})
    lines = to_lines(compare(asylum, other, (odds, odds)))
    assert lines[2].startswith("A  An agreement by")
    assert any("CU.ultimatum: not there -> 2023-07-06" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_the_history_stands_in_order_of_day_with_what_moved_it(
    asylum: Case, odds: Forecast
) -> None:
    day = dt.timedelta(days=1)
    early = odds.model_copy(update={"as_of": odds.as_of - 3 * day})
    secret = Sentence("told to me", True, confided=True)
    kept = Past(odds.model_copy(update={"as_of": odds.as_of - day}), (secret, REASON))
    found = moments_of(asylum, odds, [kept, early], "en")
    assert [m.day for m in found] == ["Monday 3 July", "Wednesday 5 July", "Thursday 6 July"]
    assert found[1].reports == (REASON,)
    assert len(moments_of(asylum, odds, [kept], "en", confided=True)[0].reports) == 2
    assert len(moments_of(asylum, odds, [odds], "en")) == 1


def test_notebook_views_tables_and_arrays(asylum: Case, odds: Forecast) -> None:
    shown = notebook.view(asylum, odds, "gap")
    assert "<svg" in shown._repr_html_()
    assert repr(shown).startswith("An agreement")
    assert "<section" in notebook.view(asylum, odds)._repr_html_()
    with pytest.raises(InputError, match="no section tax"):
        notebook.view(asylum, odds, "tax")
    assert "<svg" in notebook.chart("outcomes", asylum, odds)._repr_html_()


def test_a_case_shows_itself(asylum: Case) -> None:
    assert "no limit" not in (shown := asylum._repr_html_())
    assert "<table>" in shown
    assert "Family reunification of war refugees" in shown
    assert len(asylum.to_pandas()) == len(asylum.parties) * len(asylum.issues)
    assert asylum.to_xarray()["position"].sel(party="VVD").shape == (2,)
    assert "<svg" in asylum.chart(draws=64)._repr_html_()
    with pytest.raises(InputError, match="no chart pie"):
        asylum.chart("pie", draws=64)


def test_a_forecast_shows_itself(odds: Forecast) -> None:
    assert "<section" in odds._repr_html_()
    assert "<svg" in odds.chart()._repr_html_()
    assert odds.chart("packages").altair.to_dict()["layer"]
    assert len(odds.to_pandas()) == len(odds.zone.packages)
    arrays = odds.to_xarray()
    assert float(arrays["probability"].sum()) == pytest.approx(1)
    assert float(arrays["interval"].sel(outcome="collapse", edge="q10")) == pytest.approx(
        odds.intervals["collapse"][0]
    )
    assert arrays["settlement"].dims == ("model", "issue", "statistic")


def test_a_forecast_from_a_file_knows_no_names_until_it_is_told(
    asylum: Case, odds: Forecast
) -> None:
    stored = Forecast.model_validate(odds.model_dump(mode="json"))
    assert stored == odds
    assert "<table>" in stored._repr_html_()
    with pytest.raises(InputError, match="a forecast from a file"):
        stored.chart("outcomes")
    assert "<svg" in stored.chart("outcomes", case=asylum)._repr_html_()
    assert "<section" in stored.about(asylum)._repr_html_()
    with pytest.raises(ValueError, match="not a forecast of"):
        stored.about(asylum.model_copy(update={"title": "another"}))


def test_deals_show_themselves(asylum: Case) -> None:
    found = deals(asylum, draws=64)
    assert "nuclear family only" in found._repr_html_()
    assert len(found.to_pandas()) == len(found.zone.packages)
    assert "refuses" in found.to_xarray()
    for name in ("", "parallel"):
        shown = found.chart(name)
        assert shown.altair.to_dict()["title"]
        assert "<svg" in shown.html
        assert "<script" not in shown.html
        assert shown.text.startswith("1. ")
    held = found.chart("frontier", pair=("CU", "VVD")).altair.to_dict()
    assert held["title"]["text"] == "CU – VVD"
    with pytest.raises(InputError, match="no PVV"):
        found.chart("frontier", pair=("PVV", "VVD"))

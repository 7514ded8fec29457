"""The page: whole, in order, self-contained, safe, in two languages, without what is redacted."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from ruamel.yaml import YAML

from treves.case.estimate import Estimate, Interval
from treves.case.evidence import Evidence, Span
from treves.case.model import Case, Issue, Party, Stance
from treves.errors import InputError
from treves.forecast.result import Forecast
from treves.forecast.run import run
from treves.report.page import to_html
from treves.report.redact import redact
from treves.report.summary import Summary, summarise
from treves.resources import resource

HOSTILE = 'x<script>alert(1)</script>"><img src=y onerror=z>\u202e&amp;'
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Tree(HTMLParser):
    """Tags in order; complains about what is not closed, closed twice, or named twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"{tag} has an attribute twice")
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> Tree:
    tree = Tree()
    tree.feed(html)
    tree.close()
    return tree


@pytest.fixture(scope="module")
def odds(asylum: Case) -> Forecast:
    return run(asylum, draws=256)


@pytest.fixture(scope="module")
def summary(asylum: Case, odds: Forecast) -> Summary:
    return summarise(asylum, odds)


def hostile_case(asylum: Case) -> Case:
    span = Span(source="s", span=(0, len(HOSTILE)), quote=HOSTILE, outlet=HOSTILE, speaker=HOSTILE)
    held = asylum.stance("VVD", "family_reunification").model_copy(
        update={"evidence": {"position": Evidence(kind="reported", spans=(span,))}, "why": HOSTILE}
    )
    positions = dict(asylum.positions)
    positions["VVD"] = {**positions["VVD"], "family_reunification": held}
    issue = asylum.issues[0].model_copy(update={"title": HOSTILE, "points": {0.0: HOSTILE}})
    party = asylum.parties[0].model_copy(update={"name": HOSTILE})
    return asylum.model_copy(
        update={
            "title": HOSTILE,
            "body": HOSTILE,
            "positions": positions,
            "issues": (issue, *asylum.issues[1:]),
            "parties": (party, *asylum.parties[1:]),
        }
    )


def large_case() -> Case:
    """12 parties on 15 issues, every number known."""
    parties = tuple(Party(id=f"P{k}", name=f"Party number {k}", seats=10 + k) for k in range(12))
    points = {0.0: "nothing at all of what is asked", 50.0: "half", 100.0: "the whole of it"}
    issues = tuple(
        Issue(id=f"i{n}", title=f"Measure number {n} of the package", points=points)
        for n in range(15)
    )
    positions = {
        p.id: {
            i.id: Stance(
                position=Estimate.of((7 * k + 13 * n) % 101),
                accepts=Interval.model_validate([0, 100]),
                salience=Estimate.of(50),
                why="coded for this test, with a reason as long as reasons are",
            )
            for n, i in enumerate(issues)
        }
        for k, p in enumerate(parties)
    }
    return Case(
        id="large", as_of=dt.date(2024, 1, 1), parties=parties, issues=issues, positions=positions
    )


def test_the_sections_stand_in_the_order_of_a_reader(summary: Summary) -> None:
    found = re.findall(r'<section id="(\w+)"', to_html(summary))
    assert found == ["outcomes", "gap", "deals", "why", "change", "watch", "record", "method"]


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_is_well_formed_and_loads_nothing(asylum: Case, odds: Forecast, lang: str) -> None:
    html = to_html(summarise(asylum, odds, lang, history=[odds]))
    tree = parsed(html)
    assert tree.faults == []
    assert tree.stack == []
    assert sorted(set(tree.ids)) == sorted(tree.ids)
    assert not {"script", "link", "img", "iframe", "object"} & set(tree.tags)
    assert not re.search(r'(src|href|url)\s*[=(]\s*["\']?(https?:)?//', html)
    assert f'<html lang="{lang}">' in html
    assert "default-src 'none'" in html
    assert 'id="moved"' in html


def test_every_number_opens_what_it_rests_on(asylum: Case, summary: Summary) -> None:
    text = parsed(to_html(summary)).text
    for stances in asylum.positions.values():
        for stance in stances.values():
            assert f"judged: {stance.why}" in text
    numbers = [n for i in summary.issues for p in i.parties for n in p.numbers]
    assert len(numbers) == 4 * 2 * 3
    assert to_html(summary).count('<details class="n">') >= len(numbers)


def test_a_hostile_report_appears_as_text(asylum: Case, odds: Forecast) -> None:
    html = to_html(summarise(hostile_case(asylum), odds))
    tree = parsed(html)
    assert tree.faults == []
    assert not {"script", "img"} & set(tree.tags)
    assert "\u202e" not in html
    assert '<script>alert(1)</script>"><img src=y onerror=z>[U+202E]&amp;' in tree.text


def test_confided_sentences_are_counted_and_not_shown(asylum: Case, odds: Forecast) -> None:
    span = Span(source="s", span=(0, 6), quote="secret", outlet="insider", confided=True)
    held = asylum.stance("VVD", "family_reunification").model_copy(
        update={"evidence": {"position": Evidence(kind="reported", spans=(span,))}}
    )
    positions = {**asylum.positions, "VVD": {"family_reunification": held}}
    summary = summarise(asylum.model_copy(update={"positions": positions}), odds)
    assert "secret" not in str(summary)
    assert "1 sentences told in confidence are not shown" in to_html(summary)


def test_a_red_line_left_out_leaves_no_trace(asylum: Case, summary: Summary) -> None:
    moved = asylum.stance("VVD", "family_reunification").accepts
    assert moved is not None
    found = redact(summary, ["VVD.family_reunification"])
    line = found.issues[0].parties[0]
    assert (line.party, line.low, line.high, line.withheld) == ("VVD", None, None, True)
    assert found.issues[0].span is None
    assert found.must_move == ()
    assert all(d.parts[0].value is None for d in (*found.deals, *found.more_deals))
    text = parsed(to_html(found)).text
    assert "left out on request" in text
    assert "50 (35–65)" not in text.split("Other asylum")[0]
    with pytest.raises(InputError, match=r"no red line VVD\.tax"):
        redact(summary, ["VVD.tax"])


def test_a_large_page_stays_small() -> None:
    case = large_case()
    html = to_html(summarise(case, run(case, draws=64)))
    assert len(html.encode()) < 3_000_000
    assert parsed(html).faults == []


def test_what_is_unknown_is_drawn_with_dashes(asylum: Case) -> None:
    positions = {k: v for k, v in asylum.positions.items() if k != "D66"}
    silent = asylum.model_copy(update={"positions": positions})
    html = to_html(summarise(silent, run(silent, draws=64)))
    assert 'stroke-dasharray="6 6"' in html
    assert "nothing known" in html
    assert "nothing is known of what D66 wants" in html


def test_the_languages_have_the_same_sentences() -> None:
    tables = [
        dict(flat(YAML(typ="safe").load(resource("report", "languages", f"{lang}.yaml"))))
        for lang in ("en", "nl")
    ]
    assert tables[0].keys() == tables[1].keys()
    for name, text in tables[0].items():
        blanks = [sorted(re.findall(r"\{\w+\}", str(t[name]))) for t in tables]
        assert blanks[0] == blanks[1], (name, text)


def test_a_dutch_page_has_no_english_sentence_of_ours(asylum: Case, odds: Forecast) -> None:
    text = parsed(to_html(summarise(asylum, odds, "nl"))).text
    for word in ("likely", "draws", "accepts", "salience", "judged", "Which", "packages"):
        assert not re.search(rf"\b{word}\b", text), word


def test_an_unknown_language_is_refused(asylum: Case, odds: Forecast) -> None:
    with pytest.raises(InputError, match="no language xx"):
        summarise(asylum, odds, "xx")


def test_a_summary_holds_plain_values(summary: Summary) -> None:
    def leaves(value: Any) -> Any:
        if is_dataclass(value):
            for f in fields(value):
                yield from leaves(getattr(value, f.name))
        elif isinstance(value, tuple):
            for item in value:
                yield from leaves(item)
        else:
            yield value

    assert {type(v) for v in leaves(summary)} <= {str, float, int, bool, type(None)}


def flat(table: dict[str, Any], start: str = "") -> Any:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value

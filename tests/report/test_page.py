"""The page: whole, in order, self-contained, safe, in two languages, without what is redacted."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any

import html5lib
import pytest
from ruamel.yaml import YAML
from tests.report.cases import hostile_case, large_case

from treves.case.estimate import Interval
from treves.case.evidence import Evidence, Span
from treves.case.model import Case, Stance
from treves.errors import InputError
from treves.forecast.result import Forecast
from treves.forecast.run import run
from treves.forecast.story import tell
from treves.report.charts.gallery import CHARTS, render
from treves.report.page import to_html
from treves.report.redact import redact
from treves.report.sections import SECTIONS
from treves.report.summary import Summary, summarise
from treves.resources import resource

# Charts that need more than a case and its forecast.
NEED_MORE = ("history", "reading", "threat")
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


def with_stance(case: Case, held: Stance) -> Case:
    """The case with another stance of VVD on family reunification."""
    rows = {**case.positions["VVD"], "family_reunification": held}
    return case.model_copy(update={"positions": {**case.positions, "VVD": rows}})


def with_evidence(case: Case, evidence: dict[str, Evidence]) -> Case:
    """The case with evidence for that stance."""
    held = case.stance("VVD", "family_reunification")
    return with_stance(case, held.model_copy(update={"evidence": evidence}))


def test_the_sections_stand_in_the_order_of_a_reader(summary: Summary) -> None:
    found = re.findall(r'<section id="(\w+)"', to_html(summary))
    assert found == ["outcomes", "gap", "deals", "why", "change", "watch", "record", "method"]
    assert set(found) <= set(SECTIONS)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_is_well_formed_and_loads_nothing(asylum: Case, odds: Forecast, lang: str) -> None:
    html = to_html(summarise(asylum, odds, lang, [odds], tell(asylum, draws=64)))
    html5lib.HTMLParser(strict=True).parse(html)
    tree = parsed(html)
    assert tree.faults == []
    assert tree.stack == []
    assert sorted(set(tree.ids)) == sorted(tree.ids)
    assert not {"script", "link", "img", "iframe", "object"} & set(tree.tags)
    assert not re.search(r'(src|href|url)\s*[=(]\s*["\']?(https?:)?//', html)
    assert " style=" not in html
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
    html5lib.HTMLParser(strict=True).parse(html)
    tree = parsed(html)
    assert tree.faults == []
    assert not {"script", "img"} & set(tree.tags)
    assert "\u202e" not in html
    assert '<script>alert(1)</script>"><img src=y onerror=z>[U+202E]&amp;' in tree.text


def test_confided_sentences_are_counted_and_not_shown(asylum: Case, odds: Forecast) -> None:
    span = Span(source="s", span=(0, 6), quote="secret", outlet="insider", confided=True)
    told = with_evidence(asylum, {"position": Evidence(kind="reported", spans=(span,))})
    summary = summarise(told, odds)
    assert "secret" not in str(summary)
    assert "1 sentences told in confidence are not shown" in to_html(summary)
    asked = to_html(summarise(told, odds, confided=True))
    assert "secret" in asked
    assert "told in confidence" in asked


def test_a_reason_that_repeats_a_confided_sentence_is_not_shown(
    asylum: Case, odds: Forecast
) -> None:
    span = Span(source="s", span=(0, 9), quote="a secret!", outlet="insider", confided=True)
    held = Evidence(kind="judged", spans=(span,), why="they said “a secret!” to me")
    told = with_evidence(asylum, {"accepts": held})
    assert "a secret!" not in str(summarise(told, odds))
    assert "a secret!" in str(summarise(told, odds, confided=True))


def test_redact_leaves_out_what_rests_on_confidence_alone(asylum: Case, odds: Forecast) -> None:
    secret = Span(source="s", span=(0, 6), quote="secret", confided=True)
    open_ = Span(source="t", span=(0, 4), quote="open")
    both = Evidence(kind="reported", spans=(secret, open_))
    alone = Evidence(kind="reported", spans=(secret,))
    told = with_evidence(asylum, {"accepts": alone, "salience": both})
    found = redact(summarise(told, odds), confided=True)
    assert found.withheld == ("VVD.family_reunification.accepts",)
    line = found.issues[0].parties[0]
    assert (line.low, line.salience) == (None, 95)
    assert found.issues[0].span is None
    assert "35–65" not in str(found.issues[0])


def test_a_red_line_left_out_leaves_no_trace(asylum: Case) -> None:
    # An edge that no other number of the case has.
    accepts = Interval.model_validate([[33, 47, 61], 100])
    held = asylum.stance("VVD", "family_reunification").model_copy(update={"accepts": accepts})
    case = with_stance(asylum, held)
    forecast = run(case, draws=256)
    shown = summarise(case, forecast, story=tell(case, draws=64))
    found = redact(shown, ["VVD.family_reunification"])
    line = found.issues[0].parties[0]
    assert (line.party, line.low, line.high, line.withheld) == ("VVD", None, None, True)
    assert found.issues[0].span is None
    assert found.must_move == ()
    assert all(d.parts[0].value is None for d in (*found.deals, *found.more_deals))
    assert "left out on request" in parsed(to_html(found)).text
    told = [str(found), to_html(found)]
    told += [str(render(name, case, found, "json")) for name in CHARTS if name not in NEED_MORE]
    told += [str(render(name, case, found, "html")) for name in CHARTS if name not in NEED_MORE]
    assert "47 (33–61) to 100" in str(shown)
    for text in told:
        plain = re.sub(r"<svg.*?</svg>|sha256:\w+|<style>.*?</style>", "", text, flags=re.DOTALL)
        assert not re.search(r"\(47\)|\b47\.0\b|\b47 (\(|to)|33–61", plain), text[:200]
    assert all("VVD" not in who for d in found.deals for who, _ in d.shares)


def test_all_red_lines_of_a_party_can_be_left_out(summary: Summary) -> None:
    found = redact(summary, ["CU"])
    assert [n.split(".")[0] for n in found.withheld] == ["CU", "CU"]
    assert all(i.span is None for i in found.issues)
    with pytest.raises(InputError, match=r"no red line VVD\.tax"):
        redact(summary, ["VVD.tax", "VVD"])


def test_the_page_answers_five_questions_first(asylum: Case, odds: Forecast) -> None:
    text = dict(summarise(asylum, odds).brief)
    assert list(text) == [
        "Who wants what?",
        "What would all accept?",
        "And if not?",
        "Why?",
        "What to watch?",
    ]
    assert "VVD asks for “quota of 200 a month and two-year wait”" in text["Who wants what?"]
    assert text["Why?"].startswith("CU gains least")


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

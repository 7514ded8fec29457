"""Issues proposed from what claims are about."""

from __future__ import annotations

from tests.reading.makers import claim, report

from treves.case.evidence import Claim
from treves.case.model import Issue
from treves.reading.suggest import suggest

SAID = (
    "De VVD eist een vliegtaks voor korte vluchten",
    "D66 steunt de vliegtaks zonder voorbehoud",
    "Het CDA verwerpt de vliegtaks op vakantievluchten",
    "De SP wil meer geld voor de wijkverpleging",
    "GroenLinks vindt de wijkverpleging onmisbaar",
    "De premier hoopt op een akkoord",
)


def claims(label: str | None = None) -> list[Claim]:
    source = report(". ".join(SAID))
    return [claim(source, quote, issue=label, party="X", stance="demand") for quote in SAID]


def test_unknown_issues_get_a_label_from_the_noun_that_claims_share() -> None:
    found = suggest(claims())
    assert [(s.id, s.claims) for s in found] == [("vliegtaks", 3), ("wijkverpleging", 2)]
    assert found[0].examples[0] in SAID[:3]


def test_labels_do_not_depend_on_the_order_of_the_claims() -> None:
    assert suggest(reversed(claims())) == suggest(claims())


def test_labelled_claims_stay_together_and_their_nouns_become_aliases() -> None:
    told = [c.model_copy(update={"issue": "flying"}) for c in claims()[:3]] + claims()[3:]
    flying = next(s for s in suggest(told) if s.id == "flying")
    assert "vliegtaks" in flying.aliases
    assert flying.parties == ("X",)
    assert Issue(id=flying.id, aliases=flying.aliases).aliases == flying.aliases


def test_talks_about_the_talks_are_no_issue_and_the_list_ends() -> None:
    assert suggest(claims("deal")) == ()
    assert len(suggest(claims(), most=1)) == 1
    assert suggest([]) == ()

"""From claims to numbers: the rules of docs/coding.md, one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.reading.makers import claim, report
from tests.shared import shared_dir

from treves.case.evidence import Claim, Source
from treves.case.model import Case, Stance
from treves.case.provenance import basis_of
from treves.catalogue import folder, sources_of
from treves.errors import CaseError
from treves.forecast.run import run
from treves.reading import read
from treves.reading.clash import clashes
from treves.reading.draft import draft
from treves.reading.ingest import load_sources

TEXT = (
    "D66 wil alleen uitwassen aanpakken. De VVD eist een harde lijn. D66 kan leven met het "
    "kerngezin. De instroom valt lager uit dan de verwachte 70.000. De andere partijen kunnen "
    "leven met twee statussen bij nareis. Een akkoord is niet onmogelijk. Het kabinet valt."
)
PATH = "D66.family_reunification"


def said(
    source: Source, quote: str, stance: str, party: str | None = "D66", **more: object
) -> Claim:
    return claim(source, quote, stance=stance, party=party, issue="family_reunification", **more)


def position(case: Case, claims: list[Claim], sources: list[Source]) -> tuple[float, float]:
    """Most likely value and width of what D66 asks for, with nothing coded before."""
    rows = {**case.positions, "D66": {}}
    bare = case.model_copy(update={"positions": rows})
    made = draft(claims, bare, sources).case.stance("D66", "family_reunification").position
    assert made is not None
    return made.mode, made.high - made.low


def test_agreement_narrows_and_contradiction_widens(asylum: Case) -> None:
    a, b = report(TEXT), report("Elders: D66 wil alleen uitwassen bestrijden, zegt het AD.")
    far = report("D66 eist volgens de Telegraaf een quotum, tot ieders verbazing in Den Haag.")
    one = said(a, "D66 wil alleen uitwassen", "demand")
    two = said(b, "D66 wil alleen uitwassen", "demand")
    other = said(far, "D66 eist volgens de Telegraaf een quotum", "demand")
    mode, alone = position(asylum, [one], [a])
    agreed_mode, agreed = position(asylum, [one, two], [a, b])
    contradicted_mode, contradicted = position(asylum, [one, other], [a, far])
    assert mode == agreed_mode == 15
    assert agreed < alone < contradicted
    assert contradicted_mode == pytest.approx(57.5)


def test_copies_count_once_and_keep_their_sentences(asylum: Case) -> None:
    far = report("D66 eist volgens de Telegraaf een quotum, tot ieders verbazing in Den Haag.")
    other = said(far, "D66 eist volgens de Telegraaf een quotum", "demand")
    wire = [report(TEXT), report("(ANP) " + TEXT)]
    told = [said(s, "D66 wil alleen uitwassen", "demand") for s in wire]
    copied = position(asylum, [*told, other], [*wire, far])
    assert copied == position(asylum, [told[0], other], [wire[0], far])
    independent = [wire[0], report("Elders: D66 wil alleen uitwassen bestrijden, zegt het AD.")]
    told = [said(s, "D66 wil alleen uitwassen", "demand") for s in independent]
    assert position(asylum, [*told, other], [*independent, far])[0] < copied[0]
    made = draft([*told, other], asylum, [*independent, far])
    edit = next(e for e in made.edits if e.path == f"{PATH}.position")
    assert edit.evidence is not None
    assert len(edit.evidence.spans) == 3


def test_newer_beats_older(asylum: Case) -> None:
    old = report(TEXT, "2023-06-08")
    new = report("D66 eist volgens de Telegraaf een quotum, tot ieders verbazing in Den Haag.")
    told = [
        said(old, "D66 wil alleen uitwassen", "demand"),
        said(new, "D66 eist volgens de Telegraaf een quotum", "demand"),
    ]
    mode, _ = position(asylum, told, [old, new])
    # Two half-lives: the older counts a quarter.
    assert mode == pytest.approx((0.25 * 15 + 100) / 1.25, abs=0.1)


def test_a_group_speaks_for_its_members_in_the_case(asylum: Case) -> None:
    source = report(TEXT)
    quote = "De andere partijen kunnen leven met twee statussen bij nareis"
    told = said(source, quote, "accept", None, group=("D66", "CU", "SGP"), actor="andere partijen")
    made = draft([told], asylum, [source])
    assert {e.path for e in made.edits} == {
        f"{p}.family_reunification.accepts" for p in ("D66", "CU")
    }
    before = asylum.stance("D66", "family_reunification").accepts
    after = made.case.stance("D66", "family_reunification").accepts
    assert before is not None
    assert after is not None
    assert before.high.mode < after.high.mode < 60
    assert not made.unplaced


def test_what_changes_nothing_says_why(asylum: Case) -> None:
    source = report(TEXT)
    told = [
        said(source, "D66 wil alleen uitwassen", "demand", certainty="denied"),
        said(source, "D66 wil alleen uitwassen", "demand", "SGP"),
        said(source, "Een akkoord is niet onmogelijk", "expect"),
        said(source, "D66 wil", "demand"),
    ]
    reasons = {u.claim.party or "": u.why for u in draft(told, asylum, [source]).unplaced}
    whys = {u.why for u in draft(told, asylum, [source]).unplaced}
    assert reasons["SGP"] == "SGP is no party of the case"
    assert whys == {
        "denied",
        "SGP is no party of the case",
        "an expectation, not what a party wants",
        "demand names no point of family_reunification",
    }


def test_quantities_become_facts_and_the_coded_fact_gains_the_claim(asylum: Case) -> None:
    source = report(TEXT, outlet="NOS")
    quote = "De instroom valt lager uit dan de verwachte 70.000"
    told = claim(source, quote, issue="asylum_inflow", quantity=70000, stance="expect")
    coded = draft([told], asylum, [source]).case.facts
    assert [f.id for f in coded] == ["inflow"]
    assert coded[0].claims == (told.key,)
    bare = asylum.model_copy(update={"facts": ()})
    (fact,) = draft([told, told], bare, [source]).case.facts
    assert (fact.value.mode, fact.comparator, fact.source) == (70000, "below", "NOS")
    assert fact.claims == (told.key,)
    few = claim(source, quote, issue="asylum_inflow", quantity=4)
    assert draft([few], bare, [source]).case.facts == ()


def test_a_denied_move_is_no_move(asylum: Case) -> None:
    source = report(TEXT)
    bare = asylum.model_copy(update={"moves": ()})
    told = said(source, "D66 wil alleen uitwassen", "other", move="threat_leave")
    assert [m.kind for m in draft([told], bare, [source]).case.moves] == ["threat_leave"]
    denied = told.model_copy(update={"certainty": "denied"})
    assert draft([denied], bare, [source]).case.moves == ()


def test_reports_say_numbers_say(asylum: Case) -> None:
    source = report(TEXT)
    hope = claim(source, "Een akkoord is niet onmogelijk", stance="expect")
    fall = claim(source, "Het kabinet valt", stance="expect")
    forecast = run(asylum, draws=64)

    def with_odds(deal: float, zone: float) -> list[str]:
        outcomes = {"agreement": deal, "vote_passed": 0.0, "postponed": 0.0}
        outcomes |= {"party_leaves": 0.0, "collapse": 1 - deal}
        odds = forecast.zone.model_copy(update={"share_of_draws": zone})
        changed = forecast.model_copy(update={"outcomes": outcomes, "zone": odds})
        return [c.says for c in clashes([hope, fall, fall], changed)]

    assert with_odds(0.1, 0.1) == ["a deal is possible"]
    assert with_odds(0.9, 0.9) == ["it will fall"]
    assert with_odds(0.5, 0.5) == []
    denied = fall.model_copy(update={"certainty": "denied"})
    outcomes = dict.fromkeys(forecast.outcomes, 0.0) | {"collapse": 1.0}
    (clash,) = clashes([denied], forecast.model_copy(update={"outcomes": outcomes}))
    assert str(clash).startswith("reports say it need not fall (“Het kabinet valt”); the numbers")


def read_all(sources: list[Source]) -> list[Claim]:
    return [c for source in sources for c in read(source, lang="nl").claims]


def test_a_draft_without_a_base_knows_who_governs_and_forecasts() -> None:
    sources = sources_of(folder("asylum"))
    made = draft(read_all(sources), None, sources)
    roles = {p.id: p.role for p in made.case.parties}
    assert {"VVD", "D66", "CU"} <= {p for p, role in roles.items() if role == "coalition"}
    assert made.case.as_of == dt.date(2023, 7, 6)
    assert made.case.chair == "VVD"
    assert made.edits
    for edit in made.edits:
        assert edit.evidence is not None
        assert edit.evidence.spans
    result = run(made.case, draws=64)
    assert sum(result.outcomes.values()) == pytest.approx(1)
    assert result.basis["reported"] >= 5


def test_the_seed_alone_gives_a_draft_that_forecasts() -> None:
    seed = shared_dir() / "data" / "seed"
    sources = load_sources(sorted(seed.glob("*.txt")))
    made = draft(read_all(sources), None, sources)
    assert {"VVD", "D66", "CDA", "CU"} <= {p.id for p in made.case.parties}
    assert made.case.as_of == dt.date(2023, 7, 1)
    assert "No report has a full date" in (made.case.context or "")
    result = run(made.case, draws=64)
    assert sum(result.outcomes.values()) == pytest.approx(1)
    assert result.basis["reported"] >= 3


def test_too_few_parties_or_no_day_is_said_at_once() -> None:
    source = report(TEXT, None)
    with pytest.raises(CaseError, match="too few parties") as error:
        draft([said(source, "D66 wil", "demand")], None, [source])
    assert "no report has a date" in str(error.value)


@pytest.mark.parametrize("stance", ["want_deal", "demand", "expect"])
def test_a_report_that_names_no_measure_still_gives_a_case_that_forecasts(stance: str) -> None:
    source = report(TEXT)
    told = [
        claim(source, "D66 wil", stance=stance, party="D66", issue="deal"),
        claim(source, "De VVD eist", stance=stance, party="VVD"),
    ]
    made = draft(told, None, [source])
    assert [i.id for i in made.case.issues] == ["package"]
    assert sum(run(made.case, draws=32).outcomes.values()) == pytest.approx(1)
    basis = {b.kind for b in basis_of(made.case) if b.path == "VVD.package.position"}
    assert basis == ({"reported"} if stance == "demand" else {"assumed"})


def edges(
    case: Case, claims: list[Claim], sources: list[Source], party: str = "D66"
) -> tuple[float, float]:
    """The likeliest lower and upper edge of what a party accepts after its claims."""
    accepts = draft(claims, case, sources).case.stance(party, "family_reunification").accepts
    assert accepts is not None
    return accepts.low.mode, accepts.high.mode


def placed(case: Case, position: float, accepts: object, party: str = "D66") -> Case:
    """The case with a party at one point of the line and nothing else known of it."""
    row = Stance.model_validate({"position": position, "accepts": accepts})
    rows = {**case.positions, party: {"family_reunification": row}}
    return case.model_copy(update={"positions": rows})


@pytest.mark.parametrize(
    ("stance", "certainty", "edge"),
    [
        ("reject", "asserted", (15, 57.5, 100)),
        ("oppose", "asserted", (15, 78.8, 100)),
        ("reject", "denied", (60, 80, 100)),
    ],
)
def test_a_refused_point_pulls_the_red_line_in_front_of_it(
    asylum: Case, stance: str, certainty: str, edge: tuple[float, float, float]
) -> None:
    source = report("D66 vindt een quotum onbespreekbaar.")
    told = said(source, "D66 vindt een quotum onbespreekbaar", stance, certainty=certainty)
    if certainty == "denied":
        case = placed(asylum, 15, [0, [60, 80, 100]])
    else:
        case = placed(asylum, 15, None)
    accepts = draft([told], case, [source]).case.stance("D66", "family_reunification").accepts
    assert accepts is not None
    assert accepts.low.mode == 0
    assert (accepts.high.low, accepts.high.mode, accepts.high.high) == pytest.approx(edge, abs=0.1)


def test_a_refusal_stands_behind_what_the_party_accepts_and_never_widens_it(asylum: Case) -> None:
    source = report("D66 kan leven met twee statussen. D66 vindt een quotum onbespreekbaar.")
    yes = said(source, "D66 kan leven met twee statussen", "accept")
    no = said(source, "D66 vindt een quotum onbespreekbaar", "reject")
    bare = placed(asylum, 15, None)
    assert edges(bare, [yes], [source]) == (0, 60)
    # Somewhere between 60 (accepted) and 100 (refused).
    assert 60 < edges(bare, [yes, no], [source])[1] < 80
    narrow = placed(asylum, 15, [0, 30])
    assert edges(narrow, [no], [source]) == (0, 30)


def test_a_party_on_the_high_side_moves_its_lower_edge(asylum: Case) -> None:
    source = report("De VVD wijst het kerngezin af. De VVD is tegen een quotum.")
    no = said(source, "De VVD wijst het kerngezin af", "reject", "VVD")
    case = placed(asylum, 80, [[0, 20, 40], 100], "VVD")
    low, high = edges(case, [no], [source], "VVD")
    assert 20 < low < 80
    assert high == 100
    # Tegen een quotum: the other side of the line, the other edge.
    also = said(source, "De VVD is tegen een quotum", "oppose", "VVD")
    low, high = edges(case, [also], [source], "VVD")
    assert low == 20
    assert 80 < high < 100


def test_a_measure_refused_as_a_whole_keeps_a_party_near_the_status_quo(asylum: Case) -> None:
    source = report("D66 wijst elke beperking van nareis af. De VVD wijst het voorstel af.")
    no = said(source, "D66 wijst elke beperking van nareis af", "reject")
    assert edges(placed(asylum, 15, None), [no], [source]) == (0, 30)
    # Who asks for much refuses something else: nothing is said of how far it goes.
    other = said(source, "De VVD wijst het voorstel af", "reject", "VVD")
    case = placed(asylum, 80, [20, 100], "VVD")
    assert edges(case, [other], [source], "VVD") == (20, 100)


def test_a_limit_that_is_asked_for_is_the_red_line_and_no_position(asylum: Case) -> None:
    source = report("Twee statussen zijn voor de VVD de ondergrens.")
    told = said(source, "Twee statussen zijn voor de VVD de ondergrens", "demand", "VVD")
    case = placed(asylum, 90, None, "VVD")
    made = draft([told], case, [source])
    assert [e.path for e in made.edits] == ["VVD.family_reunification.accepts"]
    assert edges(case, [told], [source], "VVD") == (60, 100)


def test_a_refusal_of_a_party_of_unknown_place_is_listed(asylum: Case) -> None:
    source = report("D66 is tegen een quotum.")
    told = said(source, "D66 is tegen een quotum", "oppose")
    bare = asylum.model_copy(update={"positions": {**asylum.positions, "D66": {}}})
    (left,) = draft([told], bare, [source]).unplaced
    assert left.why == "oppose says nothing of how far the party goes"

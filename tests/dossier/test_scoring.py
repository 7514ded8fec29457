"""What happened, the scores, and whether coders agree."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select
from tests.dossier.hands import HANDS, TERMS, claim_in, new_store, report

from treves.case.formats.dna import statements
from treves.case.model import Case
from treves.catalogue import Outcome
from treves.dossier import schema
from treves.dossier.agreement import agreement, alpha
from treves.dossier.coded import add_coded, add_statements, coded_claims
from treves.dossier.drafting import Terms
from treves.dossier.living import add_own, renew
from treves.dossier.records import add_claims, add_source, begin_dispute, known_at
from treves.dossier.reviews import Review, add_review
from treves.dossier.scoring import (
    base_rate,
    brier,
    duels,
    log_score,
    quantile_crps,
    reliability,
    resolve,
    score_table,
)
from treves.dossier.store import Store
from treves.errors import InputError

FALL = Outcome(date=dt.date(2023, 7, 7), kind="collapse", left=("CU",))
DAYS = (dt.date(2023, 7, 6), dt.date(2023, 7, 14))

# Four observers, twelve units, missing values: the worked example of Krippendorff (2011),
# "Computing Krippendorff's Alpha-Reliability", section C; nominal alpha .743.
OBSERVERS = ("123321412...", "12332241 25.3".replace(" ", ""), ".3332342251.", "12332441251.")


def test_alpha_is_that_of_the_published_example() -> None:
    units = [[row[k] for row in OBSERVERS if row[k] != "."] for k in range(12)]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)
    assert alpha([("a", "a"), ("b", "b")]) == 1.0
    assert alpha([("a",), ("b",)]) is None
    assert alpha([("a", "a"), ("a", "a")]) is None


# The same text, sections A and B: two observers, of a yes or no (.095), of five kinds (.692).
PAIRS = {
    0.095: ("0100000010", "1110010000"),
    0.692: ("aabbdcccedda", "babbbccceddd"),
}


@pytest.mark.parametrize("published", PAIRS)
def test_alpha_of_two_observers_is_as_published(published: float) -> None:
    one, other = PAIRS[published]
    assert alpha(zip(one, other, strict=True)) == pytest.approx(published, abs=0.0005)


def test_crps_of_quantiles_is_near_that_of_the_distribution_they_come_from() -> None:
    # Uniform on 0-100: CRPS at y is (y^2 + (100 - y)^2) / 200 - 100 / 6.
    spread = {"q05": 5.0, "q25": 25.0, "q50": 50.0, "q75": 75.0, "q95": 95.0}
    for value in (20.0, 50.0, 90.0):
        exact = (value**2 + (100 - value) ** 2) / 200 - 100 / 6
        assert quantile_crps(spread, value) == pytest.approx(exact, abs=0.2)


def test_the_base_rate_is_that_of_the_rubric() -> None:
    rates = base_rate()
    assert sum(rates.values()) == pytest.approx(1)
    assert rates["collapse"] == pytest.approx(4 / 23, abs=0.001)


def test_both_forecasts_are_scored_beside_the_base_rate(tmp_path: Path, asylum: Case) -> None:
    store = new_store(tmp_path / "d.db", asylum)
    step = renew(store, "asylum", HANDS, "tester", TERMS)
    assert step.forecast is not None
    own = {"agreement": 0.2, "collapse": 0.8}
    add_own(store, "asylum", "anna", own, DAYS)
    add_own(store, "asylum", "late", own, (dt.date(2023, 7, 8), dt.date(2023, 7, 14)))
    assert score_table(store) == []
    assert resolve(store, "asylum", FALL, "anna") == 2
    mine, tool = score_table(store)
    assert (mine.kind, mine.by, tool.kind) == ("mine", "anna", "tool")
    assert mine.brier == pytest.approx(0.08)
    assert tool.brier == brier(step.forecast.outcomes, "collapse")
    assert tool.log == log_score(step.forecast.outcomes, "collapse")
    assert tool.base_brier == brier(base_rate(), "collapse")
    assert tool.crps is None


def test_forecasters_are_set_against_each_other_on_the_same_occasions(
    tmp_path: Path, asylum: Case
) -> None:
    store = new_store(tmp_path / "d.db", asylum)
    own = {"agreement": 0.2, "collapse": 0.8}
    add_own(store, "asylum", "hasty", own, DAYS)  # before the tool: no occasion with it
    first = renew(store, "asylum", HANDS, "tester", TERMS).forecast
    assert first is not None
    until = (DAYS[0], first.horizon)
    add_own(store, "asylum", "anna", own, until)
    second = renew(store, "asylum", HANDS, "tester", Terms(seed=1, draws=64)).forecast
    assert second is not None
    add_own(store, "asylum", "anna", {"agreement": 0.4, "collapse": 0.6}, until)
    begin_dispute(store, "talks", "tester", None)
    add_own(store, "talks", "anna", own, DAYS)
    for name in ("asylum", "talks"):
        resolve(store, name, FALL, "anna")
    told = {(duel.by, duel.other): duel for duel in duels(store)}
    assert set(told) == {
        ("anna", "base rate"),
        ("anna", "tool"),
        ("hasty", "base rate"),
        ("tool", "base rate"),
    }
    pair = told["anna", "tool"]
    assert (pair.disputes, pair.occasions, pair.gap) == (1, 2, None)
    assert pair.brier == pytest.approx((0.08 + 0.32) / 2)
    scores = [brier(made.outcomes, "collapse") for made in (first, second)]
    assert pair.other_brier == pytest.approx(np.mean(scores))
    many = told["anna", "base rate"]
    assert (many.disputes, many.occasions) == (2, 3)
    assert many.gap is not None
    assert many.gap.low <= many.gap.mean <= many.gap.high
    assert many.gap.mean == pytest.approx(many.brier - many.other_brier)


def test_an_outcome_that_is_recorded_again_replaces_the_first(tmp_path: Path, asylum: Case) -> None:
    store = new_store(tmp_path / "d.db", asylum)
    made = renew(store, "asylum", HANDS, "tester", TERMS)
    resolve(store, "asylum", FALL, "anna")
    deal = {"family_reunification": 30.0, "other_measures": None}
    assert made.forecast is not None
    resolve(store, "asylum", Outcome(date=FALL.date, kind="agreement", settlement=deal), "anna")
    (row,) = score_table(store)
    assert row.truth == "agreement"
    decided = made.forecast.decision
    spread = decided["family_reunification"].model_dump()
    assert row.crps == pytest.approx(quantile_crps(spread, 30.0))
    assert len(store.rows(select(schema.scores))) == 2


def test_an_ending_after_the_horizon_counts_as_postponed(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    add_own(store, "asylum", "anna", {"postponed": 1.0}, (dt.date(2023, 6, 1), dt.date(2023, 6, 9)))
    resolve(store, "asylum", FALL, "anna")
    (row,) = score_table(store)
    assert (row.truth, row.brier) == ("postponed", 0.0)
    with pytest.raises(InputError, match="no dispute"):
        resolve(store, "climate", FALL, "anna")


def test_reliability_waits_for_ten_disputes_and_is_right_then(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db", dispute="d0")
    for k in range(10):
        name = f"d{k}"
        if k:
            begin_dispute(store, name, "tester", None)
        odds = {"collapse": 0.7, "agreement": 0.3}
        add_own(store, name, "anna", odds, DAYS)
        assert reliability(store, "mine") == ()
        kind = "collapse" if k < 6 else "agreement"
        resolve(store, name, Outcome.model_validate({"date": FALL.date, "kind": kind}), "anna")
    never, low, high = reliability(store, "mine")
    assert (never.forecast, never.happened, never.count) == (0.0, 0.0, 30)
    assert (low.forecast, high.forecast) == pytest.approx((0.3, 0.7))
    assert (low.happened, high.happened) == pytest.approx((0.4, 0.6))
    assert reliability(store, "tool") == ()


TEXT = "De VVD eist een quotum. D66 is faliekant tegen. Het CDA wil een akkoord."


def coded(store: Store, coder: str, *claims: tuple[str, str, str]) -> tuple[int, int]:
    source = report(TEXT)
    made = [claim_in(source, q, party=p, actor=p, stance=s) for q, p, s in claims]
    with store.adding("import", coder, "asylum") as batch:
        return add_coded(batch, "asylum", source, made, coder)


def test_texts_coded_elsewhere_are_verdicts_on_the_same_sentences(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    vvd, d66 = ("De VVD eist een quotum", "VVD"), ("D66 is faliekant tegen", "D66")
    assert coded(store, "anna", (*vvd, "demand"), (*d66, "oppose")) == (2, 0)
    cda = ("Het CDA wil een akkoord", "CDA", "want_deal")
    again = ("VVD eist een quotum", "VVD", "propose")
    assert coded(store, "bram", again, (*d66, "oppose"), cda) == (1, 2)
    told = agreement(store, "asylum")
    assert told.coders == ("anna", "bram")
    assert told.claims == 2
    (difference,) = told.disagreements
    assert difference.field == "stance"
    assert dict(difference.values) == {"anna": "demand", "bram": "propose"}
    assert told.alpha["stance"] == alpha([("demand", "propose"), ("oppose", "oppose")])
    assert told.alpha["party"] == 1.0
    assert np.isfinite(told.alpha["stance"] or np.nan)
    with store.reading() as connection:
        assert len(known_at(connection, "asylum").claims) == 3


STATEMENTS = """id,time,document_title,organization,concept,agreement
1,2023-07-06,,VVD,asylum,1
2,2023-07-06,,D66,asylum,1
3,2023-07-06,,CU,asylum,0
4,2023-07-06,,D66,asylum,1
"""


def test_statements_of_the_network_analyzer_are_verdicts_on_the_claims_they_are_about(
    tmp_path: Path,
) -> None:
    store = new_store(tmp_path / "d.db")
    source = report(TEXT)
    about = {"issue": "asylum"}
    claims = [
        claim_in(source, "De VVD eist een quotum", party="VVD", stance="demand", **about),
        claim_in(source, "D66 is faliekant tegen", party="D66", stance="oppose", **about),
        claim_in(source, "Het CDA wil een akkoord", party="CDA", stance="want_deal", **about),
    ]
    with store.adding("add", "reader", "asylum") as batch:
        add_source(batch, "asylum", source)
        add_claims(batch, "asylum", claims, "reader")
        for claim in claims[:2]:
            add_review(batch, "asylum", Review(claim.key, "confirmed", "anna", batch.at, {}))
    with store.adding("import", "bram", "asylum") as batch:
        count, unplaced = add_statements(batch, "asylum", statements(STATEMENTS), "bram")
    assert count == 2
    assert [(s.actor, s.id) for s in unplaced] == [("CU", "3"), ("D66", "4")]
    told = agreement(store, "asylum")
    (difference,) = told.disagreements
    assert difference.key == claims[1].key
    assert dict(difference.values) == {"anna": "oppose", "bram": "support"}
    assert told.alpha["stance"] == alpha([("demand", "demand"), ("oppose", "support")])


@pytest.mark.parametrize("name", ["claims.json", "claims.jsonl"])
def test_claims_of_another_coder_are_read_from_json_and_from_lines(
    name: str, tmp_path: Path
) -> None:
    source, other = report(TEXT), report("Iets anders.")
    claim = claim_in(source, "D66 is faliekant tegen", actor="D66", party="D66", stance="reject")
    rows = [claim.model_dump(mode="json")]
    path = tmp_path / name
    if path.suffix == ".json":
        path.write_text(json.dumps(rows))
    else:
        rows.append(claim_in(other, "Iets").model_dump(mode="json"))
        path.write_text("\n".join(map(json.dumps, rows)))
    assert coded_claims(source, path) == [claim]
    path.write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        coded_claims(source, path)
    path.write_text(json.dumps({**rows[0], "quote": "D66 was faliekant voor"}))
    with pytest.raises(InputError, match="not in the text"):
        coded_claims(source, path)

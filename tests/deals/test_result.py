"""The assembled result: rows that agree with the parts, the seed's situation, large spaces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.deals.profiles import make_profile, random_profile

from treves.catalogue import load_example
from treves.deals.result import find_deals, middle
from treves.deals.solutions import CONCEPTS
from treves.profile import modal
from treves.utility import accepted, payoff


def deals_of(profile, **options):
    """Deals with three labelled points on every issue."""
    count = len(profile.issues)
    return find_deals(profile, [[0, 50, 100]] * count, [True] * count, **options)


def test_rows_of_the_table_agree_with_the_draws():
    profile = random_profile(31, 200, 3, 2, width=(20, 70))
    deals = deals_of(profile)
    rows = deals.table(top=5)
    assert len(rows) == 5
    odds = [row["probability"] for row in rows]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] == deals.zone.probability.max()
    for row in rows:
        package = np.array([list(row["package"].values())])
        accepts = accepted(profile, package)[:, :, 0]
        assert row["probability"] == pytest.approx(accepts.all(axis=1).mean())
        assert list(row["accepts"].values()) == pytest.approx(accepts.mean(axis=0))
        value = payoff(deals.modal, package)[:, 0]
        assert list(row["payoff"].values()) == pytest.approx(value)
        assert row["rational"] == (value >= deals.modal.collapse - 1e-12).all()
        if row["blocker"] is not None:
            refuses = 1 - row["accepts"][row["blocker"]["party"]]
            assert row["blocker"]["refuses"] == pytest.approx(refuses)


def test_solutions_are_on_the_frontier_and_named_in_their_rows():
    deals = deals_of(random_profile(32, 50, 3, 2, width=(20, 70)))
    front = [row["package"] for row in deals.frontier()]
    assert len(front) == len(deals.front)
    for concept in CONCEPTS:
        row = deals.solution(concept)
        assert concept in row["solutions"]
        assert row["package"] in front
        assert row["rational"]


def test_the_seed_everybody_prefers_a_deal_to_collapse_and_it_crosses_a_red_line():
    case = load_example("asylum")
    profile = modal(case)
    deals = find_deals(
        profile, [list(i.points) for i in case.issues], [i.continuous for i in case.issues]
    )
    row = deals.solution("nash")
    assert row["rational"]
    assert not row["in_zone"]
    assert row["probability"] == 0.0
    assert deals.zone.share_in_box == 0.0
    assert deals.concession.total == 20.0
    assert deals.walk_away_kept
    opens = [p for p, c in zip(profile.parties, deals.alone, strict=True) if c is not None]
    assert opens == ["VVD"]
    assert deals.movements.total.tolist() == [20.0]


def test_the_disagreement_point_changes_what_is_rational():
    profile = random_profile(33, None, 3, 2, width=(20, 70))
    profile = replace(profile, status_quo=np.full(3, 0.99))
    stay = deals_of(profile, disagreement="status_quo")
    assert all(stay.solution(concept) is None for concept in CONCEPTS)
    assert stay.solutions.shortfall.size > 0
    assert not stay.walk_away_kept
    assert not any(row["rational"] for row in stay.table())
    with pytest.raises(ValueError, match="collapse and status_quo"):
        deals_of(profile, disagreement="none")


def test_a_party_that_is_not_needed_has_a_row_but_no_veto():
    profile = make_profile(
        [[0.0], [40.0], [100.0]], [[0.0], [0.0], [90.0]], [[60.0], [80.0], [100.0]]
    )
    profile = replace(profile, needed=np.array([True, True, False]))
    row = deals_of(profile).table(1)[0]
    assert row["probability"] == 1.0
    assert row["blocker"] is None
    assert row["in_zone"]
    assert row["accepts"]["C"] == 0.0
    with pytest.raises(ValueError, match="needed"):
        deals_of(replace(profile, needed=np.zeros(3, dtype=bool)))


def test_a_large_case_is_searched_in_bounded_time_and_says_so():
    profile = random_profile(34, 100, 6, 7, width=(20, 60))
    deals = deals_of(profile, limit=2000)
    assert not deals.space.complete
    assert len(deals.table(3)) == 3
    assert deals.front.within > 0.0
    assert deals.concession is not None


def test_labelled_arrays_hold_what_the_table_says():
    pytest.importorskip("xarray")
    deals = deals_of(random_profile(35, 60, 3, 2, width=(20, 70)))
    data = deals.to_xarray()
    row = deals.table(1)[0]
    best = data.isel(package=int(deals.zone.best(1)[0]))
    assert float(best.probability) == row["probability"]
    assert best.value.sel(issue="issue1").item() == row["package"]["issue1"]
    assert 1 - best.refuses.sel(party="B").item() == pytest.approx(row["accepts"]["B"])


def test_the_middle_of_draws_is_their_median_and_keeps_what_is_unknown():
    profile = random_profile(36, 9, 2, 2)
    profile.high[:, 0, 1] = np.nan
    centre = middle(profile)
    assert np.isnan(centre.high[0, 1])
    assert centre.position[1, 0] == np.median(profile.position[:, 1, 0])
    assert middle(centre) is centre

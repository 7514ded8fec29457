"""Ratings, quadratic loss and "only together" of a case: one worth in every room."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deals.genius import DOMAINS, read_tables
from tests.shared import shared_dir

from treves.case.formats import genius, scenario
from treves.case.model import Case
from treves.deals.concessions import apply_steps, smallest_concession
from treves.deals.frontier import pareto
from treves.deals.preferences import additive, spatial, tables_of
from treves.deals.result import find_deals
from treves.deals.solutions import solve_tables
from treves.deals.trades import find_trades
from treves.errors import CaseError
from treves.forecast.run import run
from treves.forecast.zones import deals
from treves.profile import modal
from treves.utility import accepted, payoff, worth

LEVELS = [np.array([0.0, 25.0, 50.0, 75.0, 100.0])] * 3


def case_of(**more):
    """Two parties, two issues; A rates the points of the first."""
    a = {"x": {"worth": {0: 0.2, 50: 1, 100: 0.6}, "salience": 100}}
    a["y"] = {"position": 0, "salience": 50}
    b = {"x": {"position": 100, "salience": 50}, "y": {"position": 100, "salience": 100}}
    return Case.model_validate(
        {
            "id": "c",
            "parties": [{"id": "A"}, {"id": "B"}],
            "issues": [{"id": "x"}, {"id": "y"}],
            "positions": {"A": a, "B": b},
            **more,
        }
    )


def random_case(seed):
    """Three parties and issues, with ratings, red lines, terms that belong together."""
    rng = np.random.default_rng(seed)
    parties, issues = ["A", "B", "C"], ["x", "y", "z"]
    rows = {p: {} for p in parties}
    for p, i in product(parties, issues):
        stance = {"salience": float(rng.integers(10, 100))}
        if rng.random() < 0.5:
            points = rng.choice(LEVELS[0], 4, replace=False)
            stance["worth"] = {float(x): float(rng.random()) for x in points}
        else:
            stance["position"] = float(rng.integers(0, 100))
        if rng.random() < 0.6:
            low = float(rng.integers(0, 80))
            stance["accepts"] = [low, low + float(rng.integers(5, 20))]
        rows[p][i] = stance
    together = [
        {
            "where": {i: sorted(rng.choice(100, 2).tolist()) for i in pair},
            "worth": {p: float(rng.uniform(-0.4, 0.4)) for p in parties},
        }
        for pair in (("x", "y"), ("z", "x"))
    ]
    loss = "quadratic" if rng.random() < 0.5 else "linear"
    return Case.model_validate(
        {
            "id": "c",
            "parties": [{"id": p} for p in parties],
            "issues": [{"id": i} for i in issues],
            "positions": rows,
            "together": together,
            "settings": {"loss": loss},
        }
    )


def test_ratings_by_hand():
    # A at (0, 100): 80 of 80 points lost at full salience, 100 of 100 at half: the worst package.
    # A at (25, 0): half-way between .2 and 1 it lacks .4, that is 40 of 80 + 50.
    found = worth(modal(case_of()), np.array([[50.0, 0.0], [0.0, 100.0], [25.0, 0.0]]))
    assert found[0] == pytest.approx([1.0, 0.0, 1 - 40 / 130])
    assert modal(case_of()).position[0, 0] == 50.0  # the point rated best is what A asks for


def test_quadratic_loss_by_hand():
    profile = modal(case_of(settings={"loss": "quadratic"}))
    # B at (50, 50): a quarter of everything it could lose; A loses half its 50 on y squared.
    found = worth(profile, np.array([[50.0, 50.0]]))
    assert found[1, 0] == pytest.approx(0.75)
    assert found[0, 0] == pytest.approx(1 - 0.5 * 2500 / (8000 + 0.5 * 10000))


def test_only_together_counts_where_both_hold():
    term = {"where": {"x": [50, 100], "y": [0, 40]}, "worth": {"B": -0.5}}
    packages = np.array([[50.0, 40.0], [50.0, 41.0], [49.0, 0.0]])
    with_term, without = modal(case_of(together=[term])), modal(case_of())
    change = worth(with_term, packages) - worth(without, packages)
    assert change == pytest.approx(np.array([[0, 0, 0], [-0.5, 0, 0]]))
    order = with_term.reorder([1, 0])
    assert worth(order, packages) == pytest.approx(worth(with_term, packages)[[1, 0]])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_one_worth_everywhere(seed):
    profile = modal(random_case(seed))
    packages = np.array(list(product(*LEVELS)))
    assert np.allclose(spatial(profile)(packages).T, worth(profile, packages))
    tables = tables_of(profile, LEVELS)
    none = np.full(3, 0.2)
    frontier, _ = solve_tables(tables, none)
    values = payoff(profile, packages).T
    row = {tuple(p): v for p, v in zip(packages.tolist(), values, strict=True)}
    assert len(frontier) == len(pareto(values))
    for choice, value in zip(frontier.choice, frontier.values, strict=True):
        assert np.allclose(row[tuple(LEVELS[0][choice].tolist())], value)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_smallest_concession_by_brute_force(seed):
    profile = modal(random_case(seed))
    packages = np.array(list(product(*LEVELS)))
    none = np.full(3, 0.3)
    fine = (none - 1e-7 <= worth(profile, packages).T).all(axis=1)
    low, high = np.nan_to_num(profile.low, nan=0.0), np.nan_to_num(profile.high, nan=100.0)
    beyond = np.maximum(low[:, None] - packages, 0) + np.maximum(packages - high[:, None], 0)
    moved = beyond.sum(axis=(0, 2))
    found = smallest_concession(profile, disagreement=none, levels=LEVELS)
    if not fine.any():
        assert found is None
        return
    assert found is not None
    assert found.total == pytest.approx(moved[fine].min(), abs=1e-4)
    assert found.worth == pytest.approx(worth(profile, found.package[None, :])[:, 0])
    assert (found.worth >= none - 1e-6).all()
    assert accepted(apply_steps(profile, found), found.package[None, :]).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_trades_between_listed_levels_by_brute_force(seed):
    profile = modal(random_case(seed))
    start = np.array([50.0, 25.0, 75.0])
    form, before = spatial(profile), worth(profile, start[None, :])[:, 0]
    best = {}
    for (i, j), (p, q) in product(permutations(range(3), 2), permutations(range(3), 2)):
        for to_i, to_j in product(LEVELS[0], LEVELS[0]):
            after = start.copy()
            after[i], after[j] = to_i, to_j
            on = [form.lost(n, start[n : n + 1]) - form.lost(n, after[n : n + 1]) for n in (i, j)]
            gives, gets = on[0][0], on[1][0]
            if gives[p] > 1e-9 or gets[p] <= 1e-9 or gives[q] <= 1e-9 or gets[q] > 1e-9:
                continue
            change = worth(profile, after[None, :])[:, 0] - before
            gain = min(change[p], change[q])
            if gain > 1e-9:
                key = min((p, q, i, j), (q, p, j, i))
                best[key] = max(best.get(key, 0.0), gain)
    found = {}
    for t in find_trades(profile, start, levels=LEVELS):
        who = (t.first, t.second, t.gives, t.receives)
        found[min(who, (who[1], who[0], who[3], who[2]))] = t.gain
    assert found.keys() == best.keys()
    assert all(found[k] == pytest.approx(best[k]) for k in best)


def test_worth_that_is_no_line_needs_listed_levels():
    profile = modal(case_of())
    with pytest.raises(ValueError, match="levels of every issue"):
        smallest_concession(profile)
    with pytest.raises(ValueError, match="levels of every issue"):
        find_trades(profile, np.array([50.0, 50.0]))


def test_an_issue_with_listed_values_is_traded_at_those_values():
    rows = {
        who: {i: {"position": at, "salience": s} for i, s in zip("xy", cares, strict=True)}
        for who, at, cares in (("A", 0, (90, 10)), ("B", 100, (10, 90)))
    }
    plain = case_of(positions=rows)
    trades = find_trades(
        modal(plain), np.array([50.0, 50.0]), levels=[np.array([0.0, 50.0, 100.0]), None]
    )
    assert trades
    assert {t.package[0] for t in trades} <= {0.0, 100.0}


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_a_genius_folder_as_a_case_has_the_frontier_and_nash_of_its_file(domain):
    folder = shared_dir() / "data" / "genius" / domain
    held = genius.read(folder)
    order = [[f.removesuffix(".xml") for f in DOMAINS[domain]].index(p.name) for p in held.parties]
    tables = [table[:, order] for table in read_tables(folder)]
    low, high = (sum(f(t) for t in tables) for f in (lambda t: t.min(0), lambda t: t.max(0)))
    (case,) = genius.load(folder)
    case = case.model_copy(update={"stakes": {}})
    profile = modal(case)
    # No agreement is worth 0 on the scale of the file.
    profile = replace(profile, collapse=(0.0 - low) / (high - low))
    found = find_deals(
        profile,
        [list(i.points) for i in case.issues],
        [i.continuous for i in case.issues],
    )
    frontier, solved = solve_tables(additive(tables), np.zeros(2))
    ours = low + found.front.values * (high - low)

    def rounded(rows):
        return {tuple(row) for row in np.round(rows, 7).tolist()}

    assert rounded(ours) == rounded(frontier.values)
    nash = low + found.solutions.values[found.solutions.tied["nash"]] * (high - low)
    assert rounded(nash) == rounded(solved.values[solved.tied["nash"]])


def test_a_scenario_comes_back_with_its_ratings():
    domain = scenario.Scenario(
        "d",
        (scenario.Topic("colour", ("red", "green", "blue")), scenario.Topic("size", ("s", "m"))),
        (
            scenario.Rating("one", (0.7, 0.3), ((0.1, 1.0, 0.4), (1.0, 0.5)), 0.3),
            scenario.Rating("two", (0.5, 0.5), ((1.0, 0.0, 0.9), (0.0, 1.0)), 0.2),
        ),
    )
    back = scenario.of_case(scenario.to_case(domain))
    for before, after in zip(domain.parties, back.parties, strict=True):
        assert after.weights == pytest.approx(before.weights)
        assert after.reservation == pytest.approx(before.reservation)
        for given_, found in zip(before.ratings, after.ratings, strict=True):
            assert found == pytest.approx(given_)


def test_ratings_outside_the_scale_keep_their_worth():
    domain = scenario.Scenario(
        "d",
        (scenario.Topic("x", ("a", "b", "c")), scenario.Topic("y", ("a", "b"))),
        (scenario.Rating("one", (1.0, 1.0), ((-3.0, 1.0, 0.5), (0.0, 1.0)), -1.0),),
    )
    profile = modal(scenario.to_case(domain))
    packages = np.array([[0.0, 0.0], [50.0, 0.0], [100.0, 100.0]])
    whole = np.array([-3.0 + 0.0, 1.0 + 0.0, 0.5 + 1.0])
    assert worth(profile, packages)[0] == pytest.approx((whole + 3.0) / 5.0)


def test_deals_and_the_endgame_know_what_belongs_together():
    term = {"where": {"x": [0, 100], "y": [0, 100]}, "worth": {"A": 0.9, "B": 0.9}}
    body = {"rule": {"decision": "consensus"}, "as_of": "2024-05-01"}
    body["calendar"] = [{"date": "2024-05-07", "kind": "council"}]
    body["stakes"] = {p: {"collapse": 0.5, "status_quo": 0.5} for p in "AB"}
    plain, bonus = case_of(**body), case_of(**body, together=[term])
    picked = [deals(c, draws=64).solution("egalitarian")["payoff"] for c in (plain, bonus)]
    least = [min(payoffs.values()) for payoffs in picked]
    assert least[1] == pytest.approx(least[0] + 0.9)
    # Whatever is agreed, now or later, is worth much more than no deal: who would let talks fail?
    odds = [run(c, draws=128).outcomes["collapse"] for c in (plain, bonus)]
    assert odds[1] < 0.1 * odds[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"together": [{"where": {"x": [0, 9], "q": [0, 9]}, "worth": {"A": 1}}]}, "issue q"),
        ({"together": [{"where": {"x": [0, 9], "y": [0, 9]}, "worth": {"Z": 1}}]}, "party Z"),
    ],
)
def test_unknown_names_in_together_are_refused(change, words, tmp_path):
    from treves.case.formats.native import dumps, load

    path = tmp_path / "case.yaml"
    path.write_text(dumps(case_of(**change)), encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        load(path)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("together:\n- where: {x: [9, 0], y: [0, 9]}\n  worth: {A: 1}\n", "lies above"),
        ("together:\n- where: {x: [0, 9]}\n  worth: {A: 1}\n", "two issues"),
        ("settings: {loss: cubic}\n", "is not known"),
        ("positions:\n  A: {x: {salience: 5, worth: {0: 2, 50: 1}}}\n", "rating 2 of point 0"),
        ("positions:\n  A: {x: {salience: 5, worth: {0: 1}}}\n", "fewer than two"),
        ("positions:\n  A: {x: {salience: 5, worth: {0: 1, 500: 1}}}\n", "outside the scale"),
    ],
)
def test_what_cannot_be_used_is_said(block, words, tmp_path):
    from treves.case.formats.native import load

    path = tmp_path / "case.yaml"
    text = "id: c\nparties:\n- {id: A}\nissues:\n- {id: x}\n- {id: y}\n"
    path.write_text(text + block, encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        load(path)


def test_what_is_rated_or_combined_is_a_level_of_a_continuous_issue():
    case = case_of(together=[{"where": {"x": [12, 60], "y": [0, 40]}, "worth": {"B": 0.1}}])
    a = {"x": {"worth": {0: 0.2, 37: 1, 100: 0.6}, "salience": 100}, "y": {"position": 0}}
    case = Case.model_validate({**case.model_dump(exclude_unset=True), "positions": {"A": a}})
    x, y = deals(case, draws=16).space.levels
    assert {12.0, 37.0, 60.0} <= set(x.tolist())
    assert {0.0, 40.0} <= set(y.tolist())
    discrete = [
        i.model_copy(update={"continuous": False, "points": {0: "no", 100: "yes"}})
        for i in case.issues
    ]
    x, _ = deals(case.model_copy(update={"issues": tuple(discrete)}), draws=16).space.levels
    assert 12.0 not in x

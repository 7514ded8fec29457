"""Sensitivity and value of information: published values, the library SALib, and cases."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy.stats import norm

from treves.case.model import Case
from treves.endgame.calibration import recalibrate
from treves.errors import MissingExtra
from treves.forecast.indices import ORDER, PRECISION, case_indices, inputs_of, sobol_indices
from treves.forecast.ranges import ranges_of
from treves.forecast.result import Forecast
from treves.forecast.run import run
from treves.forecast.sensitivity import (
    explained_variance,
    in_headline_scale,
    mutual_information,
    partial_perfect_information,
)
from treves.forecast.tornado import Sensitivity, sensitivity
from treves.forecast.whatif import with_changes
from treves.profile import Floats, triples

ISHIGAMI = {"first": (0.313905, 0.442411, 0.0), "total": (0.557589, 0.442411, 0.243684)}


def ishigami(x: Floats) -> Floats:
    """Ishigami and Homma (1990), a = 7, b = 0.1; axes (run, 3)."""
    first, second, third = x.T
    return np.asarray(np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first))


def around(uniforms: Floats) -> Floats:
    return np.pi * (2.0 * uniforms - 1.0)


def shares_of(x: Floats, y: Floats) -> list[float]:
    """What part of the variance each number explains: the first-order indices."""
    return [explained_variance(column, y) / float(y.var()) for column in x.T]


def test_first_order_indices_of_ishigami() -> None:
    x = around(np.random.default_rng(0).random((20_000, 3)))
    assert shares_of(x, ishigami(x)) == pytest.approx(ISHIGAMI["first"], abs=0.03)


def test_first_order_indices_agree_with_another_library() -> None:
    delta = pytest.importorskip("SALib.analyze.delta")
    rbd = pytest.importorskip("SALib.analyze.rbd_fast")
    u = np.random.default_rng(3).random((4096, 3))
    y = ishigami(around(u))
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    by_bins = delta.analyze(problem, u, y, num_resamples=2, method="sobol", seed=1)["S1"]
    by_waves = rbd.analyze(problem, u, y, num_resamples=2, seed=1)["S1"]
    ours = shares_of(u, y)
    assert ours == pytest.approx(list(by_bins), abs=0.03)
    assert ours == pytest.approx(list(by_waves), abs=0.04)


def test_total_indices_of_ishigami() -> None:
    pytest.importorskip("SALib")
    found = sobol_indices(lambda u: ishigami(around(u))[:, None], list("abc"), 4096, 0)
    assert found.first[0] == pytest.approx(ISHIGAMI["first"], abs=0.03)
    assert found.total[0] == pytest.approx(ISHIGAMI["total"], abs=0.03)
    again = sobol_indices(lambda u: ishigami(around(u))[:, None], list("abc"), 4096, 0)
    assert found.total_error.tobytes() == again.total_error.tobytes()


def test_inputs_of_one_name_are_one_input() -> None:
    pytest.importorskip("SALib")
    found = sobol_indices(
        lambda u: (u[:, 0] * u[:, 1] + u[:, 2])[:, None], ["pair", "pair", "c"], 2048, 0
    )
    # Var(xy) = 1/9 - 1/16, Var(c) = 1/12: no part of it is shared between the groups.
    pair = (1 / 9 - 1 / 16) / (1 / 9 - 1 / 16 + 1 / 12)
    assert found.groups == ("pair", "c")
    assert found.first[0] == pytest.approx([pair, 1 - pair], abs=0.02)
    assert found.total[0] == pytest.approx([pair, 1 - pair], abs=0.02)


WEIGHTS = np.array([0.34 * 0.95, 0.24 * 0.9, 0.14 * 0.5, 0.05 * 0.95]) / 0.6565
SPREADS = np.array([5.0, 10.0, 20.0, 10.0])
MEAN_SHARES = [0.275727, 0.493221, 0.207200, 0.023852]


def test_indices_of_a_weighted_mean() -> None:
    assert pytest.approx([0.492003, 0.329018, 0.106626, 0.072353], abs=1e-6) == WEIGHTS
    assert np.sqrt(((WEIGHTS * SPREADS) ** 2).sum()) == pytest.approx(4.684877, abs=1e-6)
    exact = (WEIGHTS * SPREADS) ** 2 / ((WEIGHTS * SPREADS) ** 2).sum()
    assert exact == pytest.approx(MEAN_SHARES, abs=1e-6)
    x = SPREADS * np.random.default_rng(2).normal(size=(20_000, 4))
    assert shares_of(x, x @ WEIGHTS) == pytest.approx(MEAN_SHARES, abs=0.02)


def test_total_indices_of_a_weighted_mean() -> None:
    pytest.importorskip("SALib")
    found = sobol_indices(
        lambda u: (SPREADS * norm.ppf(u) @ WEIGHTS)[:, None], list("abcd"), 2048, 0
    )
    assert found.first[0] == pytest.approx(MEAN_SHARES, abs=0.02)
    assert found.total[0] == pytest.approx(MEAN_SHARES, abs=0.02)


def test_value_of_perfect_information() -> None:
    t = norm.ppf((np.arange(40_000) + 0.5) / 40_000)
    assert np.maximum(t, 0.0).mean() == pytest.approx(0.398942, abs=1e-5)
    assert norm.pdf(0.0) == pytest.approx(0.398942, abs=1e-6)
    assert [0.8 * norm.pdf(0.0), 0.6 * norm.pdf(0.0)] == pytest.approx(
        [0.319154, 0.239365], abs=1e-6
    )
    assert partial_perfect_information(t, np.stack([t, 0 * t], 1)) == pytest.approx(
        0.398942, abs=0.005
    )
    a, b = np.random.default_rng(4).normal(size=(2, 100_000)) * np.array([[0.8], [0.6]])
    payoff = np.stack([a + b, np.zeros_like(a)], axis=1)
    assert partial_perfect_information(a, payoff) == pytest.approx(0.319154, abs=0.006)
    assert partial_perfect_information(b, payoff) == pytest.approx(0.239365, abs=0.006)


def test_a_number_that_says_nothing_is_worth_nothing() -> None:
    rng = np.random.default_rng(7)
    worth = [
        partial_perfect_information(rng.random(2000), rng.normal(size=(2000, 3))) for _ in range(20)
    ]
    assert np.mean(worth) < 0.01  # the best of three means of a bin is .07 on average


def test_mutual_information_of_a_number_that_says_all_and_of_one_that_says_nothing() -> None:
    x, noise = np.random.default_rng(5).random((2, 10_000))
    event = (x > 0.5).astype(float)
    assert mutual_information(x, event) == pytest.approx(np.log(2), abs=0.01)
    assert mutual_information(noise, event) < 0.001


def test_no_spread_explains_nothing() -> None:
    flat = np.full(100, 0.3)
    assert explained_variance(np.arange(100.0), flat) == pytest.approx(0.0, abs=1e-12)


def test_draws_on_the_scale_of_the_headline() -> None:
    odds = np.random.default_rng(1).dirichlet([4, 1, 2, 0.5, 3], size=400)
    scaled = in_headline_scale(odds, "world")
    assert scaled.mean(axis=0) == pytest.approx(recalibrate(odds.mean(axis=0), "world"), abs=1e-6)
    assert scaled.sum(axis=1) == pytest.approx(1.0)
    half = np.argsort(odds[:, 0])[150:]
    moved = recalibrate(odds[half].mean(axis=0), "world")
    assert scaled[half].mean(axis=0) == pytest.approx(moved, abs=0.02)


def test_every_uncertain_number_can_be_set_to_its_ends(asylum: Case) -> None:
    ranges = ranges_of(asylum)
    assert {"CU.family_reunification.high", "VVD.collapse"} <= {r.name for r in ranges}
    for r in ranges:
        assert r.least <= r.low <= r.high <= r.most
        changed = with_changes(asylum, r.edit(r.low))
        scale = 100.0 if r.number.field == "salience" else 1.0
        held = triples(changed)[r.number.field][r.number.index] * scale
        assert held.tolist() == pytest.approx([r.low] * 3)


@pytest.fixture(scope="module")
def found(asylum: Case) -> Sensitivity:
    return sensitivity(asylum, draws=64)


@pytest.fixture(scope="module")
def whole(asylum: Case) -> Forecast:
    return run(asylum)


def test_the_tornado_of_a_case(asylum: Case, found: Sensitivity, whole: Forecast) -> None:
    swings = [bar.swing for bar in found.bars]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0.1
    assert len(found.bars) == len(ranges_of(asylum))
    assert found.headline == whole.headline
    assert found.probability == pytest.approx(whole.outcomes[whole.headline], abs=0.005)


def test_questions_are_those_of_the_forecast(found: Sensitivity, whole: Forecast) -> None:
    theirs = {(q.party, q.field, q.issue): q.swing for q in whole.questions}
    for q in found.questions[:3]:
        assert theirs[q.party, q.field, q.issue] == pytest.approx(q.swing, abs=0.01)
        assert q.information > 0.0


def test_a_flip_flips(asylum: Case, found: Sensitivity) -> None:
    assert found.flips
    for flip in found.flips:
        assert flip.ending != found.headline
        (edge,) = [r for r in ranges_of(asylum) if r.name == flip.name]
        assert flip.within == (edge.low <= flip.value <= edge.high)


def test_what_an_outside_number_could_change(found: Sensitivity) -> None:
    (fact,) = found.facts
    assert (fact.value, fact.comparator, fact.party) == (70000.0, "below", "VVD")
    assert fact.bar is not None
    assert fact.bar.name == "VVD.status_quo"


def test_causes_of_the_headline_and_of_settlements(found: Sensitivity, asylum: Case) -> None:
    pytest.importorskip("SALib")
    outputs = {cause.output for cause in found.causes}
    assert outputs == {"headline"} | {
        f"{m}.{i.id}" for m in ("mean", "median") for i in asylum.issues
    }
    for cause in found.causes:
        if not cause.output.startswith("headline"):
            assert cause.input.split(".")[1] == cause.output.split(".")[1]
        assert cause.first <= cause.total + 2 * (cause.first_error + cause.total_error)
    top = [c.input for c in found.causes if c.output == "headline"]
    assert {PRECISION, "VVD.collapse"} <= set(top[:5])


def test_partners_of_a_bloc_are_one_input(asylum: Case) -> None:
    pytest.importorskip("SALib")
    vvd = asylum.parties[0].model_copy(update={"moves_with": ("CDA",)})
    bloc = asylum.model_copy(update={"parties": (vvd, *asylum.parties[1:])})
    names = inputs_of(bloc)
    assert (names[0], names[-1]) == (PRECISION, ORDER)
    assert names.count("VVD.collapse and CDA.collapse") == 3  # two numbers and what they share
    _, indices = case_indices(bloc, "agreement", 0, "world")
    alone = len(set(inputs_of(asylum)))
    assert len(indices.groups) < alone
    assert indices.total[0].max() <= 1.0


def test_without_the_library_the_rest_is_there(
    asylum: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(MissingExtra, match=r"treves\[sensitivity\]"):
        case_indices(asylum, "agreement", 0, "world")
    seen = sensitivity(asylum, draws=16)
    assert seen.causes == ()
    assert "treves[sensitivity]" in seen.notes[0]
    assert seen.bars

"""Scores: published values, properness, and agreement with another library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from treves.forecast.scoring import (
    bins,
    brier,
    coverage,
    crps_grid,
    crps_sample,
    floored,
    log_score,
    paired_bootstrap,
    pit,
    quantiles,
    ranked_probability,
    reliability,
)


def spike(*at: int) -> np.ndarray:
    p = np.zeros(101)
    p[list(at)] = 1.0 / len(at)
    return p


def test_crps_of_a_standard_normal_at_0() -> None:
    z = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert crps_sample(z, 0.0) == pytest.approx(0.233695, abs=1e-4)


def test_crps_of_two_points_and_of_one() -> None:
    assert crps_sample(np.array([0.0, 10.0]), 5.0) == 2.5
    assert crps_grid(spike(0, 10), np.array(5.0)) == 2.5
    assert crps_sample(np.array([30.0]), 72.0) == 42.0
    assert crps_grid(spike(30), np.array(72.0)) == 42.0


@given(
    st.lists(st.tuples(st.integers(0, 100), st.floats(0.01, 5)), min_size=1, max_size=12),
    st.integers(0, 100),
)
def test_sample_and_grid_forms_agree(atoms: list[tuple[int, float]], y: int) -> None:
    z, w = (np.array(column, dtype=float) for column in zip(*atoms, strict=True))
    p = np.bincount(z.astype(int), weights=w / w.sum(), minlength=101)
    assert crps_sample(z, y, w) == pytest.approx(float(crps_grid(p, np.array(float(y)))), abs=1e-9)


@pytest.mark.parametrize("weight", [np.array([1.0, -1.0]), np.zeros(2)])
def test_impossible_weights_are_refused(weight: np.ndarray) -> None:
    with pytest.raises(ValueError, match="weights"):
        crps_sample(np.array([1.0, 2.0]), 1.0, weight)


def test_scoringrules_gives_the_same_numbers() -> None:
    sr = pytest.importorskip("scoringrules")
    rng = np.random.default_rng(3)
    z, y = rng.uniform(0, 100, 40), 35.5
    assert crps_sample(z, y) == pytest.approx(float(sr.crps_ensemble(y, z, estimator="nrg")))
    p = rng.dirichlet(np.ones(5), size=6)
    happened = rng.integers(0, 5, 6)
    theirs = sr.rps_score(happened + 1, p)  # its classes start at 1
    assert ranked_probability(p, happened) == pytest.approx(np.asarray(theirs))
    yes = np.array([True, False, True])
    assert brier(p[:3, 0], yes) == pytest.approx(np.asarray(sr.brier_score(yes * 1, p[:3, 0])))


def test_the_forecast_is_floored_and_still_sums_to_1() -> None:
    q = floored(np.array([1.0, 0.0, 0.0]))
    assert q.sum() == pytest.approx(1.0)
    assert log_score(np.array([1.0, 0.0, 0.0]), np.array([1]))[0] == pytest.approx(
        -np.log(0.001 / 1.002)
    )


def test_eleven_bins() -> None:
    p = np.zeros(101)
    p[[0, 4, 5, 14, 15, 94, 95, 100]] = 1 / 8
    assert (bins(p) * 8).round().astype(int).tolist() == [2, 2, 1, 0, 0, 0, 0, 0, 0, 1, 2]


def test_pit_of_a_calibrated_forecast_is_uniform_and_of_atoms_is_randomised() -> None:
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.full(101, 0.05), size=4000)
    y = np.array([rng.choice(101, p=row) for row in p], dtype=float)
    u = pit(p, y, np.random.default_rng(1))
    assert u.tobytes() == pit(p, y, np.random.default_rng(1)).tobytes()
    assert coverage(u) == pytest.approx(0.8, abs=0.02)
    assert np.histogram(u, 10, (0, 1))[0] == pytest.approx(np.full(10, 400), abs=75)
    low, high = quantiles(p, np.array([0.1, 0.9])).T
    closed = ((low <= y) & (y <= high)).mean()
    assert closed > coverage(u) + 0.04  # why coverage is by PIT


def test_quantiles_reach_their_level() -> None:
    assert quantiles(spike(10, 20), np.array([0.01, 0.5, 0.51, 0.99])).tolist() == [10, 10, 20, 20]


def test_reliability_rows_rise_and_keep_the_counts() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(500)
    rows = reliability(p, rng.random(500) < p)
    rates = [r.happened for r in rows]
    assert rates == sorted(rates)
    assert sum(r.count for r in rows) == 500
    assert sum(r.forecast * r.count for r in rows) == pytest.approx(p.sum())
    assert all(r.low <= r.happened <= r.high for r in rows)
    within = [r.count for r in rows if r.low <= r.forecast <= r.high]
    assert sum(within) > 400


def test_isotonic_bins_are_those_of_another_library() -> None:
    isotonic = pytest.importorskip("sklearn.isotonic")
    rng = np.random.default_rng(9)
    p = rng.random(120)
    happened = rng.random(120) < p
    theirs = isotonic.IsotonicRegression().fit(p, happened).predict(np.sort(p))
    ours = np.concatenate([np.full(r.count, r.happened) for r in reliability(p, happened)])
    assert ours == pytest.approx(theirs)


def test_few_forecasts_fall_into_fifths_of_the_line() -> None:
    rows = reliability(
        np.array([0.1, 0.19, 0.5, 0.99, 1.0]), np.array([False, True, False, True, True])
    )
    assert [r.count for r in rows] == [2, 1, 2]
    assert [r.happened for r in rows] == [0.5, 0.0, 1.0]
    # Wilson, n = 2, all happened, z = 1.645: 2 / (2 + z^2)
    assert (rows[2].low, rows[2].high) == pytest.approx((0.425, 1.0), abs=0.001)
    assert reliability(np.array([]), np.array([], dtype=bool)) == ()


def test_bootstrap_is_by_group() -> None:
    rng = np.random.default_rng(4)
    effect = np.repeat(rng.normal(size=50), 20)
    alone = paired_bootstrap(effect, np.arange(1000).astype(str), seed=0)
    grouped = paired_bootstrap(effect, np.repeat(np.arange(50), 20).astype(str), seed=0)
    assert grouped.mean == alone.mean == pytest.approx(effect.mean())
    assert grouped.se == pytest.approx(effect.std() / np.sqrt(50), rel=0.1)
    assert grouped.se > 3.5 * alone.se
    assert grouped == paired_bootstrap(effect, np.repeat(np.arange(50), 20).astype(str), seed=0)

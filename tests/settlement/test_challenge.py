"""Reference case 3.5 of the challenge model, the alliance sums, and its edge cases."""

from __future__ import annotations

import numpy as np
import pytest
from tests.settlement.emission import PARTIES, emission

from treves.settlement import challenge
from treves.settlement.challenge import Options, trace
from treves.settlement.contest import alliances
from treves.settlement.table import profile_of

OLD = Options(tie="lower", still=0.0, rounds=8)
AT = {name: k for k, name in enumerate(PARTIES)}


def gains(options: Options) -> np.ndarray:
    return trace(emission(), options=options).gains[0]


def test_chances_of_the_emission_case() -> None:
    x = np.array([4.0, 7.0, 10.0])
    w = np.array([0.248, 0.093, 0.336])  # power times salience, summed by position
    p = np.zeros((3, 3))
    alliances(x, w, 3, p)
    assert 1 - p[0, 2] == pytest.approx(0.575342, abs=1e-6)
    assert 1 - p[0, 1] == pytest.approx(0.633678, abs=1e-6)
    assert 1 - p[1, 2] == pytest.approx(0.496307, abs=1e-6)


def test_first_pass() -> None:
    e = gains(Options(risk=False, tie="lower"))
    rows = {
        "NL": (0, 0.493058, 0, 0, 0.619178, 0.619178, -0.071233, 0.873264, 0, 0.112851),
        "BE": (0.413885, 0, 0.853471, 0.413885, 0.404431, 0.404431, 0.106647, 0, 0.267356, 0),
        "FR": (0.641096, 0.597046, 1.660274, 0.641096, 0, 0, 0, 0.899261, 0.301370, 0.294830),
    }
    for name, row in rows.items():
        np.testing.assert_allclose(e[AT[name]], row, atol=1e-6)
    security = (3.164942, 3.763368, 7.541236, 3.164942, 3.690006)
    np.testing.assert_allclose(e.sum(axis=0)[:5], security, atol=1e-6)


def test_risk_and_second_pass() -> None:
    risk = trace(emission(), options=OLD).risk[0]
    expected = (1.117181, 1.004407, 0.5, 1.117181, 1.017582, 1.017582, 2, 0.648264, 1.453712)
    np.testing.assert_allclose(risk, (*expected, 1.556875), atol=1e-6)
    e = gains(OLD)
    for pair, value in {
        ("NL", "FR"): 0.463152,
        ("LU", "UK"): 0.757194,
        ("UK", "NL"): -0.358904,
        ("UK", "DK"): -0.698630,
        ("DK", "UK"): -0.610909,
        ("DK", "EL"): -0.004216,
        ("FR", "LU"): 1.636049,
        ("EL", "UK"): -0.037806,
    }.items():
        assert e[AT[pair[0]], AT[pair[1]]] == pytest.approx(value, abs=1e-6)


def test_rounds() -> None:
    played = trace(emission(), options=OLD)
    np.testing.assert_allclose(played.median[1:], (9.53, 9.53, 9.53, 10, 10, 10, 10, 10), atol=1e-4)
    mean = (7.6064, 7.7167, 8.3045, 9.6350, 9.6759, 9.7188, 9.7411, 9.7547)
    np.testing.assert_allclose(played.mean[1:], mean, atol=1e-4)
    positions = (
        (4, 7, 4, 4, 10, 10, 10, 7, 4.0970, 9.53),
        (4.0720, 7, 4.0304, 4.0720, 10, 10, 10, 7, 5.3097, 9.53),
        (5.0572, 7.1078, 4.4304, 5.0572, 10, 10, 10, 7, 9.3685, 9.53),
        (10, 7.8404, 6.3829, 10, 10, 10, 9.4107, 7.2969, 9.3685, 9.53),
    )
    np.testing.assert_allclose(played.positions[1:5], positions, atol=6e-5)
    assert played.ended == "rounds"


def test_rounds_without_risk_and_with_conflict() -> None:
    played = trace(emission(), options=Options(risk=False, still=0, rounds=8, tie="lower"))
    assert set(played.median) == {7.0}
    mean = (7.686, 7.8797, 7.9030, 7.9082, 7.9092, 7.9094, 7.9095, 7.9095)
    np.testing.assert_allclose(played.mean[1:], mean, atol=1e-4)
    played = trace(emission(), options=Options(conflict="full", still=0, rounds=3, tie="lower"))
    np.testing.assert_allclose(played.median[1:], (10, 10, 10), atol=1e-4)
    np.testing.assert_allclose(played.mean[1:], (8.7238, 7.4210, 10), atol=1e-4)


def naive(x: np.ndarray, w: np.ndarray, i: int, j: int) -> float:
    help_i = np.abs(x - x[j]) - np.abs(x - x[i])
    whole = (w * np.abs(help_i)).sum()
    return (w * np.maximum(help_i, 0)).sum() / whole if whole > 0 else 0.5


def test_alliance_sums_against_the_definition() -> None:
    rng = np.random.default_rng(3)
    for case in range(300):
        n = int(rng.integers(2, 25))
        x, w = rng.uniform(0, 100, n), rng.uniform(0, 1, n)
        if case % 2:
            x, w = np.round(x, -1), w * (rng.uniform(size=n) < 0.7)
        x.sort()
        p = np.full((n, n), np.nan)
        alliances(x, w, n, p)
        for i in range(n):
            for j in range(i + 1, n):
                if x[i] < x[j]:
                    assert p[i, j] == pytest.approx(naive(x, w, i, j), abs=1e-11)


@pytest.mark.parametrize("options", [OLD, Options(), Options(q=0.5), Options(conflict="full")])
def test_the_settlement_is_the_last_round_of_the_trace(options: Options) -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        profile = profile_of(
            rng.uniform(0, 100, (6, 1)), rng.uniform(0, 1, (6, 1)), rng.uniform(0, 9, 6)
        )
        last = trace(profile, options=options).median[-1]
        assert challenge.settle(profile, options)[0] == pytest.approx(last, abs=1e-9)


def test_a_fixed_span_makes_small_differences_weigh_less() -> None:
    near = gains(Options(span=100.0, risk=False))
    assert np.abs(near).max() < np.abs(gains(Options(risk=False))).max()


def test_threads_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    profile = profile_of(rng.uniform(0, 100, (2000, 8, 1)))
    many = challenge.settle(profile)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    np.testing.assert_array_equal(challenge.settle(profile), many)


def test_nobody_moves_where_everybody_agrees() -> None:
    played = trace(profile_of([[40.0], [40.0]]))
    assert played.ended == "unanimous"
    assert played.median.tolist() == [40.0]

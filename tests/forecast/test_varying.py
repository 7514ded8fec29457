"""Sensitivity, value of information, what-if, and the backtest on cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from treves.case.model import Case
from treves.catalogue import folder, folders
from treves.endgame import OUTCOMES
from treves.errors import CaseError, InputError
from treves.forecast.episodes import backtest_cases, base_rates, load_episodes
from treves.forecast.sensitivity import first_order, mutual_information, partial_perfect_information
from treves.forecast.tornado import sensitivity
from treves.forecast.whatif import combinations, numbers_of, whatif


def test_first_order_indices_of_ishigami() -> None:
    x = np.random.default_rng(0).uniform(-np.pi, np.pi, (3, 20_000))
    y = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    for k, expected in enumerate((0.313905, 0.442411, 0.0)):
        share, low, high = first_order(x[k], y, np.random.default_rng(1))
        assert share == pytest.approx(expected, abs=0.03)
        assert low <= share <= high


def test_first_order_indices_of_a_weighted_mean() -> None:
    w = np.array([0.34 * 0.95, 0.24 * 0.9, 0.14 * 0.5, 0.05 * 0.95])
    w /= w.sum()
    assert w == pytest.approx([0.492003, 0.329018, 0.106626, 0.072353], abs=1e-6)
    sd = np.array([5.0, 10.0, 20.0, 10.0])
    x = sd * np.random.default_rng(2).normal(size=(20_000, 4))
    shares = [first_order(x[:, k], x @ w, np.random.default_rng(3), 5)[0] for k in range(4)]
    assert shares == pytest.approx([0.275727, 0.493221, 0.2072, 0.023852], abs=0.02)


def test_value_of_perfect_information() -> None:
    t = norm.ppf((np.arange(40_000) + 0.5) / 40_000)
    assert partial_perfect_information(t, np.stack([t, 0 * t], 1)) == pytest.approx(
        0.398942, abs=0.005
    )
    a, b = np.random.default_rng(4).normal(size=(2, 100_000)) * np.array([[0.8], [0.6]])
    payoff = np.stack([a + b, np.zeros_like(a)], axis=1)
    assert partial_perfect_information(a, payoff) == pytest.approx(0.319154, abs=0.006)
    assert partial_perfect_information(b, payoff) == pytest.approx(0.239365, abs=0.006)


def test_mutual_information_of_a_number_that_says_all_and_of_one_that_says_nothing() -> None:
    x, noise = np.random.default_rng(5).random((2, 10_000))
    event = (x > 0.5).astype(float)
    assert mutual_information(x, event) == pytest.approx(np.log(2), abs=0.01)
    assert mutual_information(noise, event) < 0.01


def test_no_spread_explains_nothing() -> None:
    flat = np.full(100, 0.3)
    assert first_order(np.arange(100.0), flat, np.random.default_rng(0)) == (0.0, 0.0, 0.0)


def test_what_if_changes_what_it_says_and_nothing_else(asylum: Case) -> None:
    found = whatif(asylum, [{}, {"VVD.collapse": 0.9}], draws=64)
    assert set(found.variants[0].change.values()) == {0.0}
    assert found.variants[1].change["agreement"] < 0.0
    assert sum(found.variants[1].change.values()) == pytest.approx(0.0, abs=1e-9)
    assert found.variants[1].flips == (found.variants[1].headline != found.headline)


def test_a_path_that_names_nothing_is_refused(asylum: Case) -> None:
    with pytest.raises(CaseError, match=r"VVD\.colapse"):
        whatif(asylum, [{"VVD.colapse": 0.5}], draws=16)


def test_too_many_combinations_are_refused() -> None:
    with pytest.raises(InputError, match="900 runs"):
        combinations([("a.b", range(30)), ("c.d", range(30))])


def test_every_uncertain_number_has_two_ends(asylum: Case) -> None:
    found = numbers_of(asylum)
    assert "CU.family_reunification.accepts" in {path for path, _, _ in found}
    assert all(len(ends) == 2 for _, _, ends in found)


def test_sensitivity_of_a_case(asylum: Case) -> None:
    found = sensitivity(asylum, draws=16)
    swings = [bar.swing for bar in found.bars]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0.05
    assert all(s.low <= s.share <= s.high for s in found.shares)
    assert any("70000" in fact for fact in found.facts)
    assert all(flip.ending != found.headline for flip in found.flips)


def test_base_rates_leave_the_own_government_out() -> None:
    base = base_rates(np.array([4, 4, 0]), np.array(["a", "a", "b"]))
    assert base[0].tolist() == pytest.approx([2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    assert base[2, 4] == pytest.approx(3 / 7)


def test_cases_with_and_without_outcomes(tmp_path: Path) -> None:
    for name in list(folders())[:3]:
        text = (folder(name) / "case.yaml").read_text(encoding="utf-8")
        known = name != next(iter(folders()))
        happened = (folder(name) / "outcome.yaml").read_text() if known else ""
        indented = "".join(f"  {line}\n" for line in happened.splitlines())
        block = f"\noutcome:\n{indented}" if happened else ""
        (tmp_path / f"{name}.yaml").write_text(text + block, encoding="utf-8")
    episodes, digest = load_episodes(tmp_path)
    assert [e.outcome is None for e in episodes].count(True) == 1
    record, rows = backtest_cases(episodes, digest, draws=16)
    assert (record["cases"], record["with_outcome"]) == (3, 2)
    assert all(sum(r[o] for o in OUTCOMES) == pytest.approx(1.0, abs=1e-5) for r in rows)
    with pytest.raises(InputError, match="holds no case"):
        load_episodes(tmp_path / "nothing")

"""The softmax over atoms, its rivals, its traps, and the backtest on DEU."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.shared import shared_dir

from treves.case.model import Case
from treves.errors import InputError
from treves.forecast import atoms, deu, dressing
from treves.forecast.atoms import Softmax, candidates, snapped
from treves.forecast.backtest import backtest_deu, folds
from treves.forecast.council import capabilities, council
from treves.forecast.decided import distributions, even_over_zone, fitted
from treves.forecast.issues import Issues, issues_of
from treves.forecast.record import track_record
from treves.forecast.run import run
from treves.forecast.sampling import draw
from treves.forecast.scoring import GRID
from treves.forecast.settling import space_of
from treves.settlement.table import profile_of


def rows(*positions: float, power: list[float] | None = None) -> Issues:
    weights = power or [1.0] * len(positions)
    return issues_of(profile_of([[p] for p in positions], power=weights))


def forecast(issues: Issues) -> np.ndarray:
    return Softmax(np.array(fitted()["theta"])).predict(candidates(issues))


def area(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(np.cumsum(first - second, axis=1)).sum())


def test_a_twin_bus_does_not_draw_more_passengers() -> None:
    together, apart = forecast(rows(50, 50, 90)), forecast(rows(50, 51, 90))
    assert area(together, apart) < 1.5
    near = (GRID >= 45) & (GRID <= 56)
    assert together[0, near].sum() == pytest.approx(apart[0, near].sum(), abs=0.03)


@pytest.mark.parametrize("place", range(0, 99, 7))
def test_moving_a_party_by_one_point_changes_little(place: int) -> None:
    before, after = forecast(rows(place, 20, 80)), forecast(rows(place + 1, 20, 80))
    assert area(before, after) < 3.0


def test_turning_the_line_round_turns_the_readings_round() -> None:
    there = sorted(float(snapped(np.array(52.0), b)) for b in atoms.BORDERS)
    back = sorted(100.0 - float(snapped(np.array(48.0), b)) for b in atoms.BORDERS)
    assert there == back


def test_all_alike_is_a_spike_with_round_numbers() -> None:
    p = forecast(rows(35, 35, 35))
    assert np.argmax(p[0]) == 35
    assert p.sum() == pytest.approx(1.0)


def test_no_weight_at_all_counts_everybody_the_same() -> None:
    issues = rows(0, 100, power=[0.0, 0.0])
    assert issues.mean.tolist() == [50.0]
    assert np.isfinite(forecast(issues)).all()


def test_a_fit_finds_the_weights_that_made_the_outcomes() -> None:
    rng = np.random.default_rng(8)
    issues = issues_of(profile_of(rng.integers(0, 101, (6, 1500)).astype(float)))
    found = candidates(issues)
    truth = np.zeros(len(atoms.FEATURES))
    truth[[0, 4, 8]] = 1.5, 0.8, 0.5
    middle = atoms.Candidates(found.mask[3000:4500], found.phi[3000:4500])
    p = Softmax(truth).predict(middle)
    y = np.array([rng.choice(101, p=row) for row in p], dtype=float)
    fitted_again = atoms.fit(found, y, 0.1)
    # Being a position and having support are nearly the same thing here: forecasts must agree.
    assert fitted_again.theta[[4, 8]] == pytest.approx([0.8, 0.5], abs=0.25)
    gaps = np.abs(np.cumsum(fitted_again.predict(middle) - p, axis=1)).sum(axis=1)
    assert gaps.mean() < 1.0


def test_nothing_known_cannot_be_fitted() -> None:
    empty = candidates(rows(10, 20)).at(np.array([False]))
    with pytest.raises(ValueError, match="no known outcome"):
        atoms.fit(empty, np.array([]))


def test_every_dressing_is_a_distribution_and_the_point_a_point() -> None:
    train = issues_of(profile_of(np.random.default_rng(1).uniform(0, 100, (5, 30))))
    y, test = np.linspace(0, 100, 30), rows(10, 40)
    assert dressing.climatology(y, 1).sum(axis=1) == pytest.approx(1.0)
    for make in (dressing.dressed, dressing.scaled):
        assert make(train, y, test).sum(axis=1) == pytest.approx(1.0)
    assert dressing.kernel_and_atoms(train, y, test).sum() == pytest.approx(1.0)
    assert dressing.point(test)[0, 25] == 1.0


def test_folds_keep_proposals_together() -> None:
    group = np.repeat([f"p{k}" for k in range(30)], 3)
    parts = folds(group, 1)
    assert np.sum(parts, axis=0).tolist() == [1] * 90
    assert all(not set(group[f]) & set(group[~f]) for f in parts)


# Percent of the population of the Union that the Council counted with in 2016, a year after the
# figures of the data file: Decision (EU, Euratom) 2015/2393 as printed by Agence Europe, 9-12-2015.
SHARES_2016 = {
    **{"de": 15.93, "fr": 13.04, "uk": 12.73, "it": 12.07, "es": 9.12, "pl": 7.47, "ro": 3.9},
    **{"nl": 3.37, "be": 2.21, "el": 2.13, "cz": 2.05, "pt": 2.04, "hu": 1.94, "se": 1.92},
    **{"at": 1.69, "bu": 1.42, "dk": 1.11, "fi": 1.08, "sk": 1.06, "ie": 0.91, "cr": 0.83},
    **{"lt": 0.57, "si": 0.41, "lv": 0.39, "ee": 0.26, "cy": 0.17, "lu": 0.11, "mt": 0.08},
}


def test_council_votes_sum_to_their_treaties() -> None:
    data = council()
    assert sum(data["pre_nice"].values()) == 87
    nice, later = data["nice"], {"bu": 2007, "ro": 2007, "cr": 2013}
    for period in data["quota"]["nice"]:
        members = [a for a in nice if later.get(a, 2004) <= int(period["from"][:4])]
        assert sum(nice[a] for a in members) == period["of"]
        assert 0.72 < period["votes"] / period["of"] < 0.74
    population = data["population"]
    share = {a: 100 * n / sum(population.values()) for a, n in population.items()}
    for actor, expected in SHARES_2016.items():
        assert share[actor] == pytest.approx(expected, abs=0.12)
    assert SHARES_2016.keys() == share.keys() == data["nice"].keys()
    assert capabilities()["com"] == capabilities()["de"]
    with pytest.raises(InputError, match="shapley"):
        capabilities("shapley")


def test_the_backtest_on_deu() -> None:
    decisions = deu.load(shared_dir() / "data" / "deu" / "deu3_dev.csv")
    record, rows_ = backtest_deu(decisions, seeds=(0,))
    models = record["models"]
    assert models["softmax"]["crps"] < 15.35
    assert 0.78 <= models["softmax"]["coverage_80"] <= 0.82
    assert models["climatology"]["crps"] == pytest.approx(19.19, abs=0.01)
    assert record["differences"]["softmax - climatology"]["high"] < 0
    assert len(rows_) == len(decisions.ids) * len(models)
    levels = [f"q{k:02d}" for k in range(1, 100)]
    assert all(list(r) == ["isnr", "model", "point", *levels] for r in rows_)
    assert all(r["point"] == r["q50"] for r in rows_)
    assert all(r[a] <= r[b] for r in rows_[:400] for a, b in itertools.pairwise(levels))
    hidden = {i for i, k in zip(decisions.ids, decisions.known, strict=True) if not k}
    assert {r["isnr"] for r in rows_ if r["model"] == "softmax"} >= hidden


def test_a_backtest_needs_enough_outcomes() -> None:
    decisions = deu.load(shared_dir() / "data" / "deu" / "deu3_dev.csv")
    few = replace(decisions, outcome=np.full(len(decisions.ids), np.nan))
    with pytest.raises(ValueError, match="40 known outcomes"):
        backtest_deu(few)


def test_the_decision_of_a_case_and_the_joint_forecast(asylum: Case) -> None:
    found = run(asylum, draws=64)
    assert set(found.decision) == {i.id for i in asylum.issues}
    assert found.decision_tested is False
    assert found.joint["agreement"].probability == found.outcomes["agreement"]
    assert found.joint["postponed"].status_quo == {
        i.id: i.status_quo for i in asylum.issues if i.status_quo is not None
    }


def test_where_there_is_a_zone_half_of_the_forecast_lies_in_it(asylum: Case) -> None:
    profile = draw(asylum, 32, np.random.default_rng(0))
    profile = replace(
        profile, low=np.full_like(profile.low, 40.0), high=np.full_like(profile.high, 60.0)
    )
    space = space_of(asylum)
    even = even_over_zone(profile, space)
    assert even[:, 40:61].sum(axis=1) == pytest.approx(1.0)
    for p in distributions(profile, space).values():
        assert p.sum() == pytest.approx(1.0)
        assert p[40:61].sum() >= 0.5


def test_the_track_record_is_the_packaged_backtest() -> None:
    record = track_record()
    assert record.crps == fitted()["scores"]["models"]["softmax"]["crps"] < record.base_crps
    assert "Untested" in record.line


@pytest.mark.parametrize("screen", ["forecast", "deals", "settle", "sensitivity"])
def test_every_screen_says_how_good_it_is_and_what_was_never_tested(screen: str) -> None:
    line = track_record().on(screen)
    assert line.startswith("How good is this: ")
    assert "ntested: " in line or "never scored" in line

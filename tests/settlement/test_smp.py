"""Reference runs 4.7 of the spatial model of politics."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.shared import shared_dir

from treves.case.formats import ktab
from treves.errors import InputError
from treves.profile import Profile, modal
from treves.settlement import smp
from treves.settlement.smp import Options, trace
from treves.settlement.table import profile_of

POWER = (102.543, 53.393, 129.643, 75.920, 63.224, 120.048, 54.178)
POSITION = (
    *((75.79, 6.37, 70.45), (82.72, 73.50, 64.00), (82.45, 90.89, 0.07), (62.52, 50.82, 62.33)),
    *((82.34, 45.77, 73.31), (84.48, 33.70, 88.11), (70.96, 33.46, 90.36)),
)
SALIENCE = (
    *((49.53, 5.91, 28.15), (30.33, 21.22, 24.79), (48.47, 13.55, 34.62), (20.76, 39.24, 22.21)),
    *((40.96, 25.43, 22.59), (22.92, 39.35, 15.42), (31.75, 27.93, 26.03)),
)


def seven() -> Profile:
    return profile_of(POSITION, np.array(SALIENCE) / 100, POWER)


def test_seven_actors_on_three_issues() -> None:
    steps = trace(seven())
    assert len(steps) == 11
    first = {c.by: c for c in steps[0].challenges}
    assert [(first[i].target, round(first[i].chance, 4)) for i in (0, 1, 2)] == [
        (6, 0.7643),
        (0, 0.7964),
        (6, 0.8334),
    ]
    assert [round(first[i].gain, 4) for i in (0, 1, 2)] == [0.0947, 0.2810, 0.4711]
    np.testing.assert_allclose(first[0].target_position, (75.61, 24.78, 71.95), atol=0.011)
    after = (79.5, 44.7, 72.0), (78.9, 56.3, 72.5), (82.5, 90.9, 0.1), (65.8, 50.8, 63.0)
    np.testing.assert_allclose(steps[1].positions[:4], after, atol=0.051)
    last = (78.6, 31.8, 74.1), (78.6, 31.8, 74.1), (82.5, 90.9, 0.1), (67.1, 50.1, 63.7)
    np.testing.assert_allclose(steps[10].positions[:4], last, atol=0.051)
    for k, expected in {
        0: (0.0047, 0.0302, 0.0054, 0.1492, 0.6001, 0.1447, 0.0656),
        1: (0.6059, 0.0509, 0.0096, 0.1406, 0.6059, 0.1217, 0.0713),
        10: (0.3340, 0.3340, 0.0183, 0.0957, 0.1512, 0.4009, 0.1512),
    }.items():
        np.testing.assert_allclose(steps[k].winning, expected, atol=5.1e-5)


@pytest.mark.parametrize("name", ["dummy3d", "soe"])
def test_the_complete_published_runs(name: str) -> None:
    run = _read(f"ktab_{name}")
    profile = profile_of(run["position"], np.array(run["salience"]) / 100, run["capability"])
    steps = trace(profile)
    positions, winning = (
        np.array(run["positions_by_step"]),
        np.array(run["win_probability_by_step"]),
    )
    assert len(steps) == positions.shape[2]
    for k, step in enumerate(steps):
        np.testing.assert_allclose(step.positions, positions[:, :, k], atol=0.051)
        np.testing.assert_allclose(step.winning, winning[:, k], atol=5.1e-5)


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared_dir() / f"data/models/{name}.json").read_text())
    return loaded


def test_the_first_step_with_other_switches() -> None:
    run = _read("ktab_smpexample_step0")
    profile = profile_of(run["position"], np.array(run["salience"]) / 100, run["capability"])
    switches = {"VotingRule": "PropCbc", "PCEModel": "MarkovIncentive"}
    first = trace(profile, Options(switches, steps=0))[0]
    np.testing.assert_allclose(first.risk, run["R"], atol=5e-5)
    np.testing.assert_allclose(first.winning, run["win_probability"], atol=5.1e-5)
    for challenge, expected in zip(first.challenges, run["targets"], strict=True):
        found = (challenge.by, challenge.target, challenge.chance, challenge.gain)
        assert found == pytest.approx(tuple(expected), abs=5.1e-5)
    for queue, named, p in zip(
        first.queues, run["bargain_probabilities"], run["bargain_p"], strict=True
    ):
        pairs = [(-1, -1) if kind == "sq" else (i, j) for kind, i, j in named]
        found = {(i, j): v for i, j, v in queue}
        assert [found[pair] for pair in pairs] == pytest.approx(p, abs=5.1e-5)


def test_a_file_of_ktab_runs_as_it_stands() -> None:
    path = shared_dir() / "data/ktab/dummyData_3Dim.csv"
    profile = modal(ktab.load(path)[0])
    np.testing.assert_allclose(smp.settle(profile), smp.settle(seven()), atol=1e-9)
    steps = trace(seven())
    low, high = steps[-1].positions.min(axis=0), steps[-1].positions.max(axis=0)
    assert np.all((smp.settle(profile) >= low) & (smp.settle(profile) <= high))


ALTERNATIVES = [(name, value) for name, values in ktab.SWITCHES.items() for value in values[1:]]


@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
def test_every_switch_changes_the_run_and_keeps_it_in_range(name: str, value: str) -> None:
    options = Options({name: value}, steps=6)
    answer = smp.settle(seven(), options)
    assert np.all((answer >= np.min(POSITION, axis=0)) & (answer <= np.max(POSITION, axis=0)))
    assert not np.array_equal(answer, smp.settle(seven(), Options(steps=6)))
    np.testing.assert_array_equal(answer, smp.settle(seven(), options))


def test_ideals_that_stay_hold_positions_back() -> None:
    follow = smp.settle(seven(), Options(ideals=np.eye(7)))
    np.testing.assert_allclose(follow, smp.settle(seven()), atol=1e-9)
    assert not np.allclose(smp.settle(seven(), Options(ideals=np.zeros((7, 7)))), follow)


def test_a_switch_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="Prop, Binary"):
        smp.settle(seven(), Options({"VotingRule": "Lottery"}))
    with pytest.raises(InputError, match="VictoryProbModel"):
        smp.settle(seven(), Options({"Rule": "Prop"}))
    with pytest.raises(InputError, match="every position"):
        trace(profile_of([[np.nan], [1.0]]))

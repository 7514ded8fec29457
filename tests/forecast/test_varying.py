"""What-if, and the backtest on cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from treves.case.model import Case
from treves.catalogue import folder, folders
from treves.cli.sensitivities import whatif_text
from treves.endgame import OUTCOMES
from treves.errors import CaseError, InputError
from treves.forecast.episodes import backtest_cases, base_rates, load_episodes
from treves.forecast.run import run
from treves.forecast.whatif import combinations, whatif, with_changes


def test_a_change_has_an_interval_of_its_own(asylum: Case) -> None:
    change = {"CU.family_reunification.accepts": [0, 45]}
    found = whatif(asylum, [change, {}], draws=200)
    moved, same = found.variants
    for name, (low, high) in moved.change_intervals.items():
        assert low <= moved.change[name] <= high
        before, after = found.intervals[name], moved.intervals[name]
        assert before[0] <= found.outcomes[name] <= before[1]
        assert after[0] <= moved.outcomes[name] <= after[1]
    low, high = moved.change_intervals["collapse"]
    assert high < 0
    # Both cases under the same precision, order and calibration: surer than either alone.
    widths = [a.intervals["collapse"][1] - a.intervals["collapse"][0] for a in (found, moved)]
    assert high - low < 0.6 * min(widths)
    assert set(same.change_intervals.values()) == {(0.0, 0.0)}


def test_what_if_changes_what_it_says_and_nothing_else(asylum: Case) -> None:
    found = whatif(asylum, [{}, {"VVD.collapse": 0.9}], draws=64)
    assert set(found.variants[0].change.values()) == {0.0}
    assert found.variants[1].change["agreement"] < 0.0
    assert sum(found.variants[1].change.values()) == pytest.approx(0.0, abs=1e-9)
    assert found.variants[1].flips == (found.variants[1].headline != found.headline)


def test_a_number_made_exact_shifts_no_other_draw(asylum: Case) -> None:
    """So the change hardly depends on the seed; drawn apart it varies three times as much."""
    exact = {"VVD.family_reunification.position": 90.0}
    changes = [
        whatif(asylum, [exact], seed, 256).variants[0].change["collapse"] for seed in range(4)
    ]
    assert np.std(changes) < 0.002
    moved = run(with_changes(asylum, exact), 0, 256, like=asylum)
    assert moved.outcomes["collapse"] - run(asylum, 0, 256).outcomes["collapse"] == pytest.approx(
        changes[0], abs=1e-9
    )


def test_a_path_that_names_nothing_is_refused(asylum: Case) -> None:
    with pytest.raises(CaseError, match=r"VVD\.colapse"):
        whatif(asylum, [{"VVD.colapse": 0.5}], draws=16)


def test_too_many_combinations_are_refused() -> None:
    with pytest.raises(InputError, match="900 runs"):
        combinations([("a.b", range(30)), ("c.d", range(30))])


def test_zone_settlement_and_endgame_are_set_against_those_of_the_case(asylum: Case) -> None:
    change = {"VVD.family_reunification.accepts": [0, 100], "VVD.family_reunification.position": 40}
    found = whatif(asylum, [change, {"rule.fallback": "none"}], draws=64)
    wide, same = found.variants
    assert wide.share_change == pytest.approx(wide.share_in_box - found.share_in_box)
    assert wide.share_change > 0.3
    assert found.to_open == 20.0
    assert wide.to_open == 0.0
    drop = wide.settlement_change["mean"]["family_reunification"]
    after, before = (f.settlement["mean"]["family_reunification"] for f in (wide, found))
    assert drop == pytest.approx(after - before)
    assert drop < -10.0
    ends = [a.settlement_ranges["mean"]["family_reunification"] for a in (found, wide)]
    was, now = (
        f"{mean:.0f} ({low:.0f}-{high:.0f})"
        for mean, (low, high) in zip((before, after), ends, strict=True)
    )
    told = f"settlement by the mean (9 draws in 10): family_reunification {was} → {now}"
    assert told in " ".join(whatif_text(found).split())
    assert same.settlement == found.settlement
    assert same.to_open == found.to_open
    assert same.change["vote_passed"] < 0.0


@pytest.mark.parametrize(("value", "holds"), [(60000, True), (70000, False), (80000.0, False)])
def test_a_fact_moves_no_odds_and_says_whose_case_it_touches(
    asylum: Case, value: float, holds: bool
) -> None:
    found = whatif(asylum, [{"fact.inflow": value}], draws=64)
    only = found.variants[0]
    assert set(only.change.values()) == {0.0}
    assert [f.holds for f in only.facts] == [holds]
    assert [(b.party, b.direction) for b in only.facts[0].bears_on] == [("VVD", "weakens")]
    told = "still below 70,000, so it" if holds else "no longer below 70,000, so it no longer"
    assert f"{told} weakens the case of VVD." in " ".join(whatif_text(found).split())


def test_a_fact_that_is_none_or_no_number_is_refused(asylum: Case) -> None:
    with pytest.raises(CaseError, match=r"fact\.outflow names no fact.*\n?.*fact\.inflow"):
        whatif(asylum, [{"fact.outflow": 5, "fact.inflow": "many"}], draws=16)


def test_a_sweep_is_a_table_with_a_line_per_value(asylum: Case) -> None:
    changes = combinations([("VVD.collapse", [0.1, 0.2, 0.3]), ("CU.collapse", [0.3, 0.4])])
    few, many = (
        whatif_text(whatif(asylum, part, draws=16)).splitlines() for part in (changes[:2], changes)
    )
    each = ["VVD.collapse=0.1,", "8", "change", "8"]
    assert [line.split()[0] for line in few[1:11]] == ["as", "8", *each, *each]
    assert [line.split()[0] for line in many[3:9]] == [
        f"VVD.collapse={c['VVD.collapse']}," for c in changes
    ]


def test_base_rates_leave_the_own_government_out() -> None:
    base = base_rates(np.array([4, 4, 0]), np.array(["a", "a", "b"]))
    assert base[0].tolist() == pytest.approx([2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    assert base[2, 4] == pytest.approx(3 / 7)


def test_cases_with_and_without_outcomes(tmp_path: Path) -> None:
    for k, name in enumerate(list(folders())[:3]):
        text = (folder(name) / "case.yaml").read_text(encoding="utf-8")
        happened = "" if k == 0 else (folder(name) / "outcome.yaml").read_text()
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

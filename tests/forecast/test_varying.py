"""What-if, and the backtest on cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from treves.case.model import Case
from treves.catalogue import folder, folders
from treves.endgame import OUTCOMES
from treves.errors import CaseError, InputError
from treves.forecast.episodes import backtest_cases, base_rates, load_episodes
from treves.forecast.whatif import combinations, numbers_of, whatif


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

"""Both modules about bluffs: reference tables, several roots, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.endgame.bodies import body, stakes_only

from treves.case.evidence import Claim
from treves.endgame import play
from treves.endgame.bluff import Shocks, Types, bluff_of, solve_shocks, solve_types
from treves.endgame.resolve import resolve_of

TREE_B = Types(0.4, 0.55, 0.15, 0.30, 0.35, 0.60, 0.80, 0.45, backing_down=0.1)


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (1, [0.495466, 0.493086, 0.501118, 0.499244, 0.574443, 0.475021, 0.401156]),
        (2, [0.494780, 0.485936, 0.504381, 0.496916, 0.645656, 0.450166, 0.404336]),
        (5, [0.516008, 0.477452, 0.523164, 0.479520, 0.817574, 0.377541, 0.418774]),
        (10, [0.593840, 0.528497, 0.546161, 0.423376, 0.952574, 0.268941, 0.428275]),
        (20, [0.738974, 0.668130, 0.487965, 0.288553, 0.997527, 0.119203, 0.424412]),
        (40, [0.928630, 0.855209, 0.302423, 0.046091, 0.999994, 0.017986, 0.419920]),
    ],
)
def test_types_reference_table(precision: float, expected: list[float]) -> None:
    found = solve_types(TREE_B, precision)[0]
    row = [*found.threatens, *found.concedes, *found.carries_out, found.posterior]
    assert row == pytest.approx(expected, abs=1e-6)
    assert found.principal


def test_what_a_threat_says_is_not_monotone_in_its_cost() -> None:
    costs = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
    found = [solve_types(replace(TREE_B, backing_down=c), 10.0)[0].posterior for c in costs]
    assert found == pytest.approx([0.400, 0.419, 0.428, 0.421, 0.401, 0.385], abs=1e-3)


@pytest.mark.parametrize(
    ("payoffs", "expected"),
    [
        ((0, 1, -0.5, -1, 1, 0, -0.5), (0.514555, 0.828220, 0.650833, 0.638163)),
        ((0, 1, -1, -0.3, 1, 0, -0.5), (0.991899, 0.483967, 0.256126, 0.310309)),
        ((0, 1, -1.9, -2.9, 1, 0, -1.7), (0.083081, 1.0, 0.760250, 0.760250)),
        ((0, 1, 0, -1.2, 1, 0, -2), (0.039801, 1.0, 0.801928, 0.801928)),
    ],
)
def test_shocks_reference_table(payoffs: tuple[float, ...], expected: tuple[float, ...]) -> None:
    rows = [
        (s.resists, s.threatens, s.carries_out, s.prior) for s in solve_shocks(Shocks(*payoffs))
    ]
    assert any(row == pytest.approx(expected, abs=1e-5) for row in rows)


def test_every_root_solves_the_equation_and_they_differ() -> None:
    rng = np.random.default_rng(3)
    most = 0
    for _ in range(300):
        game = Shocks(0.0, 1.0, *rng.uniform(-4, 1, 2), 1.0, 0.0, rng.uniform(-4, 0))
        roots = solve_shocks(game)
        most = max(most, len(roots))
        chances = [r.resists for r in roots]
        assert chances == sorted(set(chances))
        assert all(0.0 <= r.carries_out <= 1.0 for r in roots)
    assert most > 1


def test_extreme_games_stay_numbers() -> None:
    for game in (Shocks(0, 9, -9, -9, 9, 0, -9), Shocks(9, 0, 9, -9, 0, 9, -9)):
        for found in solve_shocks(game):
            assert np.isfinite([found.resists, found.threatens, found.carries_out]).all()
    sure = Types(1.0, 0.9, 0.1, 0.1, 0.1, 0.5, 0.9, 0.4, backing_down=0.2)
    assert solve_types(sure, 40.0)[0].posterior == pytest.approx(1.0)


def test_a_case_gets_a_band_and_its_prior() -> None:
    rng = np.random.default_rng(5)
    profile = stakes_only([0.25, 0.2, 0.4], idle=0.2, draws=64)
    profile.collapse[:] += rng.normal(0.0, 0.08, profile.collapse.shape)
    b = body([8, 6, 4], fallback="majority_vote", threatened=True)
    game = play(profile, b, np.array([[20.0], [50.0]]), np.full(64, 8.0))
    found = bluff_of(game, b)
    assert found is not None
    assert (found.threatener, found.target) == ("p0", "p2")
    assert 0.0 <= found.low < found.high <= 1.0
    assert found.resolute_after[0] <= found.resolute_after[1]
    assert len(found.types) == len(found.costs) == len(found.shocks)
    mediated = body([8, 6, 4], chair=-1)
    assert bluff_of(game, mediated) is None


def claim(words: str, **about: object) -> Claim:
    return Claim.model_validate(
        {"source": "a", "span": (0, len(words)), "quote": words, "party": "p0", **about}
    )


AFTER_THE_FALL = claim("after the fall", stance="expect", issue="collapse")


@pytest.mark.parametrize(
    ("told", "odds"),
    [
        ([], 1.0),
        ([AFTER_THE_FALL], 1.5),
        ([AFTER_THE_FALL, AFTER_THE_FALL.model_copy(update={"source": "b"})], 1.5),
        ([claim("no fall", stance="expect", issue="collapse", certainty="denied")], 1 / 1.5),
        ([claim("a way out", stance="want_deal")], 1 / 1.5),
        ([claim("maybe", stance="expect", issue="deal", certainty="hedged")], 1 / 1.5**0.5),
        ([claim("will vote", stance="threaten_vote")], 1.0),
        ([claim("may vote", stance="threaten_vote", certainty="hedged")], 1 / 1.5**0.5),
        ([claim("will not go", stance="threaten_leave", certainty="denied")], 1 / 1.5),
        ([claim("inflow falls", stance="expect", issue="asylum_inflow")], 1.0),
        ([claim("a way out", stance="want_deal", party="p1")], 1.0),
        ([claim(f"a way out {k}", stance="want_deal") for k in range(9)], 1 / 3),
    ],
)
def test_what_is_said_of_resolve_moves_even_odds_a_little(told: list[Claim], odds: float) -> None:
    found = resolve_of(told, "p0")
    assert found.assumed == 0.5
    assert found.prior / (1 - found.prior) == pytest.approx(odds)
    assert bool(found.said) == (odds != 1.0)


def test_the_prior_moves_the_answer_about_the_threat_and_not_the_game() -> None:
    profile = stakes_only([0.25, 0.2, 0.4], idle=0.2, draws=64)
    profile.collapse[:] += np.random.default_rng(5).normal(0.0, 0.08, profile.collapse.shape)
    b = body([8, 6, 4], fallback="majority_vote", threatened=True)
    game = play(profile, b, np.array([[20.0], [50.0]]), np.full(64, 8.0))
    weak = bluff_of(game, b, [claim(f"a way out {k}", stance="want_deal") for k in range(3)])
    plain, strong = bluff_of(game, b), bluff_of(game, b, [AFTER_THE_FALL])
    assert weak is not None
    assert plain is not None
    assert strong is not None
    assert weak.resolve.prior < plain.resolve.prior == 0.5 < strong.resolve.prior
    assert weak.resolute_after < plain.resolute_after < strong.resolute_after
    assert weak.low <= plain.low <= strong.low
    assert [s.quote for s in strong.resolve.said] == ["after the fall"]

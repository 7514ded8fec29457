"""Explanations, beliefs and the menu: they say what the game says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pytest
from ruamel.yaml import YAML
from tests.endgame.bodies import body, sessions, stakes_only
from tests.shared import shared_dir

from treves.endgame import Endgame, Play, choose_menu, play
from treves.endgame.beliefs import all_kinds, informative, likelihood, move_table, reweight, update
from treves.endgame.explain import explain, flips
from treves.profile import Body, Profile
from treves.utility import payoff

PACKAGES = np.array([[20.0], [50.0], [70.0]])


@dataclass(frozen=True)
class Said:
    date: dt.date
    by: str
    kind: str
    source: str | None = None


def solved(draws: int = 32) -> tuple[Profile, Body, Endgame]:
    rng = np.random.default_rng(4)
    profile = stakes_only([0.2, 0.15, 0.5], idle=0.25, draws=draws)
    profile.collapse[:] += rng.normal(0.0, 0.1, profile.collapse.shape)
    b = body([8, 6, 4], fallback="majority_vote", sessions=sessions(2))
    return profile, b, play(profile, b, PACKAGES, np.full(draws, 8.0))


def test_reasons_are_the_numbers_of_the_game() -> None:
    _, b, game = solved()
    found = explain(game, b)
    k = found.package
    assert k == game.settled.mean(axis=0).sum(axis=0).argmax()
    for p, reason in enumerate(found.reasons):
        assert reason.accept == pytest.approx(game.worth[:, p, k].mean())
        assert reason.outvoted == pytest.approx(reason.accept - 0.05)
        assert reason.fall == pytest.approx(game.fall[:, p].mean())
        assert reason.breaks == pytest.approx(game.leaves[:, p].mean())
    assert found.pivotal == ("p2",)
    assert sum(r.refuses for r in found.reasons) == pytest.approx(1.0)


def test_the_tree_adds_up_and_the_path_follows_it() -> None:
    _, b, game = solved()
    found = explain(game, b)
    assert found.tree[0].label == "session 1"
    assert found.tree[0].overall == pytest.approx(1.0)
    agreed = sum(line.overall for line in found.tree if line.label == "everybody agrees")
    assert agreed == pytest.approx(game.outcomes[:, 0].mean(), abs=1e-9)
    assert [line.depth for line in found.path] == list(range(len(found.path)))
    assert all(0.0 <= line.probability <= 1.0 for line in found.tree)


def test_a_flip_does_flip() -> None:
    profile, b, _ = solved()
    lam = np.full(32, 8.0)
    found = flips(profile, b, PACKAGES, lam, Play())
    assert found
    nearest = found[0]
    assert nearest.before != nearest.after
    stakes = [f for f in found if f.issue is None]
    sizes = [abs(f.change) for f in stakes]
    assert sizes == sorted(sizes)


def test_every_kind_of_move_in_the_crises_is_in_the_table() -> None:
    found = set()
    for path in sorted((shared_dir() / "data" / "crises").glob("*.yaml")):
        case = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        found |= {move["kind"] for move in case.get("moves", [])}
    assert found <= all_kinds()


def test_moves_that_coded_a_number_do_not_count_again() -> None:
    day = dt.date(2024, 3, 1)
    used = Said(day, "p1", "reject", "paper A; paper B")
    fresh = Said(day, "p1", "ultimatum", "paper C")
    later = Said(day + dt.timedelta(days=3), "p2", "reject", "paper A")
    twice = replace(later, source="paper D")
    talk = Said(day + dt.timedelta(days=3), "p2", "criticism")
    kept = informative([used, fresh, later, twice, talk], day, ["paper A"])
    assert kept == [fresh, later]


def test_observed_refusals_raise_the_chance_of_the_stubborn() -> None:
    _, _, game = solved(256)
    day = dt.date(2024, 3, 1)
    refusal = Said(day, "p2", "reject")
    belief = update(game, [refusal])
    assert belief.weights.sum() == pytest.approx(1.0)
    assert belief.weights @ game.fall[:, 2] > game.fall[:, 2].mean()
    assert 0.1 * 256 < belief.effective < 256
    assert belief.warning() == ""
    by_chair = likelihood(game, Said(day, "p0", "reject"))
    stranger = likelihood(game, Said(day, "nobody", "reject"))
    unknown = likelihood(game, Said(day, "p2", "dances"))
    assert by_chair.tolist() == stranger.tolist() == unknown.tolist() == [1.0] * 256
    assert move_table()["offer"] == ("propose", "offer")
    assert likelihood(game, Said(day, "p0", "offer")) == pytest.approx(game.flow[:, 0, 1])


def test_degenerate_weights_are_warned_about() -> None:
    belief = reweight(np.full(50, 0.02), np.array([1.0] + [1e-6] * 49))
    assert belief.degenerate
    assert "draw more" in belief.warning()
    assert reweight(np.full(4, 0.25), np.zeros(4)).weights.tolist() == [0.25] * 4


def test_the_menu_is_short_different_and_good() -> None:
    profile = stakes_only([0.2, 0.2, 0.2], draws=16)
    grid = np.linspace(0.0, 100.0, 201)[:, None]
    menu = choose_menu(profile, grid)
    assert len(menu) <= 8
    assert len(set(menu.tolist())) == len(menu)
    gain = (payoff(profile, grid) - profile.collapse[..., None]).mean(axis=0).min(axis=0)
    assert gain[menu[0]] == gain.max()
    assert (np.diff(gain[menu]) <= 1e-12).all()
    worth = payoff(profile, grid[menu]).mean(axis=0)
    apart = np.abs(worth[:, :, None] - worth[:, None, :]).max(axis=0) + np.eye(len(menu))
    assert apart.min() > 0.02
    assert choose_menu(profile, np.repeat(grid[:1], 5, axis=0)).tolist() == [0]

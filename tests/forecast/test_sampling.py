"""Draws of a case."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr, triang

from treves import catalogue
from treves.case.model import Case
from treves.forecast.sampling import draw, sample, uncertain_numbers
from treves.profile import modal


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_axes_are_draw_party_issue(asylum: Case) -> None:
    profile = draw(asylum, 100, rng())
    assert profile.position.shape == (100, 4, 2)
    assert profile.collapse.shape == (100, 4)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(asylum: Case) -> None:
    first, again, other = (draw(asylum, 64, rng(seed)) for seed in (1, 1, 2))
    assert first.position.tobytes() == again.position.tobytes()
    assert first.position.tobytes() != other.position.tobytes()


def test_a_number_has_its_triangular_distribution(asylum: Case) -> None:
    drawn = draw(asylum, 4096, rng()).high[:, 3, 0]  # CU: 20, 30, 40
    expected = triang(0.5, loc=20, scale=20)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert np.quantile(drawn, share) == pytest.approx(expected.ppf(share), abs=0.05)


def test_exact_numbers_stay_exact_and_absent_ones_absent(asylum: Case) -> None:
    profile = draw(asylum, 16, rng())
    assert (profile.low[:, 3, 0] == 0).all()
    silent = asylum.model_copy(update={"positions": {"VVD": asylum.positions["VVD"]}})
    drawn = draw(silent, 16, rng())
    assert np.isnan(drawn.position[:, 1:]).all()
    assert not drawn.present[:, 1:].any()


def test_partners_of_a_bloc_are_drawn_together(asylum: Case) -> None:
    parties = [
        p.model_copy(update={"moves_with": ("CU",)}) if p.id == "D66" else p for p in asylum.parties
    ]
    bloc = asylum.model_copy(update={"parties": tuple(parties)})
    profile = draw(bloc, 4096, rng())
    together = spearmanr(profile.collapse[:, 1], profile.collapse[:, 3]).statistic
    apart = spearmanr(profile.collapse[:, 0], profile.collapse[:, 3]).statistic
    assert together == pytest.approx(0.7, abs=0.02)
    assert apart == pytest.approx(0.0, abs=0.03)


def test_the_mean_of_the_draws_is_near_the_mean_of_the_estimates(asylum: Case) -> None:
    drawn = draw(asylum, 2048, rng())
    estimate = asylum.stance("CDA", "family_reunification").position
    assert estimate is not None
    assert drawn.position[:, 2, 0].mean() == pytest.approx(estimate.mean, abs=0.01)


@pytest.mark.parametrize("name", catalogue.folders())
def test_every_case_of_the_catalogue_can_be_drawn(name: str) -> None:
    case = catalogue.load_example(name)
    profile = draw(case, 32, rng())
    assert profile.parties == modal(case).parties
    known = ~np.isnan(profile.low)
    assert (profile.low[known] <= profile.high[known]).all()
    assert len(uncertain_numbers(case)) > 5


def test_no_draws_is_refused(asylum: Case) -> None:
    with pytest.raises(ValueError, match="at least one draw"):
        sample(asylum, 0, rng())

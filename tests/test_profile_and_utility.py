"""From records to arrays, what a package is worth, and which days decide."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treves import catalogue
from treves.case.calendar import horizon, sessions
from treves.case.estimate import Estimate
from treves.case.model import Case, Meeting, Move
from treves.profile import ASSUMED, OUTSIDE_PREMIUM, body_of, modal, needed_parties
from treves.utility import accepted, payoff, worth


def package(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


def test_its_own_package_is_worth_one_and_its_worst_nothing(asylum: Case) -> None:
    profile = modal(asylum)
    assert worth(profile, package(100, 90))[0, 0] == pytest.approx(1)  # the VVD asks for 100, 90
    assert worth(profile, package(0, 0))[0, 0] == pytest.approx(0)


def test_worth_by_hand(asylum: Case) -> None:
    # CU asks 0 and 35 with salience .95 and .40; its largest distances are 100 and 65.
    expected = 1 - (0.95 * 30 + 0.40 * 15) / (0.95 * 100 + 0.40 * 65)
    assert worth(modal(asylum), package(30, 50))[3, 0] == pytest.approx(expected)
    # CDA's content weight is .35: even its worst package is worth .65 to it.
    assert worth(modal(asylum), package(0, 0))[2, 0] == pytest.approx(1 - 0.35)


def test_a_party_to_which_nothing_matters_takes_everything(asylum: Case) -> None:
    rows = {
        i: s.model_copy(update={"salience": Estimate.of(0)})
        for i, s in asylum.positions["CU"].items()
    }
    case = asylum.model_copy(update={"positions": {**asylum.positions, "CU": rows}})
    assert worth(modal(case), package(100, 100))[3, 0] == 1.0


def test_the_soft_cost_grows_to_the_ramp_and_no_further(asylum: Case) -> None:
    profile = modal(asylum)  # CU accepts family reunification up to 30, salience .95
    at = [
        float((worth(profile, package(y, 50)) - payoff(profile, package(y, 50)))[3, 0])
        for y in (30, 42.5, 55, 90)
    ]
    assert at == pytest.approx([0, 0.35 * 0.95 / 2, 0.35 * 0.95, 0.35 * 0.95])


def test_the_mask_is_inside_on_every_issue(asylum: Case) -> None:
    profile = modal(asylum)
    assert accepted(profile, package(30, 50))[:, 0].tolist() == [False, True, True, True]
    assert accepted(profile, package(50, 50))[:, 0].tolist() == [True, False, True, False]


def test_an_unknown_red_line_blocks_nothing(asylum: Case) -> None:
    rows = {i: s.model_copy(update={"accepts": None}) for i, s in asylum.positions["CU"].items()}
    case = asylum.model_copy(update={"positions": {**asylum.positions, "CU": rows}})
    assert accepted(modal(case), package(100, 100))[3, 0]


@given(st.floats(0, 100), st.floats(0, 100))
def test_worth_lies_between_nothing_and_everything(x: float, y: float) -> None:
    profile = modal(catalogue.load_example("asylum"))
    value = worth(profile, package(x, y))
    assert (value >= -1e-12).all()
    assert (value <= 1 + 1e-12).all()
    assert (payoff(profile, package(x, y)) <= value + 1e-12).all()


def test_leading_axes_may_be_any(asylum: Case) -> None:
    profile = modal(asylum)
    twice = profile.at((np.newaxis, np.newaxis))
    assert worth(twice, package(30, 50)).shape == (1, 1, 4, 1)
    assert worth(twice, package(30, 50))[0, 0].tolist() == worth(profile, package(30, 50)).tolist()


def test_what_a_case_does_not_say_is_assumed_as_documented(asylum: Case) -> None:
    bare = modal(asylum.model_copy(update={"stakes": {}}))
    assert bare.collapse[0] == ASSUMED["collapse"][1]
    assert bare.outside[0] == pytest.approx(ASSUMED["collapse"][1] + OUTSIDE_PREMIUM)
    assert modal(asylum).power.tolist() == [34, 24, 14, 5]


def test_who_is_needed_for_a_deal() -> None:
    case = catalogue.load_example("dk-2014-dong")
    roles = {p.id: p.role for p in case.parties}
    needed = dict(zip(roles, needed_parties(case), strict=True))
    assert all(needed[p] == (role == "coalition") for p, role in roles.items())


def test_the_body_of_the_asylum_case(asylum: Case) -> None:
    body = body_of(asylum)
    assert (body.decision, body.fallback, body.exit) == ("consensus", "majority_vote", "any_leaves")
    assert body.chair == 0
    assert body.threatened
    assert [s.date.day for s in body.sessions] == [6, 7, 14]
    assert [s.can_vote for s in body.sessions] == [False, True, True]


def test_the_horizon_is_the_last_deciding_meeting_in_two_weeks(asylum: Case) -> None:
    assert horizon(asylum) == dt.date(2023, 7, 14)
    far = Meeting(date=dt.date(2023, 8, 1), kind="council")
    talk = Meeting(date=dt.date(2023, 7, 18), kind="debate")
    case = asylum.model_copy(update={"calendar": (*asylum.calendar, far, talk)})
    assert horizon(case) == dt.date(2023, 7, 14)
    decided = talk.model_copy(update={"decides": True})
    case = asylum.model_copy(update={"calendar": (*asylum.calendar, decided)})
    assert horizon(case) == dt.date(2023, 7, 18)


def test_without_a_deciding_meeting_the_window_ends_after_two_weeks(asylum: Case) -> None:
    case = asylum.model_copy(update={"calendar": ()})
    assert [s.date for s in sessions(case)] == [dt.date(2023, 7, 20)]


def test_a_deadline_is_half_hard_unless_stated(asylum: Case) -> None:
    soft = Meeting(date=dt.date(2023, 7, 8), kind="deadline")
    stated = soft.model_copy(update={"hard": Estimate.of(0.9)})
    for meeting, hard in ((soft, 0.5), (stated, 0.9)):
        case = asylum.model_copy(update={"calendar": (meeting,)})
        assert sessions(case)[0].hard == hard


def test_a_threat_that_was_taken_back_is_no_longer_outstanding(asylum: Case) -> None:
    back = Move(date=asylum.as_of, by="VVD", kind="concession")
    case = asylum.model_copy(update={"moves": (*asylum.moves, back)})
    assert not body_of(case).threatened

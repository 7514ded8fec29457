"""The game itself: axioms, every rule and exit, limits, speed of thought."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.endgame.bodies import body, sessions, stakes_only

from treves.case.model import FALLBACKS, Move
from treves.catalogue import load_example
from treves.endgame import OUTCOMES, Endgame, Play, orders, play, tables, votes
from treves.endgame.game import EXITS
from treves.errors import CaseError
from treves.profile import Body, Profile, body_of, modal

PACKAGES = np.array([[20.0], [50.0], [70.0]])
AGREEMENT, PASSED, POSTPONED, LEAVES, COLLAPSE = range(5)


def log_odds(p: float) -> float:
    return float(np.log(p / (1 - p)))


def solved(profile: Profile, b: Body, precision: float = 8.0, **options: object) -> Endgame:
    return play(profile, b, PACKAGES, np.array([precision]), Play(**options))  # type: ignore[arg-type]


RULES: list[dict[str, object]] = [
    {"decision": "consensus"},
    {"decision": "unanimity"},
    {"decision": "majority"},
    {"decision": "majority", "chair_breaks_ties": True},
    {"decision": "weighted_majority", "quota": 12.0},
    {
        "decision": "double_majority",
        "members_share": 0.55,
        "population_share": 0.65,
        "population": np.array([40.0, 30.0, 20.0, 10.0]),
    },
    {"decision": "veto", "base": "majority", "holders": np.array([False, True, False, False])},
    {"decision": "setter", "base": "consensus"},
    {"decision": "setter", "base": "majority"},
    {"decision": "negotiation"},
]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: "-".join(map(str, list(r.values())[:2])))
def test_every_rule_fallback_and_exit_gives_shares(rule: dict[str, object]) -> None:
    profile = stakes_only([0.3, 0.2, 0.45, 0.1], draws=3)
    fallbacks = ("none", "majority_vote", "chair_decides", "confidence_vote")
    exits = ("any_leaves", "majority_lost", "confidence_vote")
    for fallback, leaving, chair, government in product(fallbacks, exits, (0, -1), (True, False)):
        b = body([8, 6, 4, 2], fallback=fallback, exit=leaving, chair=chair, **rule)
        b = replace(b, is_government=government, sessions=sessions(2), threatened=chair == 0)
        if not government:
            b = replace(b, majority=np.nan, chamber=np.nan)
        game = play(profile, b, PACKAGES, np.array([2.0, 8.0, 25.0]))
        assert game.outcomes.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-12)
        assert (game.outcomes >= -1e-15).all()
        decided = game.outcomes[:, AGREEMENT] + game.outcomes[:, PASSED]
        assert game.settled.sum(axis=(1, 2)) == pytest.approx(decided, abs=1e-12)
        broken = game.outcomes[:, LEAVES] + game.outcomes[:, COLLAPSE]
        if fallback != "confidence_vote" and chair == 0:
            assert game.leaves.sum(axis=1) == pytest.approx(broken, abs=1e-12)
        low = min(float(game.worth.min()), float(game.fall.min())) - 0.5
        assert ((game.value > low) & (game.value <= 1.0)).all()


def test_the_codes_of_the_compiled_game_follow_the_lists_of_the_case() -> None:
    fallbacks = (tables.NO_FALLBACK, tables.BODY_VOTE, tables.CHAIR_DECIDES, tables.CONFIDENCE_VOTE)
    assert dict(zip(FALLBACKS, fallbacks, strict=True)) == {
        "none": 0,
        "majority_vote": 1,
        "chair_decides": 2,
        "confidence_vote": 3,
    }
    assert EXITS[tables.ANY_LEAVES] == "any_leaves"
    assert EXITS[tables.MAJORITY_LOST] == "majority_lost"
    assert EXITS[tables.CONFIDENCE] == "confidence_vote"
    codes = {name: getattr(votes, name.upper().removesuffix("_MAJORITY")) for name in votes.RULES}
    assert [votes.RULES[code] for code in codes.values()] == list(codes)


def test_rules_change_what_can_happen() -> None:
    profile = stakes_only([0.2, 0.2, 0.2, 0.2], draws=1)
    plain = solved(profile, body([8, 6, 4, 2]))
    assert plain.outcomes[0, PASSED] == 0.0
    assert plain.outcomes[0, LEAVES] == 0.0
    voting = solved(profile, body([8, 6, 4, 2], fallback="majority_vote"))
    assert voting.outcomes[0, PASSED] > 0.0
    no_vote = body([8, 6, 4, 2], fallback="majority_vote", sessions=sessions(1, can_vote=False))
    assert solved(profile, no_vote).outcomes[0, PASSED] == 0.0
    majority = solved(profile, body([8, 6, 4, 2], decision="majority"))
    assert majority.outcomes[0, PASSED] > 0.1


def test_a_small_party_can_be_spared_where_only_the_majority_counts() -> None:
    profile = stakes_only([0.1, 0.1, 0.1, 0.6])
    falls = solved(profile, body([8, 6, 4, 2]))
    goes_on = solved(profile, body([8, 6, 4, 2], exit="majority_lost"))
    assert falls.outcomes[0, LEAVES] == 0.0
    assert goes_on.outcomes[0, LEAVES] > goes_on.outcomes[0, COLLAPSE]
    assert goes_on.leaves[0].argmax() == 3


def test_support_and_outside_parties_vote_in_a_confidence_vote() -> None:
    roles = np.array([0, 0, 1, 2])

    def survival(outsider: float) -> float:
        profile = stakes_only([0.1, 0.7, 0.1, outsider], idle=[0.4, 0.4, 0.4, 0.4])
        b = body([40, 10, 10, 30], exit="confidence_vote", role=roles, majority=60.0, chamber=90.0)
        game = solved(profile, b)
        return float(game.outcomes[0, LEAVES] / game.outcomes[0, [LEAVES, COLLAPSE]].sum())

    assert survival(0.05) > survival(0.9) + 0.2


def test_leaving_a_surviving_government_costs_office() -> None:
    profile = stakes_only([0.1, 0.1, 0.1, 0.5])
    b = body([8, 6, 4, 2], exit="majority_lost")
    cheap, dear = (solved(profile, b, office=o).outcomes[0, LEAVES] for o in (0.0, 0.3))
    assert dear < cheap


def test_blame_holds_back_the_chair_as_well() -> None:
    profile = stakes_only([0.5, 0.1, 0.1, 0.1])
    blamed = replace(profile, blame=np.array([[0.4, 0.0, 0.0, 0.0]]))
    b = body([8, 6, 4, 2])
    assert solved(blamed, b).leaves[0, 0] < solved(profile, b).leaves[0, 0]


def test_relabelling_parties_changes_nothing() -> None:
    profile = stakes_only([0.3, 0.2, 0.45, 0.1])
    order = [2, 0, 3, 1]
    for rule in ("consensus", "majority"):
        b = body([8, 6, 4, 2], decision=rule, fallback="majority_vote", exit="majority_lost")
        game = solved(profile, b)
        moved = replace(b, votes=b.votes[order], seats=b.seats[order], role=b.role[order], chair=1)
        other = solved(profile.reorder(order), moved)
        assert other.outcomes == pytest.approx(game.outcomes, abs=1e-12)
        assert other.leaves[0] == pytest.approx(game.leaves[0, order], abs=1e-12)


def test_a_package_offered_twice_changes_nothing() -> None:
    """Splitting every offer splits its weight; a called vote is not made likelier by it."""
    profile, b = stakes_only([0.3, 0.2, 0.45]), body([8, 6, 4], fallback="majority_vote")
    once = play(profile, b, PACKAGES, np.array([8.0]))
    twice = play(profile, b, np.repeat(PACKAGES, 2, axis=0), np.array([8.0]))
    assert twice.outcomes == pytest.approx(once.outcomes, abs=1e-12)


def with_party(profile: Profile, fall: float, idle: float, salience: float, at: float) -> Profile:
    """The profile with one more party."""

    def grown(values: np.ndarray, value: float) -> np.ndarray:
        return np.concatenate([values, np.full_like(values[:, :1], value)], axis=1)

    return replace(
        profile,
        parties=(*profile.parties, "new"),
        position=grown(profile.position, at),
        low=grown(profile.low, 0.0),
        high=grown(profile.high, 100.0),
        salience=grown(profile.salience, salience),
        power=grown(profile.power, 1.0),
        content_weight=grown(profile.content_weight, 1.0),
        collapse=grown(profile.collapse, fall),
        status_quo=grown(profile.status_quo, idle),
        outvoted=grown(profile.outvoted, 0.05),
        outside=grown(profile.outside, fall + 0.08),
        blame=grown(profile.blame, 0.0),
        dislikes_vote=grown(profile.dislikes_vote, 0.0),
        needed=np.append(profile.needed, True),
    )


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_a_party_that_wants_nothing_hardly_changes_the_odds(count: int) -> None:
    """A party happy with everything and one that is indifferent between all endings."""
    falls = [0.1, 0.35, 0.2, 0.3, 0.1, 0.25, 0.3][:count]
    profile, votes = stakes_only(falls), [9.0] * count
    before = solved(profile, body(votes))
    happy = solved(with_party(profile, 0.3, 0.3, 0.0, 50.0), body([*votes, 1.0]))
    for outcome in (AGREEMENT, COLLAPSE):
        change = log_odds(happy.outcomes[0, outcome]) - log_odds(before.outcomes[0, outcome])
        assert abs(change) < 0.35


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_a_party_indifferent_between_all_endings_hardly_changes_the_odds(count: int) -> None:
    falls = [0.1, 0.35, 0.2, 0.3, 0.1, 0.25, 0.3][:count]
    profile, votes = stakes_only(falls), [9.0] * count
    grown = with_party(profile, 1.0, 1.0, 0.0, 50.0)
    after = solved(grown, body([*votes, 1.0]), delay=0.0)
    before = solved(profile, body(votes), delay=0.0)
    assert after.worth[0, -1] == pytest.approx(1.0)
    for outcome in (AGREEMENT, COLLAPSE):
        change = log_odds(after.outcomes[0, outcome]) - log_odds(before.outcomes[0, outcome])
        assert abs(change) < 0.5


def test_a_second_identical_member_hardly_changes_the_odds() -> None:
    profile, votes = stakes_only([0.1, 0.35, 0.2]), [9.0, 6.0, 5.0]
    before = solved(profile, body(votes))
    twin = with_party(profile, 0.35, 0.2, 0.8, 50.0)
    after = solved(twin, body([*votes, 1.0]))
    for outcome in (AGREEMENT, COLLAPSE):
        change = log_odds(after.outcomes[0, outcome]) - log_odds(before.outcomes[0, outcome])
        assert abs(change) < 0.35


def test_numbers_do_not_punish_agreement() -> None:
    """Equal parties that all gain 0.1: as many as you like."""

    def agreement(count: int) -> float:
        profile = stakes_only([0.4] * count, idle=0.4)
        profile = replace(profile, position=np.full((1, count, 1), 50.0))
        game = play(profile, body([1.0] * count), np.array([[50.0]]), np.array([8.0]))
        return float(game.outcomes[0, AGREEMENT])

    assert [agreement(n) for n in (3, 4, 8)] == pytest.approx([agreement(2)] * 3, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.02, 0.8), min_size=4, max_size=4), st.floats(0.5, 30.0))
def test_a_better_collapse_never_lowers_the_chance_to_leave(
    falls: list[float], precision: float
) -> None:
    """Once an offer is refused; before that the chair may offer more to keep the party in."""
    b = body([8, 6, 4, 2], sessions=sessions(1, hard=1.0))
    chances = []
    for raised in (0.0, 0.05, 0.15):
        higher = [falls[0], falls[1] + raised, *falls[2:]]
        options, offer = Play(silence=0.0), np.array([[40.0]])
        game = play(stakes_only(higher), b, offer, np.array([precision]), options)
        refused = game.flow[0, 0, 3]
        chances.append(round(float(game.walks[0, 1] / refused), 9))
    assert chances == sorted(chances)


def test_zero_precision_gives_the_base_weights() -> None:
    game = solved(stakes_only([0.3, 0.2, 0.45]), body([8, 6, 4]), precision=0.0)
    offered = np.array([[1 / 6] * 3 + [1 / 2]])
    assert game.offers == pytest.approx(offered, abs=1e-12)
    assert game.accepts == pytest.approx(np.full((1, 3), 0.5), abs=1e-12)
    refused = 0.5 + 0.5 * 0.5
    assert game.outcomes[0, AGREEMENT] == pytest.approx(0.25, abs=1e-12)
    assert game.walks[0].sum() == pytest.approx(refused / 2, abs=1e-12)


def test_infinite_precision_is_best_response() -> None:
    content = solved(stakes_only([0.0, 0.0, 0.0], idle=0.0), body([8, 6, 4]), np.inf)
    assert content.outcomes[0, AGREEMENT] == pytest.approx(1.0, abs=1e-9)
    eager = solved(stakes_only([0.0, 0.0, 0.9], idle=0.0), body([8, 6, 4]), np.inf)
    assert eager.outcomes[0, COLLAPSE] == pytest.approx(1.0, abs=1e-9)
    assert eager.leaves[0, 2] == pytest.approx(1.0, abs=1e-9)


def test_a_hard_deadline_takes_postponing_away() -> None:
    profile = stakes_only([0.2, 0.2, 0.2], idle=0.05)
    soft = solved(profile, body([8, 6, 4], sessions=sessions(1)))
    hard = solved(profile, body([8, 6, 4], sessions=sessions(1, hard=1.0)))
    assert hard.outcomes[0, POSTPONED] < soft.outcomes[0, POSTPONED]


def test_a_soft_deadline_lies_between_none_and_a_hard_one() -> None:
    profile = stakes_only([0.2, 0.2, 0.2], idle=0.05)
    none, half, full = (
        solved(profile, body([8, 6, 4], sessions=sessions(1, hard=h))).value[0, 0]
        for h in (0.0, 0.5, 1.0)
    )
    assert min(none, full) < half < max(none, full)


def test_the_chair_breaks_a_tie_where_the_case_says_so() -> None:
    profile = stakes_only([0.2, 0.2], idle=[0.2, 0.4])
    tied = body([8, 8], decision="majority")
    lost = solved(profile, tied).outcomes[0]
    won = solved(profile, replace(tied, chair_breaks_ties=True)).outcomes[0]
    assert lost[PASSED] == 0.0
    assert won[PASSED] > 0.05


def test_a_second_quota_makes_a_decision_by_vote_rarer() -> None:
    profile = stakes_only([0.2, 0.2, 0.2, 0.2], idle=0.3)
    members = body(
        [1, 1, 1, 1],
        decision="double_majority",
        members_share=0.75,
        population_share=0.1,
        population=np.array([10.0, 10.0, 10.0, 70.0]),
    )
    both = replace(members, population_share=0.65)
    one, two = (solved(profile, b).outcomes[0, PASSED] for b in (members, both))
    assert two < one


@pytest.mark.parametrize("kind", ["threat_vote", "threat_confidence_vote", "pm_ties_survival"])
def test_a_threat_outstanding_on_the_day_starts_the_game_threatened(kind: str) -> None:
    case = load_example("asylum")
    calm = [m for m in case.moves if not m.kind.startswith("threat")]
    threat = Move(date=case.as_of, by="VVD", kind=kind)
    later = Move(date=case.as_of + dt.timedelta(days=1), by="VVD", kind=kind)
    partner = Move(date=case.as_of, by="CU", kind=kind)
    by_move = {
        move: body_of(case.model_copy(update={"moves": (*calm, move)}))
        for move in (threat, later, partner)
    }
    assert [b.threatened for b in by_move.values()] == [True, False, False]
    with_threat, without = (
        play(modal(case), by_move[m], np.array([[40.0, 65.0]]), np.array([8.0]))
        for m in (threat, later)
    )
    dropped = tables.FLOW.index("dropped")
    assert with_threat.flow[0, 0, dropped] < without.flow[0, 0, dropped]


def test_a_threat_makes_dropping_the_matter_dearer() -> None:
    profile = stakes_only([0.2, 0.2, 0.3], idle=0.3)
    b = body([8, 6, 4], fallback="majority_vote")
    calm = solved(profile, b)
    threat = solved(profile, replace(b, threatened=True), backing_down=0.3)
    dropped = tables.FLOW.index("dropped")
    assert threat.flow[0, 0, dropped] < calm.flow[0, 0, dropped]


def test_a_chair_from_outside_is_a_mediator() -> None:
    profile = stakes_only([0.2, 0.2, 0.3])
    game = solved(profile, body([8, 6, 4], chair=-1))
    assert game.outcomes.sum() == pytest.approx(1.0)
    assert orders(body([8, 6, 4], chair=-1))[0].tolist() == [-1, -1]


def test_where_any_package_may_be_put_to_the_vote_the_chair_picks_its_own() -> None:
    profile = stakes_only([0.0, 0.2, 0.3], idle=[0.0, 0.3, 0.3])
    b = body([8, 4, 3], fallback="majority_vote")
    refused, free = (solved(profile, b, vote_on_any=chosen) for chosen in (False, True))
    assert free.outcomes.sum() == pytest.approx(1.0)
    assert free.outcomes[0, PASSED] > refused.outcomes[0, PASSED]
    alone = solved(profile, b, vote_on_any=True, silence=1e9)
    assert alone.outcomes[0, PASSED] > 0.3


def test_orders_are_averaged_and_reported() -> None:
    b, profile = body([8, 6, 4], sessions=sessions(2)), stakes_only([0.2, 0.2, 0.3])
    rows = tuple(map(tuple, orders(b).tolist()))
    assert rows == ((0, 0, 0), (-1, -1, -1), (1, 0, 0), (2, 0, 0))
    game = solved(profile, b, orders=rows)
    assert game.by_order.shape == (4, 1, len(OUTCOMES))
    assert game.outcomes == pytest.approx(game.by_order.mean(axis=0))
    assert game.by_order[0] == pytest.approx(solved(profile, b).outcomes)


def test_flow_of_the_first_session_adds_up() -> None:
    b = body([8, 6, 4], fallback="majority_vote", sessions=sessions(2))
    flow = solved(stakes_only([0.2, 0.2, 0.3]), b).flow[0, 0]
    reached, offered, agreed, refused, walked, voted = flow[:6]
    passed, failed, postponed, dropped, resigned = flow[6:]
    assert reached == pytest.approx(1.0)
    assert offered == pytest.approx(agreed + refused)
    silent = reached - offered
    chosen = voted - failed + postponed + dropped + resigned
    assert refused + silent == pytest.approx(walked + chosen)
    assert voted == pytest.approx(passed + failed)


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "majorty"},
        {"fallback": "duel"},
        {"exit": "never"},
        {"decision": "weighted_majority"},
        {"decision": "double_majority"},
        {"decision": "veto", "base": "veto"},
    ],
)
def test_unknown_rules_are_refused_with_the_list(changes: dict[str, object]) -> None:
    with pytest.raises(CaseError):
        solved(stakes_only([0.2, 0.2]), body([8, 6], **changes))


def test_same_input_same_bytes() -> None:
    profile, b = stakes_only([0.2, 0.2, 0.3], draws=5), body([8, 6, 4])
    first, second = (play(profile, b, PACKAGES, np.full(5, 8.0)) for _ in range(2))
    assert first.outcomes.tobytes() == second.outcomes.tobytes()

"""The sequential reference trees: published numbers, to 1e-6."""

from __future__ import annotations

import numpy as np
import pytest

from treves.endgame.beliefs import reweight
from treves.endgame.tree import Crisis, Node, Solution, Tree, build, solve

KINDS = ("agreement", "passed", "collapse", "no decision")
VOTES = (8, 6, 4)


def tree_a(fall: np.ndarray | None = None) -> tuple[Tree, dict[str, int]]:
    """V (0, the chair) and C (1); ``fall`` (m) is what a collapse is worth to C."""
    c = np.array([0.42]) if fall is None else fall
    m, tree, nodes = len(c), Tree(), {}

    def pay(v: float, other: np.ndarray | float, late: int) -> np.ndarray:
        return np.stack([np.full(m, v), np.broadcast_to(other, m)], axis=1) - 0.02 * late

    for late in (1, 0):
        stay = tree.end("passed", pay(0.80, 0.30, late))
        collapse = tree.end("collapse", pay(0.50, c, late))
        nodes[f"vote {late}"] = tree.decide(1, ["stay", "leave"], [stay, collapse])
        after = {"vote": nodes[f"vote {late}"]}
        if not late:
            after["postpone"] = nodes["session 1"]
        after["drop"] = tree.end("no decision", pay(0.10, 0.50, late))
        after["resign"] = tree.end("collapse", pay(0.50, c, late))
        nodes[f"chair {late}"] = tree.decide(0, list(after), list(after.values()))
        deal = tree.end("agreement", pay(0.80, 0.35, late))
        children = [deal, nodes[f"chair {late}"]]
        nodes[f"session {late}"] = tree.decide(1, ["accept", "refuse"], children)
    return tree, nodes


def odds(solution: Solution) -> list[float]:
    return [float(solution.chance(kind)[0]) for kind in KINDS]


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (0, [0.629792, 0.381042, 0.562500, 0.072917, 0.218750, 0.145833]),
        (1, [0.647679, 0.376318, 0.557242, 0.084922, 0.252657, 0.105179]),
        (5, [0.682837, 0.366893, 0.558497, 0.093833, 0.326607, 0.021062]),
        (10, [0.674546, 0.368224, 0.534213, 0.071473, 0.391490, 0.002824]),
        (20, [0.613644, 0.382294, 0.372286, 0.032482, 0.595153, 0.000080]),
        (np.inf, [0.5, 0.42, 0, 0, 1, 0]),
    ],
)
def test_tree_a(precision: float, expected: list[float]) -> None:
    solution = solve(tree_a()[0], precision)
    assert [*solution.value[0], *odds(solution)] == pytest.approx(expected, abs=1e-6)


def test_tree_a_node_by_node() -> None:
    tree, nodes = tree_a()
    solution = solve(tree, 10.0)

    def chances(name: str) -> list[float]:
        node = tree.nodes[nodes[name]]
        assert isinstance(node, Node)
        return [float(solution.play_of(nodes[name], a)[0][0]) for a in node.actions]

    assert chances("session 0")[0] == pytest.approx(0.421844, abs=1e-6)
    expected = [0.317198, 0.521505, 0.002901, 0.158396]
    assert chances("chair 0") == pytest.approx(expected, abs=1e-6)
    assert chances("vote 0")[0] == pytest.approx(0.231475, abs=1e-6)
    assert chances("session 1")[0] == pytest.approx(0.372685, abs=1e-6)
    assert chances("chair 1") == pytest.approx([0.662907, 0.006063, 0.331030], abs=1e-6)


def test_perfect_play_splits_ties_by_base_weight() -> None:
    tree, nodes = tree_a()
    solution = solve(tree, np.inf)
    for name in ("chair 0", "chair 1"):
        assert solution.play_of(nodes[name], "vote")[0][0] == pytest.approx(0.5)
        assert solution.play_of(nodes[name], "resign")[0][0] == pytest.approx(0.5)


def crisis(sessions: int, second: bool) -> Crisis:
    packages = [[0.80, 0.40, 0.30]] + ([[0.60, 0.50, 0.45]] if second else [])
    return Crisis(
        u=np.array(packages).T[None],
        collapse=np.array([[0.50, 0.35, 0.42]]),
        idle=np.array([[0.10, 0.45, 0.50]]),
        outvoted=np.array([[0.0, 0.05, 0.05]]),
        blame=np.zeros((1, 3)),
        outside=np.zeros((1, 3)),
        passes=lambda yes: 2 * sum(VOTES[p] for p in yes) > sum(VOTES),
        sessions=sessions,
        threats=second,
        backing_down=0.1 if second else 0.0,
        delay=0.02,
    )


@pytest.mark.parametrize(
    ("sessions", "second", "precision", "expected"),
    [
        (1, False, 0, [0.386719, 0.398438, 0.432422, 0.125000, 0.039062, 0.429688, 0.406250]),
        (1, False, 5, [0.530131, 0.368513, 0.400206, 0.124261, 0.091197, 0.698276, 0.086266]),
        (1, False, 10, [0.551580, 0.359719, 0.397592, 0.098165, 0.090730, 0.798385, 0.012720]),
        (1, False, np.inf, [0.50, 0.35, 0.42, 0, 0, 1, 0]),
        (2, False, 5, [0.541931, 0.363079, 0.385679, 0.170844, 0.099122, 0.650818, 0.079216]),
        (2, False, 10, [0.563400, 0.354047, 0.380761, 0.149048, 0.106262, 0.733384, 0.011305]),
        (2, True, 5, [0.539484, 0.384432, 0.401344, 0.247563, 0.113156, 0.582555, 0.056726]),
        (2, True, 10, [0.560739, 0.387100, 0.401058, 0.270385, 0.134167, 0.588954, 0.006494]),
    ],
)
def test_trees_a1_to_a3(
    sessions: int, second: bool, precision: float, expected: list[float]
) -> None:
    solution = solve(build(crisis(sessions, second)), precision)
    assert [*solution.value[0], *odds(solution)] == pytest.approx(expected, abs=1e-6)


def test_equal_situations_share_a_node() -> None:
    tree = build(crisis(1, False))

    def unfold(index: int) -> tuple[int, int]:
        node = tree.nodes[index]
        if not isinstance(node, Node):
            return 1, 0
        below = [unfold(child) for child in node.children]
        return 1 + sum(b[0] for b in below), 1 + sum(b[1] for b in below)

    assert unfold(len(tree.nodes) - 1) == (71, 34)
    assert len(tree.nodes) < 34


@pytest.mark.parametrize(
    ("precision", "refuse", "first", "postpone", "both", "fall", "mixture"),
    [
        (
            10.0,
            [0.578156, 0.348033],
            0.624231,
            [0.521505, 0.546323],
            0.613264,
            [0.527252, 0.103173],
            0.363246,
        ),
        (
            5.0,
            [0.539091, 0.402737],
            0.572388,
            [0.411511, 0.435976],
            0.558197,
            [0.414340, 0.203724],
            0.321289,
        ),
    ],
)
def test_observed_moves_reweight_particles(
    precision: float,
    refuse: list[float],
    first: float,
    postpone: list[float],
    both: float,
    fall: list[float],
    mixture: float,
) -> None:
    tree, nodes = tree_a(np.array([0.42, 0.20]))
    solution = solve(tree, precision)
    said_no, chair = solution.play_of(nodes["session 0"], "refuse")
    assert said_no == pytest.approx(refuse, abs=1e-6)
    after = reweight(np.array([0.5, 0.5]), said_no)
    assert after.weights[0] == pytest.approx(first, abs=1e-6)
    put_off, later = solution.play_of(chair, "postpone")
    assert put_off == pytest.approx(postpone, abs=1e-6)
    after = reweight(after.weights, put_off)
    assert after.weights[0] == pytest.approx(both, abs=1e-6)
    collapse = solution.chance("collapse", later)
    assert collapse == pytest.approx(fall, abs=1e-6)
    assert after.weights @ collapse == pytest.approx(mixture, abs=1e-6)


def test_splitting_an_action_with_its_weight_changes_nothing() -> None:
    def value(copies: int) -> tuple[float, float]:
        tree = Tree()
        deal = tree.end("agreement", np.array([0.7, 0.3]))
        fall = tree.end("collapse", np.array([0.2, 0.4]))
        names = [f"refuse {c}" for c in range(copies)]
        base = [1.0] + [1.0 / copies] * copies
        tree.decide(1, ["accept", *names], [deal] + [fall] * copies, base)
        solution = solve(tree, 6.0)
        return float(solution.value[0, 0]), float(solution.chance("collapse")[0])

    assert value(5) == pytest.approx(value(1), abs=1e-12)


def test_zero_precision_gives_the_base_weights() -> None:
    tree = Tree()
    ends = [tree.end(str(k), np.array([[0.1 * k]])) for k in range(3)]
    tree.decide(0, ["a", "b", "c"], ends, [1.0, 2.0, 5.0])
    solution = solve(tree, 0.0)
    assert solution.choices[-1] == pytest.approx(np.array([[0.125, 0.25, 0.625]]))

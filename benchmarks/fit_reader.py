"""Fit the weights of the Dutch reader on annotated reports, and score it on hands left out.

python benchmarks/fit_reader.py REPORTS            cross-validated tables
python benchmarks/fit_reader.py REPORTS --made     the made reports, batches left out in groups
python benchmarks/fit_reader.py REPORTS --write    fit on everything, write weights.json

Needs scikit-learn (development only; the reader itself needs nothing but the weights file).
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import made_reports
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from treves.case.evidence import CERTAINTIES, MOVES, SPEAKER_KINDS, STANCES, Source
from treves.reading.analyse import Analysis, analyse, span_of
from treves.reading.meanings import OPPOSED, Candidate, Clause
from treves.reading.model import Model
from treves.reading.pack import Pack
from treves.reading.reader import Reader
from treves.reading.registry import Registry
from treves.reading.scoring import (
    ATTRIBUTES,
    LEVELS,
    Matcher,
    Names,
    ReportScore,
    Score,
    accepted,
    load_pairs,
    score_reports,
)
from treves.reading.signs import actor_signs, claim_signs, stance_signs, word_signs

Pair = tuple[Source, list[dict[str, Any]]]
CLAIM_C, CHOICE_C, RANK_L2 = 0.08, 0.1, 1.0
LEAST = 3
# Made reports are denser than real ones: a sign of their own takes up that difference, and is
# forgotten after the fit. Its value is large so that its weight is hardly held back.
MADE, MADE_VALUE = "made", 5.0
# Signs of the wording are for the stance: speaker, certainty and move do without them.
WORDING = ("part=", "pair=", "not&")
SENTENCES = Path(__file__).parent / "data" / "sentences_nl.txt"
CLAIM_FROM = 0.26
# Weights of labels smaller than this are left out, and two decimals are kept: on 164 made reports
# that were in no fit the score is the same, and the file is two fifths smaller.
LEAST_WEIGHT = 0.06
# Groups of batches of made reports that are left out in turn; a fit takes a minute.
MADE_GROUPS = 8


@dataclass
class Example:
    """One clause with the gold claims that were put on it."""

    analysis: Analysis
    clause: Clause
    gold: list[dict[str, Any]]
    names: Names
    title: str = ""
    made: bool = False

    def domain(self) -> dict[str, float]:
        """The sign that tells a made report from a real one."""
        return {MADE: MADE_VALUE} if self.made else {}

    def actors(self) -> list[list[dict[str, Any]]]:
        """The gold claims of each candidate."""
        return [[g for g in self.gold if _is(self.names, c, g)] for c in self.clause.candidates]


def examples(pair: Pair, pack: Pack, registry: Registry, made: bool = False) -> list[Example]:
    """Clauses of a report, each gold claim on the clause that covers it best."""
    source, gold = pair
    names = Names(registry)
    analysis = analyse(source.text, pack, registry, source.date)
    out = [
        Example(analysis, clause, [], names, source.title or "", made)
        for clause in analysis.clauses
    ]
    spans = [span_of(analysis.words, e.clause.piece) for e in out]
    for one in gold:
        rated = [(_fit(span, one["span"]), -k) for k, span in enumerate(spans)]
        best, k = max(rated)
        if best > 0:
            out[-k].gold.append(one)
    return out


def _fit(span: Sequence[int], gold: Sequence[int]) -> float:
    both = min(span[1], gold[1]) - max(span[0], gold[0])
    return both / (max(span[1], gold[1]) - min(span[0], gold[0])) if both > 0 else 0.0


# Signs of an actor in a clause, and the gold claim.
Row = tuple[dict[str, float], dict[str, Any]]


@dataclass
class Rows:
    """Training rows for the three questions: which actor, a claim at all, which label."""

    signs: list[set[str]]
    groups: list[int]
    right: list[bool]
    choices: list[Row]


def rows(batch: Iterable[Example]) -> Rows:
    """Candidates of clauses that carry a claim (grouped by clause), and label rows."""
    out = Rows([], [], [], [])
    for number, example in enumerate(batch):
        clause = example.clause
        mine = example.actors()
        if not any(mine):
            continue
        for candidate, gold in zip(clause.candidates, mine, strict=True):
            out.signs.append(actor_signs(clause, candidate))
            out.groups.append(number)
            out.right.append(bool(gold))
            if gold and OPPOSED not in candidate.signs:
                first = [g for g in gold if example.names.same(candidate.name, g.get("actor"))]
                if first or len(gold) == 1:
                    signs = _stance_row(clause, candidate) | example.domain()
                    out.choices.append((signs, (first or gold)[0]))
    return out


def fit_ranker(data: Rows, strength: float) -> dict[str, float]:
    """Conditional logit: the right candidates against the others of their clause."""
    names, matrix = as_matrix(data.signs)
    groups = np.unique(np.array(data.groups), return_inverse=True)[1]
    right = np.array(data.right)
    count = groups.max() + 1

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total = matrix @ w
        top = np.full(count, -np.inf)
        np.maximum.at(top, groups, total)
        power = np.exp(total - top[groups])
        whole = np.bincount(groups, power, count)
        good = np.bincount(groups, power * right, count)
        value = -np.log(good / whole).sum() + 0.5 * strength * w @ w
        slope = power / whole[groups] - power * right / good[groups]
        return value, matrix.T @ slope + strength * w

    found = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    )
    return _sparse(names, found.x)


def fit_claim(batch: list[Example], ranker: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Does a clause carry a claim, its likeliest actor given."""
    signs, labels, weights = [], [], []
    for example in batch:
        clause = example.clause
        chosen = _likeliest(clause, ranker)
        optional = bool(example.gold) and all(g.get("optional") for g in example.gold)
        signs.append(_claim_row(clause, chosen) | example.domain())
        labels.append(int(bool(example.gold)))
        weights.append(0.2 if optional else 1.0)
    for clause, gold in made_clauses():
        if gold["stance"] == "none":
            signs.append(_claim_row(clause, _likeliest(clause, ranker)))
            labels.append(0)
            weights.append(1.0)
    return fit_binary(signs, labels, weights, CLAIM_C)


def _likeliest(clause: Clause, ranker: dict[str, float]) -> Candidate:
    sums = [sum(ranker.get(s, 0.0) for s in actor_signs(clause, c)) for c in clause.candidates]
    # Rounded, for the order of a set of signs, and so the last digit, differs from run to run.
    return clause.candidates[int(np.argmax(np.round(sums, 9)))]


def _claim_row(clause: Clause, chosen: Candidate) -> dict[str, float]:
    return dict.fromkeys(claim_signs(clause, chosen), 1.0) | word_signs(clause)


def _stance_row(clause: Clause, candidate: Candidate) -> dict[str, float]:
    return stance_signs(clause, candidate) | word_signs(clause)


def _is(names: Names, candidate: Candidate, gold: dict[str, Any]) -> bool:
    return any(names.same(candidate.name, name) for name in accepted(gold, "actor"))


def as_matrix(rows: Sequence[set[str] | dict[str, float]]) -> tuple[list[str], csr_matrix]:
    """Signs that occur often enough, and which row has which."""
    counts: dict[str, int] = {}
    for one in rows:
        for sign in one:
            counts[sign] = counts.get(sign, 0) + 1
    names = sorted(sign for sign, n in counts.items() if n >= LEAST)
    place = {sign: k for k, sign in enumerate(names)}
    indices, values, ends = [], [], [0]
    for one in rows:
        held = one if isinstance(one, dict) else dict.fromkeys(one, 1.0)
        kept = sorted((place[sign], value) for sign, value in held.items() if sign in place)
        indices += [k for k, _ in kept]
        values += [value for _, value in kept]
        ends.append(len(indices))
    matrix = csr_matrix((len(rows), len(names)), dtype=np.float64)
    matrix.indices = np.array(indices, dtype=np.int32)
    matrix.indptr = np.array(ends, dtype=np.int32)
    matrix.data = np.array(values)
    return names, matrix


def fit_binary(
    signs: list[dict[str, float]], labels: list[int], weights: list[float], c: float
) -> Any:
    names, matrix = as_matrix(signs)
    model = LogisticRegression(C=c, max_iter=500, solver="liblinear")
    model.fit(matrix, labels, sample_weight=weights)
    return float(model.intercept_[0]), _sparse(names, model.coef_[0])


def _sparse(names: Iterable[str], weights: Iterable[float]) -> dict[str, float]:
    pairs = sorted(zip(names, weights, strict=True))
    return {str(n): round(float(w), 3) for n, w in pairs if abs(w) >= 0.005 and n != MADE}


def fit_choice(
    choices: Sequence[Row],
    labels: Sequence[str],
    allowed: Callable[[dict[str, Any]], list[str]],
    c: float,
) -> dict[str, Any]:
    """One weight per sign and label, each label fitted as 'acceptable or not'."""
    names, matrix = as_matrix([signs for signs, _ in choices])
    table = np.zeros((len(names), len(labels)))
    bias = np.full(len(labels), -6.0)
    for k, label in enumerate(labels):
        goal = np.array([int(label in allowed(gold)) for _, gold in choices])
        if 1 < goal.sum() < len(goal):
            main = np.array([label == allowed(gold)[0] for _, gold in choices])
            weight = np.where(main | (goal == 0), 1.0, 0.7)
            model = LogisticRegression(C=c, max_iter=500, solver="liblinear")
            model.fit(matrix, goal, sample_weight=weight)
            table[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    return {
        "labels": list(labels),
        "bias": [round(float(b), 3) for b in bias],
        "weights": {
            str(n): [round(float(x), 2) for x in row]
            for n, row in zip(names, table, strict=True)
            if np.abs(row).max() >= LEAST_WEIGHT and n != MADE
        },
    }


@functools.lru_cache(maxsize=1)
def cue_examples() -> tuple[Row, ...]:
    """The example sentences of the cues, each a clause with the stance its cue stands for."""
    pack, registry = Pack.load("nl"), Registry.load()
    out = []
    for cue in pack.cues:
        for sentence in cue.yes:
            clauses = tuple(analyse(sentence, pack, registry, "2023-07-06").clauses)
            held = [c for c in clauses if any(hit.cue.id == cue.id for hit in c.hits)]
            clause = (held or clauses)[0]
            subject = [c for c in clause.candidates if "subject" in c.signs]
            signs = _stance_row(clause, (subject or clause.candidates[-1:])[0])
            gold = {"stance": cue.stance, "stance_ok": cue.also}
            out.append((signs, gold))
    return tuple(out)


@functools.lru_cache(maxsize=1)
def made_clauses() -> tuple[tuple[Clause, dict[str, Any]], ...]:
    """Sentences made for the fit: what the few reports do not say, but other reports will."""
    pack, registry = Pack.load("nl"), Registry.load()
    out = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        stances, _, sentence = line.partition(" | ")
        first, *others = stances.split(",")
        gold = {"stance": first, "stance_ok": others}
        clauses = analyse(sentence, pack, registry, "2023-07-06").clauses
        out.extend((clause, gold) for clause in clauses)
    return tuple(out)


@functools.lru_cache(maxsize=1)
def made_examples() -> tuple[Example, ...]:
    """The clauses of the made reports."""
    pack = Pack.load("nl")
    return tuple(
        example
        for made in made_reports.load_all()
        for example in examples((made.source, made.claims), pack, made.registry, made=True)
    )


@functools.lru_cache(maxsize=1)
def made_sentences() -> tuple[Row, ...]:
    """The made sentences that carry a stance, as rows of the stance table."""
    out = []
    for clause, gold in made_clauses():
        if gold["stance"] != "none":
            subject = [c for c in clause.candidates if "subject" in c.signs]
            signs = _stance_row(clause, (subject or clause.candidates[-1:])[0])
            out.append((signs, gold))
    return tuple(out)


def fit(batch: list[Example]) -> dict[str, Any]:
    """All weights from a batch of examples, as the weights file holds them."""
    data = rows(batch)
    ranker = fit_ranker(data, RANK_L2)
    bias, claim = fit_claim(batch, ranker)
    choices = data.choices
    plain = [(_plain(signs), gold) for signs, gold in choices]

    def allow(name: str, none: str = "None") -> Callable[[dict[str, Any]], list[str]]:
        return lambda gold: [none if v is None else str(v) for v in accepted(gold, name)]

    return {
        "claim_from": CLAIM_FROM,
        "possible_from": 0.13,
        "claim_bias": round(bias, 3),
        "claim": claim,
        "actor": ranker,
        "stance": fit_choice(
            [*choices, *cue_examples(), *made_sentences()], STANCES, allow("stance"), CHOICE_C
        ),
        "speaker": fit_choice(plain, SPEAKER_KINDS, allow("speaker_kind"), CHOICE_C),
        "certainty": fit_choice(plain, CERTAINTIES, allow("certainty"), CHOICE_C),
        "move": fit_choice(plain, ("none", *MOVES), allow("move", "none"), CHOICE_C),
    }


def _plain(signs: dict[str, float]) -> dict[str, float]:
    return {sign: value for sign, value in signs.items() if not _words(sign)}


def _words(sign: str) -> bool:
    return sign.startswith(WORDING) or "&w=" in sign


def hand_of(source: Source) -> str:
    return (source.title or "").rstrip("0123456789")


def show(name: str, score: Score) -> str:
    parts = [f"{name:14s} n={len(score.reports):2d}"]
    for level in LEVELS:
        c = score.level(level)
        parts.append(f"{level} {c.precision:.2f}/{c.recall:.2f}/{c.f1:.3f}")
    low, high = score.interval()
    parts.append(f"[{low:.2f} {high:.2f}]")
    parts.append(f"actor {score.right_actor:.3f} visible {score.visible:.3f}")
    parts.append(f"cert {score.certainty_f1:.2f}")
    parts += [f"{a} {score.attribute(a):.2f}" for a in ATTRIBUTES if a != "certainty"]
    return "  ".join(parts)


def cross_validate(
    pairs: list[Pair], groups: list[str], pack: Pack, registry: Registry
) -> dict[str, Score]:
    """Score each group with weights fitted on the other groups only."""
    batches = [examples(pair, pack, registry) for pair in pairs]
    out: dict[str, Score] = {}
    for group in sorted(set(groups)):
        train = [e for b, g in zip(batches, groups, strict=True) if g != group for e in b]
        model = Model.of(fit([*train, *made_examples()]))
        reader = Reader(pack, registry, model)
        held = [p for p, g in zip(pairs, groups, strict=True) if g == group]
        out[group] = score_reports(held, reader.read)
    return out


def made_scores(pairs: list[Pair], pack: Pack, registry: Registry) -> dict[str, Score]:
    """The made reports by weights of the annotated ones only, and by those and other batches.

    Batches are left out in groups: each has one writer, who read some of the annotated reports.
    """
    real = [e for pair in pairs for e in examples(pair, pack, registry)]
    batches: dict[str, list[made_reports.Made]] = {}
    for made in made_reports.load_all():
        batches.setdefault(_batch(made.source.title or ""), []).append(made)
    alone = Model.of(fit(real))
    out = {"reports only": Score(()), "and made ones": Score(())}
    for k in range(MADE_GROUPS):
        left_out = sorted(batches)[k::MADE_GROUPS]
        held = [made for batch in left_out for made in batches[batch]]
        others = [e for e in made_examples() if _batch(e.title) not in left_out]
        for name, model in zip(out, (alone, Model.of(fit([*real, *others]))), strict=True):
            scored = [_score_made(made, Reader(pack, made.registry, model)) for made in held]
            out[name] = Score((*out[name].reports, *scored))
    return out


def _batch(title: str) -> str:
    """The batch of a made report: a7 of a7-03."""
    return title.partition("-")[0]


def _score_made(made: made_reports.Made, reader: Reader) -> ReportScore:
    matcher = Matcher(Names(made.registry))
    return matcher.score(made.source.title or "", reader.read(made.source), made.claims)


def written(data: Any) -> str:
    """JSON with one sign a line, so that the file can be read and two of them compared."""
    if not (isinstance(data, dict) and data):
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    rows = [f"{json.dumps(key, ensure_ascii=False)}:{written(held)}" for key, held in data.items()]
    return "{\n" + ",\n".join(rows) + "\n}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--made", action="store_true", help="leave out batches of made reports")
    parser.add_argument("--folds", type=int, default=0, help="leave out report groups, not hands")
    args = parser.parse_args(argv)
    pack, registry = Pack.load("nl"), Registry.load()
    pairs = load_pairs(args.reports)
    if args.write:
        batch = [e for pair in pairs for e in examples(pair, pack, registry)]
        target = Path(__file__).parents[1] / "src/treves/reading/languages/nl/weights.json"
        text = written(fit([*batch, *made_examples()]))
        target.write_text(text + "\n", encoding="utf-8")
        return 0
    if args.made:
        for name, score in made_scores(pairs, pack, registry).items():
            sys.stdout.write(show(name, score) + "\n")
            for kind in "abcn":
                part = [r for r in score.reports if r.name.startswith(kind)]
                sys.stdout.write(show(f"  {kind}", Score(tuple(part))) + "\n")
        return 0
    hands = [hand_of(source) for source, _ in pairs]
    groups = hands if not args.folds else [f"fold{k % args.folds}" for k in range(len(pairs))]
    scores = cross_validate(pairs, groups, pack, registry)
    for group, score in scores.items():
        sys.stdout.write(show(group, score) + "\n")
    together = Score(tuple(r for s in scores.values() for r in s.reports))
    sys.stdout.write(show("all", together) + "\n")
    if args.folds:
        for hand in sorted(set(hands)):
            part = [r for r in together.reports if r.name.rstrip("0123456789") == hand]
            sys.stdout.write(show(f"  {hand}", Score(tuple(part))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

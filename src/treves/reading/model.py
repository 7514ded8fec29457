"""The learned part: sums of weights over signs. Fitted offline, shipped as one small file."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from treves.reading.meanings import Clause
from treves.reading.signs import PART_SCALE, actor_parts, parts, role_of

FloatArray = npt.NDArray[np.float64]
MEMO_LIMIT = 50_000
NOTHING: dict[str, float] = {}
QUESTIONS = ("stance", "speaker", "certainty", "move")


@dataclass(frozen=True)
class Choice:
    """Choices among a few labels each (stance, move, ...): one row of weights per sign."""

    labels: Mapping[str, tuple[str, ...]]
    bias: FloatArray
    rows: Mapping[str, int]
    weights: FloatArray
    words: dict[str, FloatArray] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, Any]]) -> Choice:
        """Join the tables of several questions into one, sign by label."""
        signs = sorted({sign for table in data.values() for sign in table["weights"]})
        rows = {sign: k for k, sign in enumerate(signs)}
        weights = np.zeros((len(signs), sum(len(t["labels"]) for t in data.values())))
        at = 0
        for table in data.values():
            width = len(table["labels"])
            for sign, row in table["weights"].items():
                weights[rows[sign], at : at + width] = row
            at += width
        bias = np.concatenate([np.asarray(t["bias"], dtype=float) for t in data.values()])
        labels = {name: tuple(t["labels"]) for name, t in data.items()}
        return cls(labels, bias, rows, weights)

    def word(self, stem: str) -> FloatArray:
        """What a word and its parts add to each label; summed once for every word."""
        held = self.words.get(stem)
        if held is None:
            rows = [row for part in parts(stem) if (row := self.rows.get(part)) is not None]
            held = PART_SCALE * self.weights[rows].sum(axis=0)
            whole = self.rows.get("w=" + stem)
            held = held if whole is None else held + self.weights[whole]
            remember(self.words, stem, held)
        return held

    def best(
        self, signs: Mapping[str, float], stems: Iterable[str] = ()
    ) -> tuple[dict[str, str], float]:
        """The label with the highest sum for every question, and the odds of the first's."""
        get = self.rows.get
        total = sum((self.word(stem) for stem in stems), self.bias)
        known = [(row, value) for sign, value in signs.items() if (row := get(sign)) is not None]
        if known:
            index, values = zip(*known, strict=True)
            total = total + np.array(values) @ self.weights.take(index, axis=0)
        sums = total.tolist()
        out, at, odds = {}, 0, 0.0
        for name, labels in self.labels.items():
            own = sums[at : at + len(labels)]
            best = max(own)
            odds = odds or chance(best)
            out[name] = labels[own.index(best)]
            at += len(labels)
        return out, odds


@dataclass(frozen=True)
class Model:
    """Weights of the reader: claim, actor, and the labels of a claim."""

    actor: Mapping[str, float]
    claim: Mapping[str, float]
    claim_bias: float
    choice: Choice
    claim_from: float
    possible_from: float
    words: dict[str, float] = field(default_factory=dict)

    @functools.cached_property
    def roles(self) -> dict[str, dict[str, float]]:
        """The weights of signs that hold for a part that the actor plays, by that part."""
        out: dict[str, dict[str, float]] = {}
        for sign, weight in self.actor.items():
            role, _, rest = sign.partition("&")
            if rest:
                out.setdefault(role, {})[rest] = weight
        return out

    def actor_shares(self, clause: Clause) -> list[float]:
        """How likely each candidate is the actor, given that there is a claim; sums to 1.

        The same as summing over ``actor_signs``; what the clause says about a role is summed once.
        """
        get = self.actor.get
        told: dict[str, float] = {}
        sums = []
        for candidate in clause.candidates:
            role = role_of(candidate)
            by_role = self.roles.get(role, NOTHING).get
            if role not in told:
                told[role] = get(f"role={role}", 0.0)
                told[role] += sum([by_role(sign, 0.0) for sign in clause.telling])
            own, parts_ = actor_parts(clause, candidate)
            total = told[role] + sum([get(sign, 0.0) for sign in own])
            sums.append(total + sum([by_role(sign, 0.0) for sign in parts_]))
        top = max(sums)
        shares = [math.exp(total - top) for total in sums]
        whole = sum(shares)
        return [share / whole for share in shares]

    def claim_odds(self, signs: Iterable[str], stems: Iterable[str] = ()) -> float:
        """Probability that a clause carries a claim."""
        get = self.claim.get
        total = self.claim_bias + sum([get(sign, 0.0) for sign in signs])
        return chance(total + sum([self.word(stem) for stem in stems]))

    def word(self, stem: str) -> float:
        """What a word and its parts say for or against a claim; summed once for every word."""
        held = self.words.get(stem)
        if held is None:
            held = PART_SCALE * sum(self.claim.get(part, 0.0) for part in parts(stem))
            held += self.claim.get("w=" + stem, 0.0)
            remember(self.words, stem, held)
        return held

    @classmethod
    def load(cls, lang: str) -> Model:
        """The weights that ship with a language pack."""
        return _shipped(lang)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Model:
        """Build from the contents of a weights file."""
        return cls(
            actor=dict(data["actor"]),
            claim=dict(data["claim"]),
            claim_bias=float(data["claim_bias"]),
            choice=Choice.of({name: data[name] for name in QUESTIONS}),
            claim_from=float(data["claim_from"]),
            possible_from=float(data["possible_from"]),
        )


def remember(memo: dict[str, Any], key: str, value: Any) -> None:
    """Keep a sum for the next time; emptied when full, so that memory stays flat."""
    if len(memo) >= MEMO_LIMIT:
        memo.clear()
    memo[key] = value


def chance(total: float) -> float:
    """A sum of weights as a probability.

    >>> chance(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@functools.lru_cache(maxsize=4)
def _shipped(lang: str) -> Model:
    file = resources.files("treves.reading") / "languages" / lang / "weights.json"
    return Model.of(json.loads(file.read_text(encoding="utf-8")))

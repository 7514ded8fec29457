"""The learned part: sums of weights over signs. Fitted offline, shipped as one small file."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Choice:
    """A choice among a few labels: for each sign one weight per label."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def scores(self, signs: Mapping[str, float]) -> list[float]:
        """Sum of weights per label."""
        total = list(self.bias)
        for sign, value in signs.items():
            row = self.weights.get(sign)
            if row is not None:
                for k, weight in enumerate(row):
                    total[k] += value * weight
        return total

    def best(self, signs: Mapping[str, float]) -> str:
        """The label with the highest sum; the first of equals."""
        total = self.scores(signs)
        return self.labels[total.index(max(total))]


@dataclass(frozen=True)
class Model:
    """Weights of the reader: claim and actor, stance, kind of speaker, certainty."""

    actor: Mapping[str, float]
    claim: Mapping[str, float]
    claim_bias: float
    stance: Choice
    speaker: Choice
    certainty: Choice
    move: Choice
    claim_from: float
    second_from: float
    possible_from: float

    def actor_shares(self, candidates: Sequence[Iterable[str]]) -> list[float]:
        """How likely each candidate is the actor, given that there is a claim; sums to 1."""
        get = self.actor.get
        sums = [sum(get(sign, 0.0) for sign in signs) for signs in candidates]
        top = max(sums)
        shares = [math.exp(total - top) for total in sums]
        whole = sum(shares)
        return [share / whole for share in shares]

    def claim_odds(self, signs: Iterable[str]) -> float:
        """Probability that a clause carries a claim."""
        get = self.claim.get
        total = self.claim_bias + sum(get(sign, 0.0) for sign in signs)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    @classmethod
    def load(cls, lang: str) -> Model:
        """The weights that ship with a language pack."""
        return _shipped(lang)

    @classmethod
    def of(cls, data: Mapping[str, object]) -> Model:
        """Build from the contents of a weights file."""
        d: dict[str, object] = dict(data)
        return cls(
            actor=dict(d["actor"]),  # type: ignore[call-overload]
            claim=dict(d["claim"]),  # type: ignore[call-overload]
            claim_bias=float(d["claim_bias"]),  # type: ignore[arg-type]
            claim_from=float(d["claim_from"]),  # type: ignore[arg-type]
            second_from=float(d["second_from"]),  # type: ignore[arg-type]
            possible_from=float(d["possible_from"]),  # type: ignore[arg-type]
            **{name: _choice(d[name]) for name in ("stance", "speaker", "certainty", "move")},
        )


def _choice(data: object) -> Choice:
    assert isinstance(data, dict)
    return Choice(
        tuple(data["labels"]),
        tuple(data["bias"]),
        {sign: tuple(row) for sign, row in data["weights"].items()},
    )


@functools.lru_cache(maxsize=4)
def _shipped(lang: str) -> Model:
    file = resources.files("treves.reading") / "languages" / lang / "weights.json"
    return Model.of(json.loads(file.read_text(encoding="utf-8")))

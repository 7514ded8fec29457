"""The learned part: sums of weights over signs. Fitted offline, shipped as one small file."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Choice:
    """A choice among a few labels: for each sign one weight per label."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def scores(self, signs: Iterable[str]) -> list[float]:
        """Sum of weights per label."""
        total = list(self.bias)
        for sign in signs:
            row = self.weights.get(sign)
            if row is not None:
                for k, weight in enumerate(row):
                    total[k] += weight
        return total

    def best(self, signs: Iterable[str]) -> str:
        """The label with the highest sum; the first of equals."""
        total = self.scores(signs)
        return self.labels[total.index(max(total))]


@dataclass(frozen=True)
class Model:
    """Weights of the reader: claim and actor, stance, kind of speaker, certainty."""

    actor: Mapping[str, float]
    actor_bias: float
    stance: Choice
    speaker: Choice
    certainty: Choice
    move: Choice
    claim_from: float
    second_from: float
    possible_from: float

    def actor_odds(self, signs: Iterable[str]) -> float:
        """Probability that the clause carries a claim of this candidate."""
        get = self.actor.get
        total = self.actor_bias
        for sign in signs:
            total += get(sign, 0.0)
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
            actor_bias=float(d["actor_bias"]),  # type: ignore[arg-type]
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

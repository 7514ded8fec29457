"""What a settlement model says about itself, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from treves.profile import Floats

# What a model may need beyond position, salience and power, which all of them use.
NEEDS = ("position", "salience", "power", "status_quo", "chair", "stakes")


@dataclass(frozen=True)
class Card:
    """Names, origin and needs of one model.

    ``sources`` are keys of docs/bibliography.md; ``needs`` are words of :data:`NEEDS`; ``docs`` is
    the page for readers, relative to the folder docs. ``most``: how many parties it can handle.
    ``random``: takes ``rng``; ``body``: takes ``body``; ``mirrors``: whether turning the scale
    round turns the answer round.
    """

    id: str
    names: tuple[str, ...]
    sources: tuple[str, ...]
    needs: tuple[str, ...] = ("position", "salience", "power")
    random: bool = False
    body: bool = False
    most: int | None = None
    mirrors: Literal["always", "without ties", "no"] = "always"

    @property
    def docs(self) -> str:
        """Page of the model, relative to the folder docs."""
        return f"models/{self.id}.md"


@dataclass(frozen=True)
class Model:
    """A card and its function; ``settle`` is None where another room holds the function.

    ``settle(profile)`` returns the settlement per issue, axes (..., i), 0-100. A model whose card
    says ``random`` also takes ``rng``; one whose card says ``body`` also takes ``body``.
    """

    card: Card
    settle: Callable[..., Floats] | None = None

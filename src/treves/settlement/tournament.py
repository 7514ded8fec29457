"""What survives majority comparisons in a finite list of packages: uncovered and Banks sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from treves.errors import InputError, Problem

Bools = NDArray[np.bool_]

MOST_UNCOVERED = 300
MOST_BANKS = 25


def uncovered_set(beats: Bools) -> list[int]:
    """Packages that no other package covers, by index.

    ``beats[x, y]``: x beats y under the rule of the body. x covers y where x beats y, beats all
    that y beats, and is beaten only by what beats y (McKelvey 1986; without ties the last follows).
    Raises InputError above 300 packages or where two packages beat each other.
    """
    b = _checked(beats, MOST_UNCOVERED)
    wins = b.astype(np.float32)
    missed_below = (1.0 - wins) @ wins.T  # (x, y): what y beats and x does not
    missed_above = wins.T @ (1.0 - wins)  # (x, y): what beats x but not y
    covers = b & (missed_below < 0.5) & (missed_above < 0.5)
    return np.flatnonzero(~covers.any(axis=0)).tolist()


def banks_set(beats: Bools) -> list[int]:
    """Tops of the chains that cannot be extended upwards, by index. Source: Banks (1985).

    Raises InputError above 25 packages or where two packages beat each other.
    """
    b = _checked(beats, MOST_BANKS)
    # Bit sets: the packages that beat every member of a chain are those that can extend it.
    above = [sum(1 << int(k) for k in np.flatnonzero(b[:, y])) for y in range(len(b))]
    tops: set[int] = set()
    seen: set[tuple[int, int]] = set()
    stack = [(y, above[y]) for y in range(len(b))]
    while stack:
        top, free = stack.pop()
        if (top, free) in seen:
            continue
        seen.add((top, free))
        if not free:
            tops.add(top)
        stack += [(k, free & above[k]) for k in range(len(b)) if free >> k & 1]
    return sorted(tops)


def top_cycle(beats: Bools) -> list[int]:
    """The smallest set of which every member beats, in one or more steps, all others."""
    b = _checked(beats, MOST_UNCOVERED)
    reach = b | np.eye(len(b), dtype=bool)
    for _ in range(int(np.ceil(np.log2(max(len(b), 2)))) + 1):
        reach = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0.5
    return np.flatnonzero(reach.all(axis=1)).tolist()


def _checked(beats: Bools, most: int) -> Bools:
    b = np.asarray(beats, dtype=bool)
    if b.ndim != 2 or b.shape[0] != b.shape[1] or (b & b.T).any():
        raise InputError([Problem("this is not a table of who beats whom", "one row per package")])
    if len(b) > most:
        raise InputError([Problem(f"{len(b)} packages are too many", f"at most {most}")])
    return b

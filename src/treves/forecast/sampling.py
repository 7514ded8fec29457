"""Draws of a case: triangular estimates on scrambled Sobol points, partners of a bloc together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from treves.case.model import Case
from treves.profile import PARTY_FIELDS, STANCE_FIELDS, Floats, Profile, profile_from, triples

# Rank correlation between the same number of two partners of a bloc, and the correlation of the
# normal variables that gives it (Pearson 1907: rho = 2 sin(pi rank / 6)).
BLOC_RANK_CORRELATION = 0.7
BLOC_CORRELATION = 2.0 * np.sin(np.pi * BLOC_RANK_CORRELATION / 6.0)


@dataclass(frozen=True)
class Number:
    """One uncertain number of a case: a field of the profile at one party (and issue)."""

    field: str
    party: int
    issue: int | None

    @property
    def index(self) -> tuple[int, ...]:
        """Where it stands in the array of its field."""
        return (self.party,) if self.issue is None else (self.party, self.issue)

    def path(self, case: Case) -> str:
        """PARTY.ISSUE.FIELD, or PARTY.FIELD; ``low`` and ``high`` are the edges of ``accepts``."""
        issue = [] if self.issue is None else [case.issues[self.issue].id]
        return ".".join([case.parties[self.party].id, *issue, self.field])


@dataclass(frozen=True)
class Sample:
    """Draws of a case: its profile, axes (d, p, i), and a uniform per draw for the precision."""

    profile: Profile
    precision: Floats


def draw(case: Case, n: int, rng: np.random.Generator) -> Profile:
    """Draw the uncertain numbers of a case ``n`` times, axes (d, p, i).

    Raises ValueError when n is not positive.

    >>> from treves.catalogue import load_example
    >>> draw(load_example("asylum"), 8, np.random.default_rng(1)).position.shape
    (8, 4, 2)
    """
    return sample(case, n, rng).profile


def sample(case: Case, n: int, rng: np.random.Generator, like: Case | None = None) -> Sample:
    """Draw the numbers of a case and the uniforms for the precision of play together.

    like: the case that this one is a change of. Numbers that are uncertain there are then drawn
    from the same uniforms, whatever else is uncertain here: a number that became exact, or a party
    that is not there, must not shift the draws of the others. Raises ValueError when n is not
    positive.
    """
    if n < 1:
        raise ValueError(f"a forecast needs at least one draw, not {n}")
    if like is None:
        return sample_at(case, uniforms_of(case, n, rng))
    uniforms = uniforms_of(like, n, rng)
    added = named(case).keys() - named(like).keys()
    return sample_at(case, np.hstack([uniforms, rng.random((n, len(added)))]), like)


def uniforms_of(case: Case, n: int, rng: np.random.Generator) -> Floats:
    """What draws of a case are made of, axes (d, column): precision, numbers, factors of blocs."""
    numbers = uncertain_numbers(case)
    return _sobol(1 + len(numbers) + len(shared_factors(case, numbers)), n, rng)


def sample_at(case: Case, uniforms: Floats, like: Case | None = None) -> Sample:
    """The draws of a case at given uniforms, axes (d, column): :func:`uniforms_of`.

    like: the case whose columns these are; columns of numbers that are uncertain only here follow.
    """
    table, known = triples(case), named(case)
    drawn_there = known if like is None else named(like)
    numbers = list(drawn_there.values())
    shared = shared_factors(like or case, numbers)
    own, rest = uniforms[:, 1 : 1 + len(numbers)], uniforms[:, 1 + len(numbers) :]
    own = _with_blocs(own, rest[:, : len(shared)], shared)
    names = [*drawn_there, *(name for name in known if name not in drawn_there)]
    columns = [*own.T, *rest[:, len(shared) :].T]
    n = len(uniforms)
    values = {name: np.repeat(triple[None, ..., 1], n, axis=0) for name, triple in table.items()}
    for name, column in zip(names, columns, strict=True):
        if name not in known:
            continue
        number = known[name]
        low, mode, high = table[number.field][number.index]
        drawn = _triangular(column, low, mode, high)
        np.moveaxis(values[number.field], 0, -1)[number.index] = drawn
    return Sample(profile_from(case, values), uniforms[:, 0])


def uncertain_numbers(case: Case) -> list[Number]:
    """Every number of a case that is not exactly known, in a fixed order."""
    table = triples(case)
    found = []
    for name in (*STANCE_FIELDS, *PARTY_FIELDS):
        wide = table[name][..., 2] > table[name][..., 0]  # NaN compares false
        for index in np.argwhere(wide):
            issue = int(index[1]) if len(index) > 1 else None
            found.append(Number(name, int(index[0]), issue))
    return found


def named(case: Case) -> dict[str, Number]:
    """Every uncertain number by its path, which is the same in a changed case."""
    return {number.path(case): number for number in uncertain_numbers(case)}


def _sobol(columns: int, n: int, rng: np.random.Generator) -> Floats:
    from scipy.stats import qmc

    points: Floats = qmc.Sobol(columns, scramble=True, rng=rng).random_base2((n - 1).bit_length())
    # The end points of (0, 1) would be infinite on the normal scale.
    return np.clip(points[:n], 1e-12, 1.0 - 1e-12)


def shared_factors(case: Case, numbers: list[Number]) -> list[list[int]]:
    """Columns of numbers that move together: same field and issue, parties of one bloc."""
    blocs = _blocs(case)
    groups: dict[tuple[int, str, int | None], list[int]] = {}
    for column, number in enumerate(numbers):
        bloc = blocs.get(number.party)
        if bloc is not None:
            groups.setdefault((bloc, number.field, number.issue), []).append(column)
    return [columns for columns in groups.values() if len(columns) > 1]


def _blocs(case: Case) -> dict[int, int]:
    """Bloc of each party that moves with another: the smallest index it is connected to."""
    ids = [p.id for p in case.parties]
    bloc = list(range(len(ids)))
    for k, party in enumerate(case.parties):
        for other in party.moves_with:
            first, second = sorted((bloc[k], bloc[ids.index(other)]))
            bloc = [first if b == second else b for b in bloc]
    return {k: b for k, b in enumerate(bloc) if bloc.count(b) > 1}


def _with_blocs(own: Floats, factors: Floats, groups: list[list[int]]) -> Floats:
    if not groups:
        return own
    from scipy.special import ndtr, ndtri

    mixed = own.copy()
    for k, columns in enumerate(groups):
        common = ndtri(factors[:, k])[:, None]
        alone = ndtri(own[:, columns])
        mixed[:, columns] = ndtr(
            np.sqrt(BLOC_CORRELATION) * common + np.sqrt(1.0 - BLOC_CORRELATION) * alone
        )
    return mixed


def _triangular(uniform: Floats, low: float, mode: float, high: float) -> Floats:
    """Inverse distribution function of the triangular distribution."""
    width = high - low
    below = uniform * width < mode - low
    rising = low + np.sqrt(uniform * width * (mode - low))
    falling = high - np.sqrt((1.0 - uniform) * width * (high - mode))
    return np.where(below, rising, falling)

"""Acceptance as sets of draws: one bit per draw; AND is "both", a count is a probability.

A party accepts a level of an issue in a contiguous range of levels, so the bits of all levels come
from two marks per draw and one running exclusive-or; packages are then ANDs of levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from treves.profile import Floats, Profile

Bits = NDArray[np.uint64]
Codes = NDArray[np.int64]

TOLERANCE = 1e-9


@dataclass(frozen=True)
class LevelMasks:
    """Which draws accept which level, for all parties at once.

    ``everybody``: per issue (level, word), the draws in which every needed party accepts it.
    ``ease``: per issue (level), the sum over needed parties of the share of draws that accept it.
    """

    everybody: tuple[Bits, ...]
    ease: tuple[Floats, ...]
    draws: int

    @property
    def words(self) -> int:
        """Number of 64-bit words that hold the draws."""
        return int(self.everybody[0].shape[1])

    @classmethod
    def build(
        cls, profile: Profile, levels: Sequence[Floats], needed: NDArray[np.bool_], *, words: int
    ) -> LevelMasks:
        """Masks over the first ``64 * words`` draws of a profile."""
        low, high = edges_by_party(profile)
        low, high = low[..., : 64 * words], high[..., : 64 * words]
        bits, starts = level_bits(low, high, levels)
        chosen = bits[needed]
        both = np.bitwise_and.reduce(chosen, axis=0)
        if not len(chosen):
            both = full_bits(low.shape[-1])[None, :].repeat(starts[-1], axis=0)
        share = count_bits(chosen).sum(axis=0) / low.shape[-1]
        cut = [slice(starts[i], starts[i + 1]) for i in range(len(levels))]
        return cls(tuple(both[c] for c in cut), tuple(share[c] for c in cut), low.shape[-1])


def edges_by_party(profile: Profile) -> tuple[Floats, Floats]:
    """Accepted intervals with draws last, axes (p, i, d); unknown edges accept everything."""
    flat = (-1, *profile.position.shape[-2:])
    low = np.moveaxis(profile.low.reshape(flat), 0, -1)
    high = np.moveaxis(profile.high.reshape(flat), 0, -1)
    return (
        np.ascontiguousarray(np.where(np.isnan(low), -np.inf, low)),
        np.ascontiguousarray(np.where(np.isnan(high), np.inf, high)),
    )


def level_codes(packages: Floats) -> tuple[tuple[Floats, ...], Codes]:
    """Levels that occur in packages (k, i), per issue ascending, and every package's codes."""
    levels, codes = [], np.empty(packages.shape, dtype=np.int64)
    for i in range(packages.shape[1]):
        values, codes[:, i] = np.unique(packages[:, i], return_inverse=True)
        levels.append(values)
    return tuple(levels), codes


def level_bits(low: Floats, high: Floats, levels: Sequence[Floats]) -> tuple[Bits, Codes]:
    """Bits (p, level of any issue, word) of the draws that accept a level, and where issues start.

    low, high: axes (p, i, d). Starts has one entry more than there are issues.
    """
    starts = np.concatenate([[0], np.cumsum([len(level) for level in levels])]).astype(np.int64)
    return _level_bits(low, high, np.concatenate(levels), starts), starts


def full_bits(draws: int) -> Bits:
    """A row of words in which every draw's bit is set and no other."""
    row = np.full((draws + 63) // 64, ~np.uint64(0), dtype=np.uint64)
    if draws % 64:
        row[-1] = np.uint64((1 << (draws % 64)) - 1)
    return row


def count_bits(bits: Bits) -> NDArray[np.int64]:
    """Number of bits set along the last axis."""
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


@njit(cache=True, nogil=True, inline="always")
def popcount(word: np.uint64) -> int:
    """Number of bits set in a word; compilers know this pattern as one instruction."""
    x = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int(np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56)))


@njit(cache=True, nogil=True)
def count_pairs(first: Bits, second: Bits) -> NDArray[np.int64]:
    """Number of bits that a row of ``first`` and one of ``second`` share, for every pair of rows.

    The rows themselves are not built: there are far more pairs than are kept.
    """
    shared = np.zeros((len(first), len(second)), dtype=np.int64)
    for a in range(len(first)):
        for b in range(len(second)):
            for w in range(first.shape[1]):
                shared[a, b] += popcount(first[a, w] & second[b, w])
    return shared


@njit(cache=True, nogil=True)
def _level_bits(low: Floats, high: Floats, values: Floats, starts: Codes) -> Bits:
    parties, issues, draws = low.shape
    words = (draws + 63) // 64
    bits = np.zeros((parties, len(values) + 1, words), dtype=np.uint64)
    for p in range(parties):
        for i in range(issues):
            first, stop = starts[i], starts[i + 1]
            level = values[first:stop]
            for d in range(draws):
                lo = np.searchsorted(level, low[p, i, d] - TOLERANCE)
                hi = np.searchsorted(level, high[p, i, d] + TOLERANCE, side="right")
                if lo < hi:
                    bit = np.uint64(1) << np.uint64(d & 63)
                    bits[p, first + lo, d >> 6] ^= bit
                    if first + hi < stop:
                        bits[p, first + hi, d >> 6] ^= bit
            for row in range(first + 1, stop):
                for w in range(words):
                    bits[p, row, w] ^= bits[p, row - 1, w]
    return bits[:, : len(values), :]

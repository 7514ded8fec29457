"""Issues as rows: who stands where with what weight, one row per issue (or issue and draw)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from treves.profile import Floats, Profile

# The dispersion of positions never counts as smaller than this many points.
SMALLEST_SIGMA = 5.0


@dataclass(frozen=True)
class Issues:
    """Rows n of issues, parties p; what is absent is NaN.

    ``position`` (n, p), 0-100. ``weight`` (n, p): power times salience, 0 where not present;
    ``capability`` (n, p): power of those who decide and have a position. ``reference`` (n): the
    status quo. ``mean`` (n): the compromise, the weighted mean of positions; ``sigma`` (n): the
    weighted standard deviation of positions, at least 5.
    """

    position: Floats
    weight: Floats
    capability: Floats
    reference: Floats
    mean: Floats
    sigma: Floats

    def __len__(self) -> int:
        return len(self.position)

    def at(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Issues:
        """Some of the rows."""
        return Issues(*(getattr(self, f.name)[rows] for f in fields(self)))


def issues_of(profile: Profile, decides: NDArray[np.bool_] | None = None) -> Issues:
    """Rows of a profile, draw by draw and issue by issue; ``decides`` (p), default everybody.

    Issues on which nobody has a position are rows with a NaN mean: leave them out.

    >>> from treves.settlement.table import profile_of
    >>> rows = issues_of(profile_of([[0.0], [100.0]], power=[3.0, 1.0]))
    >>> rows.mean.tolist()
    [25.0]
    """
    parties, issues = profile.position.shape[-2:]

    def rows(values: Floats) -> Floats:
        wide = np.broadcast_to(values, profile.position.shape)
        return np.moveaxis(wide, -1, -2).reshape(-1, parties)

    counts = profile.present if decides is None else profile.present & decides[:, None]
    capability = np.where(counts, profile.power[..., None], 0.0)
    position = rows(np.where(profile.present, profile.position, np.nan))
    weight = rows(profile.weight)
    repeats = len(position) // max(issues, 1)
    reference = np.tile(profile.status_quo_point, repeats)
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore"):
        share = weight / total[:, None]
    held = np.nan_to_num(position)
    mean = (share * held).sum(axis=1)
    spread = np.sqrt((share * (held - mean[:, None]) ** 2).sum(axis=1))
    return Issues(
        position, weight, rows(capability), reference, mean, np.maximum(spread, SMALLEST_SIGMA)
    )


def stack(parts: list[Issues]) -> Issues:
    """Rows of several bodies under each other; parties that a body lacks are absent."""
    width = max(part.position.shape[1] for part in parts)

    def wide(values: Floats, fill: float) -> Floats:
        if values.ndim == 1:
            return values
        missing = width - values.shape[1]
        return np.pad(values, ((0, 0), (0, missing)), constant_values=fill)

    return Issues(
        *(
            np.concatenate(
                [wide(getattr(p, f.name), np.nan if f.name == "position" else 0.0) for p in parts]
            )
            for f in fields(Issues)
        )
    )

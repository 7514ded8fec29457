"""Simple settlement forecasts to beat: climatology, the compromise as a point and dressed, kernels.

Each function takes what it needs of the issues and outcomes to learn from (``train``, ``y``) and of
the issues to forecast (``test``), and returns distributions on the grid, axes (n, 101).
"""

from __future__ import annotations

import numpy as np

from treves.forecast.atoms import share_at
from treves.forecast.issues import Issues
from treves.forecast.scoring import POINTS
from treves.profile import Floats


def on_grid(values: Floats, weight: Floats | None = None) -> Floats:
    """Samples (n, d) as distributions on the grid: clipped to the line, rounded to whole points."""
    n, d = values.shape
    at = np.rint(np.clip(values, 0.0, 100.0)).astype(int)
    share = np.full((n, d), 1.0) if weight is None else weight
    found = np.zeros((n, POINTS))
    np.add.at(found, (np.repeat(np.arange(n), d), at.ravel()), share.ravel())
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def climatology(y: Floats, issues: int) -> Floats:
    """The known outcomes, the same for every one of so many issues."""
    return on_grid(np.tile(y, (issues, 1)))


def point(test: Issues) -> Floats:
    """The compromise, for sure."""
    return on_grid(test.mean[:, None])


def dressed(train: Issues, y: Floats, test: Issues) -> Floats:
    """The compromise with the residuals it had on the known outcomes."""
    return on_grid(test.mean[:, None] + (y - train.mean))


def scaled(train: Issues, y: Floats, test: Issues) -> Floats:
    """The same with residuals in units of the dispersion of positions."""
    return on_grid(test.mean[:, None] + test.sigma[:, None] * ((y - train.mean) / train.sigma))


def kernel_and_atoms(
    train: Issues, y: Floats, test: Issues, width: float = 12.0, atoms: float = 0.35
) -> Floats:
    """Outcomes of issues with a compromise nearby (Gaussian kernel), mixed with the positions."""
    near = np.exp(-0.5 * ((test.mean[:, None] - train.mean) / width) ** 2) + 1e-12
    smooth = on_grid(np.tile(y, (len(test), 1)), near)
    return (1.0 - atoms) * smooth + atoms * share_at(test.position, test.weight)

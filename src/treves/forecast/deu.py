"""DEU as rows for a backtest: positions, weights and outcomes of European Union issues."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from treves.case.formats import deu
from treves.forecast.council import INSTITUTIONS, capabilities
from treves.forecast.issues import Issues, issues_of, stack
from treves.profile import Floats, modal


@dataclass(frozen=True)
class Decisions:
    """Issues with what was decided, (n); NaN where it is not known. ``group``: the proposal."""

    ids: tuple[str, ...]
    group: NDArray[np.str_]
    unanimous: NDArray[np.bool_]
    enlarged: NDArray[np.bool_]
    issues: Issues
    outcome: Floats
    data_hash: str

    @property
    def known(self) -> NDArray[np.bool_]:
        """Rows whose outcome is known."""
        return ~np.isnan(self.outcome)


def load(path: str | Path, power: dict[str, float] | None = None) -> Decisions:
    """Read a DEU file. Issues on which nobody has a position and a salience are left out.

    power: capability of each actor, by default the square root of the population. Raises CaseError
    where the file cannot be used.
    """
    cases = deu.load(path, power=power or capabilities())
    happened = deu.outcomes(path)
    parts, ids, group, unanimous, enlarged = [], [], [], [], []
    for case in cases:
        profile = modal(case)
        rows = issues_of(profile, np.array([p not in INSTITUTIONS for p in profile.parties]))
        held = ~np.isnan(rows.mean)
        names = [i for i, keep in zip(profile.issues, held, strict=True) if keep]
        parts.append(rows.at(held))
        ids += names
        group += [case.id] * len(names)
        unanimous += [case.rule.decision == "unanimity"] * len(names)
        enlarged += [any(p in profile.parties for p in ("pl", "ee", "mt"))] * len(names)
    outcome = np.array([happened.get(i, np.nan) for i in ids])
    digest = "sha256:" + hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return Decisions(
        tuple(ids),
        np.array(group),
        np.array(unanimous),
        np.array(enlarged),
        stack(parts),
        outcome,
        digest,
    )

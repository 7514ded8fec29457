"""The emission standards example (Bueno de Mesquita 1994, as in Scholz et al. 2011, table 1)."""

from __future__ import annotations

from treves.profile import Profile
from treves.settlement.table import profile_of

PARTIES = ("NL", "BE", "LU", "DE", "FR", "IT", "UK", "IE", "DK", "EL")
POWER = (0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08)
YEARS = (4.0, 7.0, 4.0, 4.0, 10.0, 10.0, 10.0, 7.0, 4.0, 7.0)
SALIENCE = (0.80, 0.40, 0.20, 0.80, 0.60, 0.60, 0.90, 0.10, 1.00, 0.70)


def emission(salience: tuple[float, ...] = SALIENCE) -> Profile:
    """Ten members, one issue, positions in years."""
    return profile_of(
        [[x] for x in YEARS], [[s] for s in salience], POWER, parties=PARTIES, issues=["years"]
    )

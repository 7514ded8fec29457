"""The one loader of packaged data: the example cases, language packs, fitted coefficients."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of a packaged file or folder.

    ``cases`` lies inside the installed package; in a checkout it lies beside ``src``.
    """
    path = PACKAGE.joinpath(*parts)
    if not path.exists() and parts[0] == "cases":
        path = PACKAGE.parents[1].joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError("/".join(parts) + " is not part of this installation of treves")
    return path


def compiled_before() -> bool:
    """Whether the compiled models of this version are already kept on disk.

    Where the package lies in a folder that cannot be written to, they are kept elsewhere and
    nothing is known: then True, so that nobody is told to wait for nothing.
    """
    kept = PACKAGE / "endgame" / "__pycache__"
    return any(kept.glob("tally.*.nbi")) or not os.access(PACKAGE, os.W_OK)

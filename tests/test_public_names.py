"""The names that users import."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.shared import ROOT

import treves


@pytest.mark.parametrize("name", treves.__all__)
def test_a_public_name_can_be_used(name: str) -> None:
    assert callable(getattr(treves, name))
    assert getattr(treves, name).__doc__


def test_settle_gives_six_numbers_per_model_and_issue() -> None:
    found = treves.settle(treves.load_example("asylum"), ["mean", "nash"], draws=16)
    assert list(found) == ["mean", "nash"]
    for spreads in found.values():
        numbers = spreads["family_reunification"].model_dump()
        assert list(numbers) == ["mean", "q05", "q25", "q50", "q75", "q95"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        _ = treves.predict


def test_rooms_do_not_hide_functions_of_the_same_name() -> None:
    import treves.deals.zone
    import treves.forecast.run

    assert callable(treves.forecast)
    assert callable(treves.deals)


def test_importing_treves_and_asking_for_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['treves', '--help']\n"
        "from treves.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pydantic', 'ruamel.yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "forecast" in done.stdout

"""Fixtures that several rooms share."""

from __future__ import annotations

import pytest

from treves import catalogue
from treves.case.model import Case


@pytest.fixture(scope="session")
def asylum() -> Case:
    """The defining example: the Dutch cabinet's asylum package, 6 July 2023."""
    return catalogue.load_example("asylum")

"""What the tests of the workbench share: a desk on a folder, and clients that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.asking import Client, begin_asylum, client_of

from treves.web.desk import Desk


@pytest.fixture(scope="session")
def asylum_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a dossier with the asylum case, its reports, and no forecast yet."""
    folder = tmp_path_factory.mktemp("asylum")
    desk = Desk(folder)
    begin_asylum(desk)
    desk.close()
    return (folder / "asylum.db").read_bytes()


@pytest.fixture
def desk(tmp_path: Path, asylum_file: bytes) -> Iterator[Desk]:
    """A desk on a folder with one dossier, ``asylum``."""
    (tmp_path / "asylum.db").write_bytes(asylum_file)
    opened = Desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(desk: Desk) -> Iterator[Client]:
    """A program that asks the guarded workbench."""
    with client_of(desk) as opened:
        yield opened

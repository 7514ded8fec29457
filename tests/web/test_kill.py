"""A server that is killed in the middle loses nothing that was confirmed."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.web import server
from tests.web.asking import ASYLUM, CU, PROGRAM

from treves.dossier.store import Store
from treves.dossier.verify import verify
from treves.dossier.views import claims_page, edits_of

PATIENCE = 60.0


def wait_until_up(client: httpx.Client) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            client.get("/api/examples")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def work(client: httpx.Client, kept: list[tuple[str, object]], keys: list[str], k: int) -> None:
    """Edit and review until the server is gone; note what it confirmed."""
    try:
        while True:
            k += 1
            value = [0, 30 + k % 60]
            edit = {"path": CU, "value": value, "by": "anna", "why": f"reason {k}"}
            if client.post(f"{ASYLUM}/edits", json=edit).status_code == 200:
                kept.append(("edit", f"reason {k}"))
            told = {"key": keys[k % len(keys)], "verdict": "confirm", "by": "anna"}
            if client.post(f"{ASYLUM}/reviews", json=told).status_code == 200:
                kept.append(("review", told["key"]))
    except httpx.TransportError:
        return


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_confirmed_is_there_after_a_kill(
    tmp_path: Path, asylum_file: bytes, seed: int
) -> None:
    path = tmp_path / "asylum.db"
    path.write_bytes(asylum_file)
    process, address = server.start(tmp_path)
    kept: list[tuple[str, object]] = []
    try:
        with httpx.Client(base_url=address, headers=PROGRAM, timeout=PATIENCE) as client:
            wait_until_up(client)
            keys = [claim["key"] for claim in client.get(f"{ASYLUM}/claims").json()]
            working = threading.Thread(target=work, args=(client, kept, keys, seed * 1000))
            working.start()
            until = time.monotonic() + PATIENCE
            while len(kept) < 6 and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(random.Random(seed).uniform(0.0, 0.2))
            process.kill()
            working.join(PATIENCE)
    finally:
        process.kill()
        process.wait(PATIENCE)
    assert len(kept) >= 6
    store = Store.open(path)
    reasons = {edit.why for edit in edits_of(store, "asylum")}
    confirmed = {c["key"] for c in claims_page(store, "asylum", "confirmed", 1000)}
    assert {text for kind, text in kept if kind == "edit"} <= reasons
    assert {key for kind, key in kept if kind == "review"} <= confirmed
    assert verify(store, rerun=False)[0] == []
    store.close()


def test_a_server_on_another_address_demands_its_token(tmp_path: Path) -> None:
    process, address = server.start(tmp_path, "--host", "0.0.0.0")
    try:
        assert "?token=" in address
        port = httpx.URL(address).port
        token = httpx.URL(address).params["token"]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            wait_until_up(client)
            assert client.get("/api/dossiers").status_code == 401
            held = {"Authorization": f"Bearer {token}"}
            assert client.get("/api/dossiers", headers=held).json() == []
    finally:
        process.kill()
        process.wait(PATIENCE)


def test_events_reach_a_listener_of_a_real_server(tmp_path: Path, asylum_file: bytes) -> None:
    (tmp_path / "asylum.db").write_bytes(asylum_file)
    process, address = server.start(tmp_path)
    try:
        with httpx.Client(base_url=address, headers=PROGRAM, timeout=PATIENCE) as client:
            wait_until_up(client)
            with client.stream("GET", f"{ASYLUM}/events") as stream:
                lines = stream.iter_lines()
                assert next(lines) == "event: changed"
                edit = {"path": CU, "value": [0, 60], "by": "bram", "why": "said so"}
                with httpx.Client(base_url=address, headers=PROGRAM, timeout=PATIENCE) as other:
                    assert other.post(f"{ASYLUM}/edits", json=edit).status_code == 200
                assert any(line == "event: changed" for line in lines)
    finally:
        process.kill()
        process.wait(PATIENCE)

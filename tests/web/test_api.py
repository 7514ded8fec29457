"""REST under /api: the same functions, over HTTP, by several people, and by nobody who is kind."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi
from tests.web.asking import ASYLUM, CU, PROGRAM, Client, client_of

from treves.web.app import build
from treves.web.desk import Desk
from treves.web.guard import Rules

PATIENCE = 120


def finished(client: Client, job: dict[str, object]) -> dict[str, object]:
    """A job once it is over."""
    until = time.monotonic() + PATIENCE
    while job["state"] in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.05)
        job = client.get(f"/api/jobs/{job['id']}").json()
    return job


def test_the_whole_story_over_http(client: Client) -> None:
    begun = client.post("/api/dossiers", json={"title": "Story", "by": "anna"})
    assert begun.status_code == 201
    place = f"/api/dossiers/{begun.json()['dossier']}"
    seed = "De VVD eist een limiet op gezinshereniging. De ChristenUnie wijst elke limiet af."
    about = {"outlet": "NOS", "date": "2023-07-06"}
    job = client.post(f"{place}/texts", json={"text": seed, "by": "anna", "about": about})
    assert job.status_code == 202
    assert finished(client, job.json())["state"] == "done"
    claims = client.get(f"{place}/claims").json()
    told = {"key": claims[0]["key"], "verdict": "confirm", "by": "anna"}
    assert client.post(f"{place}/reviews", json=told).json()["claim"]["state"] == "confirmed"
    numbers = client.get(f"{place}/numbers").json()
    path = next(n["path"] for n in numbers if n["field"] == "accepts")
    edit = {"path": path, "value": [0, 100], "by": "anna", "why": "heard in the corridor"}
    assert client.post(f"{place}/edits/try", json={"path": path, "value": [9, 1]}).json()
    assert client.post(f"{place}/edits", json=edit).json()["numbers"][0]["path"] == path
    odds = client.post(f"{place}/whatif", json={"sets": {path: [0, 50]}}).json()
    assert sum(odds["outcomes"].values()) == pytest.approx(1.0)
    page = client.get(f"{place}/export/page")
    assert page.headers["content-disposition"] == 'attachment; filename="story.html"'
    assert "gezinshereniging" in page.text
    bar = client.get(f"{place}/standing?lang=nl").json()
    assert bar["title"] == "Story"
    assert client.get(f"{place}/knobs").json()[0]["kind"] in ("slider", "range")


def test_an_upload_is_read_and_a_hostile_one_refused(client: Client) -> None:
    good = {"file": ("r.html", b"<html><body><p>D66 wil een akkoord over asiel.</p>", "text/html")}
    sent = client.post(f"{ASYLUM}/files", files=good, data={"by": "anna", "date": "2023-07-05"})
    assert finished(client, sent.json())["state"] == "done"
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss><channel>&a;</channel></rss>'
    )
    deep = b"<html>" + b"<div>" * 5000 + b"text"
    hostile = [
        ("x.exe", b"MZ\x90\x00" + bytes(100), 422),
        ("../../etc/passwd.zip", b"PK\x03\x04" + bytes(100), 422),
        ("x.pdf", b"%PDF-1.7\n" + b"\xff" * 1000, 202),
        ("bomb.rss", bomb, 202),
        ("deep.html", deep, 202),
        ("x.svg", b"<svg onload='alert(1)'/>", 422),
        ("n\x00ul.txt", b"\x00\x01\x02", 422),
        ("empty.txt", b"", 422),
    ]
    for name, raw, status in hostile:
        files = {"file": (name, raw, "text/plain")}
        sent = client.post(f"{ASYLUM}/files", files=files, data={"by": "anna"})
        assert sent.status_code == status, (name, sent.text)
        if status == 202:
            job = finished(client, sent.json())
            assert job["state"] == "failed", name
            assert "should not have happened" not in str(job["error"])


def test_two_people_see_each_others_changes(desk: Desk) -> None:
    with client_of(desk) as anna, client_of(desk) as bram:
        before = bram.get(f"{ASYLUM}/version").json()["version"]
        edit = {"path": CU, "value": [0, 60], "by": "anna", "why": "said so"}
        assert anna.post(f"{ASYLUM}/edits", json=edit).status_code == 200
        seen = bram.get(f"{ASYLUM}/version?since={before}").json()
        assert seen["version"] > before
        assert [(c["by"], c["action"]) for c in seen["changes"]] == [("anna", "edit")]
        number = bram.get(f"{ASYLUM}/numbers/{CU}").json()
        assert (number["value"], number["history"][0]["by"]) == ([0, 60], "anna")
        # Bram has nothing of his own to undo, and does not undo what Anna did.
        assert bram.post(f"{ASYLUM}/undo", json={"by": "bram"}).status_code == 422
        assert anna.post(f"{ASYLUM}/undo", json={"by": "anna"}).status_code == 200


def test_what_is_not_there_and_what_is_wrong_are_told_apart(client: Client) -> None:
    cases = [
        ("GET", "/api/dossiers/none/claims", None, 404),
        ("GET", f"{ASYLUM}/reports/none", None, 404),
        ("GET", f"{ASYLUM}/numbers/CU.none", None, 404),
        ("GET", "/api/jobs/99", None, 404),
        ("GET", "/api/none", None, 404),
        ("PUT", f"{ASYLUM}/claims", None, 405),
        ("POST", f"{ASYLUM}/reviews", {"key": "none", "verdict": "confirm", "by": "a"}, 404),
        ("POST", f"{ASYLUM}/reviews", {"key": "none", "verdict": "maybe", "by": "a"}, 422),
        ("POST", f"{ASYLUM}/edits", {"path": CU, "value": [9, 1], "by": "a", "why": "x"}, 422),
        ("POST", f"{ASYLUM}/edits", {"path": CU, "value": [0, 9], "by": "a", "why": " "}, 422),
        ("POST", f"{ASYLUM}/whatif", {"sets": {"VVD": 1}}, 422),
        ("POST", f"{ASYLUM}/whatif", {"sets": {}, "more": 1}, 422),
        ("POST", "/api/dossiers", {"by": "a"}, 422),
        ("POST", "/api/dossiers", {"by": "a", "example": "none"}, 422),
        ("POST", "/api/dossiers", {"by": "a", "case": "id: ["}, 422),
    ]
    for method, url, body, status in cases:
        answer = client.request(method, url, json=body)
        assert answer.status_code == status, (url, answer.text)
        assert answer.json()["error"]


def test_an_odd_value_is_an_error_and_no_crash(client: Client) -> None:
    kind = {"Content-Type": "application/json"}
    deep: object = 1
    for _ in range(50):
        deep = [deep]
    for value in ("x" * 5000, True, [], {}, [1, 2, 3, 4], {"low": 1}, deep, 10**400, [[]]):
        body = {"path": CU, "value": value, "by": "a", "why": "x"}
        raw = json.dumps(body).encode()
        answer = client.post(f"{ASYLUM}/edits", content=raw, headers=kind)
        assert answer.status_code == 422, (value, answer.text)
    odd = b'{"path": "%s", "value": NaN, "by": "a", "why": "x"}' % CU.encode()
    answer = client.post(
        f"{ASYLUM}/edits", content=odd, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    half = json.dumps({"title": "half \ud800 a character", "by": "a"}).encode()
    answer = client.post("/api/dossiers", content=half, headers=kind)
    assert answer.status_code in (201, 422)


def test_report_text_never_becomes_markup(client: Client) -> None:
    text = "De VVD eist <script>alert(1)</script> een limiet. D66 is tegen <img onerror=x src=y>."
    about = {"title": "<b>t</b>", "outlet": "<i>o</i>", "date": "2023-07-06"}
    job = client.post(f"{ASYLUM}/texts", json={"text": text, "by": "<u>a</u>", "about": about})
    assert finished(client, job.json())["state"] == "done"
    page = client.get(f"{ASYLUM}/export/page").text
    assert "<script" not in page
    assert "<img" not in page


def test_events_tell_of_a_change(desk: Desk) -> None:
    """The stream is read from the generator itself: the test client waits for an end."""
    import asyncio

    from treves.web.api import _events

    async def listen() -> list[str]:
        lines = []
        async for line in _events(desk, "asylum"):
            lines.append(line)
            if len(lines) == 1:
                await asyncio.to_thread(desk.edit, "asylum", CU, [0, 60], "anna", "said so")
            if len(lines) > 1:
                return lines
        return lines

    first, second = asyncio.run(asyncio.wait_for(listen(), 60))
    assert first.startswith("event: changed\n")
    assert json.loads(second.partition("data: ")[2])["version"] == desk.version("asylum")


def test_names_in_addresses_may_hold_what_keys_hold(client: Client) -> None:
    report = client.get(f"{ASYLUM}/reports").json()[0]["id"]
    assert client.get(f"{ASYLUM}/reports/{quote(report)}").json()["id"] == report


# What takes minutes, fetches, or listens for ever is tested above.
NOT_ASKED = ("/events", "/work/", "/feeds")
EXAMPLES = 8
# A request of the right form may still ask for what makes no sense: that it is refused is right.
PROMISES = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]


def test_the_interface_is_what_it_says(desk: Desk) -> None:
    """Every operation with generated requests: no crash, only answers that it announces."""
    app = build(desk, Rules.for_address("127.0.0.1"))
    headers = {"Host": "127.0.0.1:8723", **PROGRAM}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=headers)
    asked = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if any(part in operation.path for part in NOT_ASKED):
            continue
        asked.append(operation.label)

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            if "dossier" in case.path_parameters:
                case.path_parameters["dossier"] = "asylum"
            case.call_and_validate(headers=headers, checks=PROMISES)

        ask()
    assert len(asked) > 20

"""Fifty people at one workbench: how long a what-if, the claims and the top bar take.

Each session moves a slider or looks at something, waits a second or two, and goes on; a few edit
numbers meanwhile, so that results kept by the hash of the case do not help for ever.

    python benchmarks/workbench.py [SESSIONS] [SECONDS]
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np

from treves.catalogue import folder, load_example, sources_of
from treves.web.desk import Desk

PLACE = "/api/dossiers/asylum"
KNOBS = ("CU.collapse", "VVD.collapse", "D66.collapse", "CDA.collapse", "CU.status_quo")
EDITORS = 5
THINKS_SECONDS = (0.5, 3.0)
HEADERS = {"X-Treves-CSRF": "benchmark"}

Taken = dict[str, list[float]]


def prepare(place: Path) -> None:
    """A dossier with the asylum case and its reports."""
    desk = Desk(place)
    desk.shelf.begin("asylum", "bench", load_example("asylum"))
    room = desk.shelf.table("asylum").room
    for source in sources_of(folder("asylum")):
        room.add(source, "bench")
    desk.close()


def start(place: Path) -> tuple[subprocess.Popen[str], str]:
    """The server in a process of its own, and its address."""
    code = "from treves.cli.main import run; run()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "serve", str(place), "--no-browser", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stderr is not None
    address = process.stderr.readline().split()[-1]
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return process, address


def session(address: str, number: int, until: float, taken: Taken, wrong: list[str]) -> None:
    """One person: slides, looks, and if an editor, edits."""
    chance = random.Random(number)
    with httpx.Client(base_url=address, headers=HEADERS, timeout=120) as client:
        time.sleep(chance.uniform(0.0, THINKS_SECONDS[1]))
        while time.monotonic() < until:
            turn = chance.random()
            if turn < 0.5:
                value = round(chance.random(), 3)
                sets = {chance.choice(KNOBS): value}
                body = {"sets": sets, "session": f"s{number}"}
                ask(taken, wrong, "what-if", lambda b=body: client.post(f"{PLACE}/whatif", json=b))
            elif turn < 0.75:
                ask(taken, wrong, "claims", lambda: client.get(f"{PLACE}/claims"))
            elif turn < 0.97 or number >= EDITORS:
                ask(taken, wrong, "top bar", lambda: client.get(f"{PLACE}/standing"))
            else:
                edit = {
                    "path": "CU.family_reunification.accepts",
                    "value": [0, chance.randint(10, 60)],
                    "by": f"editor {number}",
                    "why": "benchmark",
                }
                ask(taken, wrong, "edit", lambda e=edit: client.post(f"{PLACE}/edits", json=e))
            time.sleep(chance.uniform(*THINKS_SECONDS))


def ask(taken: Taken, wrong: list[str], name: str, request: Callable[[], httpx.Response]) -> None:
    """Time one request."""
    began = time.perf_counter()
    answer = request()
    taken[name].append(time.perf_counter() - began)
    if answer.status_code != 200:
        wrong.append(f"{name}: {answer.status_code}")


def main(sessions: int, seconds: float) -> None:
    """Run the sessions and print a table."""
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place))
        process, address = start(Path(place))
        try:
            with httpx.Client(base_url=address, headers=HEADERS, timeout=300) as client:
                client.get(f"{PLACE}/forecast")
                client.post(f"{PLACE}/whatif", json={"sets": {"CU.collapse": 0.5}})
                alone: Taken = defaultdict(list)
                for k in range(20):
                    body = {"sets": {"CU.collapse": 0.3 + k / 1000}}
                    ask(alone, [], "what-if", lambda b=body: client.post(f"{PLACE}/whatif", json=b))
            taken: Taken = defaultdict(list)
            wrong: list[str] = []
            until = time.monotonic() + seconds
            people = [
                threading.Thread(target=session, args=(address, k, until, taken, wrong))
                for k in range(sessions)
            ]
            for person in people:
                person.start()
            for person in people:
                person.join()
        finally:
            process.kill()
            process.wait()
    write(f"one session, what-if: {words(alone['what-if'])}")
    write(f"{sessions} sessions, {seconds:g} s, {os.cpu_count()} cores, {len(wrong)} refused")
    for name, times in sorted(taken.items()):
        write(f"{name:8} {len(times):6} asked, {words(times)}")


def words(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    middle, most = (1000 * float(np.quantile(times, q)) for q in (0.5, 0.95))
    return f"p50 {middle:.0f} ms, p95 {most:.0f} ms"


def write(text: str) -> None:
    """A line of the table."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:]]
    main(int(given[0]) if given else 50, given[1] if len(given) > 1 else 60.0)

"""A real server for a test that kills it: serves a folder, prints its address, runs on."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

from tests.shared import ROOT

ADDRESS = re.compile(r"http://\S+")


def start(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """`treves serve` in a process of its own, and its address once it listens."""
    code = "from treves.cli.main import run; run()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "serve", str(folder), "--no-browser", "--port", "0", *more],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )
    assert process.stderr is not None
    for line in process.stderr:
        found = ADDRESS.search(line)
        if found:
            # What the server says later must not fill the pipe.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, found.group()
    raise AssertionError("the server ended before it said where it is")

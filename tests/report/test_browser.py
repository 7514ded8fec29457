"""The page in a browser: axe-core finds no serious fault, html-validate no error.

Needs Chromium, node and `npm install` in this folder; skipped where they are absent.
"""

from __future__ import annotations

import html as markup
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from treves.case.model import Case
from treves.forecast.run import run
from treves.report.page import to_html
from treves.report.summary import summarise

MODULES = Path(__file__).parent / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--virtual-time-budget=20000"
).split()
RULES = {
    "extends": ["html-validate:standard"],
    # Style attributes carry party colours; the policy of the page allows them.
    "rules": {"no-inline-style": "off", "long-title": "off"},
}

ready = pytest.mark.skipif(
    not (AXE.exists() and shutil.which("chromium") and shutil.which("node")),
    reason="needs chromium, node and npm install in tests/report",
)


@pytest.fixture(scope="module")
def page(asylum: Case) -> str:
    forecast = run(asylum, draws=256)
    return to_html(summarise(asylum, forecast, history=[forecast]))


@ready
@pytest.mark.parametrize("size", ["1200,900", "500,900"])
def test_axe_finds_no_serious_fault(page: str, tmp_path: Path, size: str) -> None:
    script = f"<script>{AXE.read_text(encoding='utf-8')}" + (
        "</script><script>document.querySelectorAll('details').forEach(d=>d.open=true);"
        "axe.run().then(r=>{const p=document.createElement('pre');p.id='axe';"
        "p.textContent=JSON.stringify(r.violations.map(v=>[v.impact,v.id,v.nodes.length,"
        "v.nodes[0].html.slice(0,200)]));document.body.appendChild(p)})</script></body>"
    )
    # The policy of the page forbids scripts, this one too: it is taken off for the check.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file = tmp_path / "page.html"
    file.write_text(text.replace("</body>", script), encoding="utf-8")
    done = subprocess.run(
        [
            "chromium",
            *FLAGS,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={size}",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    found = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-500:]
    faults = json.loads(markup.unescape(found.group(1)))
    assert [f for f in faults if f[0] in ("serious", "critical")] == []


@ready
def test_the_html_is_valid(page: str, tmp_path: Path) -> None:
    file, rules = tmp_path / "page.html", tmp_path / ".htmlvalidate.json"
    file.write_text(page, encoding="utf-8")
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    tool = MODULES / ".bin" / "html-validate"
    done = subprocess.run(
        [str(tool), "--config", str(rules), "--formatter", "text", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]

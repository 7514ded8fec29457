"""The asylum crisis replayed report by report, as it could be known on each day.

If a change of the models moves screen and chart: look at `tests/golden/asylum.replay.*.new`, then
`mv` each over the old one.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.dossier.hands import HANDS, new_store
from tests.golden_files import assert_golden

from treves import catalogue
from treves.case.formats import native
from treves.cli.dossier_screens import history_chart, history_text
from treves.dossier.drafting import Terms
from treves.dossier.living import add_report, rebuild, renew
from treves.dossier.records import known_from
from treves.dossier.views import forecasts_of
from treves.reading.ingest import load_sources

FOLDER = catalogue.folder("asylum")
TERMS = Terms(draws=256)
FILES = [
    *sorted((FOLDER / "replay").glob("*.txt")),
    *sorted((FOLDER / "sources").glob("2023-07-06-[23]*.txt")),
]


def test_the_replay_of_the_asylum_crisis(tmp_path: Path) -> None:
    base = native.load(FOLDER / "replay" / "case.yaml")
    store = new_store(tmp_path / "d.db", base, "replay")
    reports = sorted(load_sources(FILES), key=lambda s: known_from(s.date, "9999-01-01"))
    assert len(reports) == 7
    renew(store, "replay", HANDS, "tester", TERMS)
    steps = [add_report(store, "replay", s, HANDS, "tester", TERMS) for s in reports]
    assert all(step.is_new and step.claims for step in steps)
    text = history_text(forecasts_of(store, "replay")) + "\n"
    assert max(map(len, text.splitlines())) <= 100
    chart = history_chart("asylum 2023", forecasts_of(store, "replay"), "svg")
    assert isinstance(chart, str)
    for name, made in (("asylum.replay.txt", text), ("asylum.replay.svg", chart)):
        assert_golden(name, made)
    # The last forecast of each day is what a rebuild from that day's knowledge gives.
    day = dt.date(2023, 7, 5)
    then = rebuild(store, "replay", day, HANDS, TERMS)
    made = next(s for s in steps if s.source is not None and s.source.date == day.isoformat())
    assert made.forecast is not None
    assert then.outcomes == made.forecast.outcomes

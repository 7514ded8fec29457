"""Charts of backtests: scores beside what they must beat, and whether odds can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from treves.errors import InputError, Problem
from treves.report.charts import reliability
from treves.report.charts.look import Rows, library, styled
from treves.report.colours import LIGHT
from treves.report.strings import strings

WIDTH = 300
# The band of the PIT holds nine of ten bins of a calibrated forecast.
Z90 = 1.6448536269514722

Record = Mapping[str, Any]


def draw(record: Record, lang: str = "en") -> Any:
    """Scores with 95% intervals on the left; on the right the PIT (deu) or reliability (cases).

    Raises InputError where a record holds no scores.
    """
    alt, say = library("altair"), strings(lang)
    if record["backtest"] == "deu":
        title = say("backtest.deu", issues=record["issues"], proposals=record["proposals"])
        parts = [bars(deu_rows(record), say("backtest.crps")), _pit(record, lang)]
    else:
        if "events" not in record:
            what = "nothing to draw: outcomes of two governments are needed"
            raise InputError([Problem(what, "cases with an outcome", "--chart")])
        title = say("backtest.cases", cases=record["with_outcome"])
        if record["calibrated_on"]:
            title += f" ({say('backtest.in_sample')})"
        panels = [
            reliability.panel(
                [
                    {"odds": r["forecast"], "share": r["happened"]} | r
                    for r in losses["reliability"]
                ],
                lang,
                say(f"backtest.{event.replace(' ', '_')}"),
            )
            for event, losses in record["events"].items()
            if "reliability" in losses
        ]
        parts = [bars(case_rows(record, lang), say("backtest.brier")), *panels]
    return styled(alt.hconcat(*parts, spacing=30), title)


def deu_rows(record: Record) -> Rows:
    """CRPS of each model with its interval, best first."""
    rows = [
        {"name": name, "score": m["crps"], "low": m["crps_95"][0], "high": m["crps_95"][1]}
        for name, m in record["models"].items()
    ]
    return sorted(rows, key=lambda r: r["score"])


def case_rows(record: Record, lang: str = "en") -> Rows:
    """Brier score of each event and of its base rate, with intervals."""
    say = strings(lang)
    found = []
    for event, losses in record["events"].items():
        if "brier" not in losses:
            continue
        words = say(f"backtest.{event.replace(' ', '_')}")
        for who in ("forecast", "base_rate"):
            low, high = losses["brier"][f"{who}_95"]
            score = losses["brier"][who]
            name = f"{words}, {say(f'backtest.{who}')}"
            found.append({"name": name, "score": score, "low": low, "high": high})
    return found


def bars(held: Rows, axis: str) -> Any:
    """A dot with its interval per row; scores from 0, so that lengths can be compared."""
    alt = library("altair")
    base = alt.Chart(alt.Data(values=held))
    y = alt.Y("name:N", sort=None, title=None)
    most = max(r["high"] for r in held)
    scale = alt.Scale(domain=[0, 1.12 * most])
    bar = base.mark_bar(color=LIGHT["faint"], height=16).encode(
        x=alt.X("score:Q", scale=scale, title=axis), y=y
    )
    spread = base.mark_rule(color=LIGHT["accent"], strokeWidth=2, opacity=0.45).encode(
        x=alt.X("low:Q", scale=scale, title=axis), x2="high:Q", y=y
    )
    dot = base.mark_point(filled=True, color=LIGHT["accent"], size=60, opacity=1).encode(
        x=alt.X("score:Q", scale=scale), y=y
    )
    number = base.mark_text(align="left", dx=8, color=LIGHT["soft"], fontSize=12).encode(
        x=alt.X("high:Q", scale=scale),
        y=y,
        text=alt.Text("score:Q", format=".2f" if most < 2 else ".1f"),
    )
    height = 34 * len(held)
    return alt.layer(bar, spread, dot, number).properties(width=WIDTH, height=height)


def _pit(record: Record, lang: str) -> Any:
    """Counts of the PIT of the softmax, and the band in which nine of ten bins fall by chance."""
    alt, say = library("altair"), strings(lang)
    counts = record["models"]["softmax"]["pit_counts"]
    even = sum(counts) / len(counts)
    off = Z90 * (even * (1.0 - 1.0 / len(counts))) ** 0.5
    tenth = 1.0 / len(counts)
    held = [{"from": k * tenth, "to": (k + 1) * tenth, "count": n} for k, n in enumerate(counts)]
    band = alt.Chart(alt.Data(values=[{"low": even - off, "high": even + off}]))
    x = alt.X(
        "from:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        title=say("backtest.pit"),
    )
    drawn = (
        alt.Chart(alt.Data(values=held))
        .mark_bar(color=LIGHT["accent"], opacity=0.85, stroke=LIGHT["paper"])
        .encode(
            x=x,
            x2="to:Q",
            y=alt.Y("count:Q", scale=alt.Scale(zero=True), title=say("backtest.count")),
            y2=alt.datum(0),
        )
    )
    likely = band.mark_rect(color=LIGHT["line"], opacity=0.3).encode(y="low:Q", y2="high:Q")
    middle = alt.Chart(alt.Data(values=[{"count": even}])).mark_rule(
        color=LIGHT["ink"], strokeDash=[4, 4]
    )
    heading = alt.Title(say("backtest.softmax"), anchor="start", fontSize=13, fontWeight="normal")
    return alt.layer(drawn, likely, middle.encode(y="count:Q")).properties(
        width=WIDTH, height=204, title=heading
    )


def describe(record: Record, lang: str = "en") -> str:
    """The scores in words, from the same rows."""
    held = deu_rows(record) if record["backtest"] == "deu" else case_rows(record, lang)
    return "\n".join(
        f"{r['name']}: {r['score']:.2f} ({r['low']:.2f} to {r['high']:.2f})" for r in held
    )

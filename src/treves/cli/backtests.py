"""Commands that score treves on data whose answer is known: backtest deu, backtest cases."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

import typer

from treves.cli.common import DrawsOption, JsonOption, SeedOption, show, show_json, write

PredictionsOption = Annotated[
    str | None, typer.Option("--predictions", help="Write the forecasts to this CSV file.")
]

ChartOption = Annotated[
    str | None, typer.Option("--chart", help="Draw the scores into this file: .svg or .png.")
]

group = typer.Typer(help="Score treves on data whose answer is known.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file, and the group for others that score."""
    group.command("deu")(backtest_deu)
    group.command("cases")(backtest_cases)
    app.add_typer(group, name="backtest")


def backtest_deu(
    file: Annotated[str, typer.Argument(metavar="FILE", help="DEU III as CSV.")],
    predictions: PredictionsOption = None,
    chart: ChartOption = None,
    json_: JsonOption = False,
) -> None:
    """Score settlement forecasts on European Union decisions, out of fold, by proposal."""
    from treves.errors import InputError, Problem
    from treves.forecast import deu
    from treves.forecast.backtest import backtest_deu as score

    try:
        record, rows = score(deu.load(file))
    except ValueError as error:
        raise InputError([Problem(str(error), "a file with `out` filled in", file)]) from error
    if predictions:
        write(predictions, _csv(rows))
    if chart:
        _draw(record, chart)
    show_json(record) if json_ else show(deu_table(record))


def backtest_cases(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Coded cases with outcomes.")],
    predictions: PredictionsOption = None,
    chart: ChartOption = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 512,
    json_: JsonOption = False,
) -> None:
    """Score the odds of the endgame on coded crises, against the base rate of the others."""
    from treves.forecast.episodes import backtest_cases as score
    from treves.forecast.episodes import load_episodes

    record, rows = score(*load_episodes(folder), seed, draws)
    if predictions:
        write(predictions, _csv(rows))
    if chart:
        _draw(record, chart)
    show_json(record) if json_ else show(cases_table(record))


def _draw(record: dict[str, Any], chart: str) -> None:
    from treves.report.charts.backtests import draw
    from treves.report.charts.files import content

    write(chart, content(draw(record), chart))


def deu_table(record: dict[str, Any]) -> str:
    """The record of a DEU backtest as lines for a terminal."""
    lines = [
        f"{record['issues']} issues of {record['proposals']} proposals, {record['protocol']}, "
        f"{len(record['seeds'])} fold seeds",
        f"{'':20}  CRPS    MAE   log  80% PIT",
    ]
    top = max(m["crps"] for m in record["models"].values())
    for name, m in record["models"].items():
        bar = "█" * round(20 * m["crps"] / top)
        lines.append(
            f"{name:20} {m['crps']:5.2f}  {m['mae_of_median']:5.2f}  {m['log_score']:4.2f}"
            f"   {m['coverage_80']:.3f}  {bar}"
        )
    lines.append("difference in CRPS, 95% interval by proposal:")
    for name, gap in record["differences"].items():
        lines.append(f"  {name:32} {gap['mean']:+.2f} [{gap['low']:+.2f}, {gap['high']:+.2f}]")
    return "\n".join(lines)


def cases_table(record: dict[str, Any]) -> str:
    """The record of a backtest on cases as lines for a terminal."""
    lines = [
        f"{record['cases']} cases, {record['with_outcome']} with an outcome, "
        f"{record['governments']} governments; prior {record['prior']}"
    ]
    if record["calibrated_on"]:
        lines.append(f"{record['calibrated_on']} of them calibrated the endgame: not a fair test")
    for event, losses in record.get("events", {}).items():
        for kind, row in losses.items():
            if kind in ("happened", "reliability"):
                continue
            gap = row["difference"]
            lines.append(
                f"{event:14} {kind:6} {row['forecast']:.3f}  base rate {row['base_rate']:.3f}  "
                f"{gap['mean']:+.3f} [{gap['low']:+.3f}, {gap['high']:+.3f}]"
            )
    return "\n".join(lines)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()

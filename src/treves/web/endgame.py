"""How it ends and why: every move, number and jump gives one sentence that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from treves.report.drawing import esc
from treves.report.records import Summary
from treves.report.sections import section
from treves.report.summary import summarise
from treves.report.words import ENDING, percent
from treves.web.desk import Desk
from treves.web.markup import Ask, Pane, bdi, link, table

COLUMNS = (
    ("accept", "the likeliest deal"),
    ("outvoted", "being outvoted"),
    ("idle", "waiting"),
    ("fall", "a collapse"),
    ("leave", "having left"),
)


def show(desk: Desk, ask: Ask) -> Pane:
    """The endings, the tree, and what each party gets where."""
    question = "How does it end, and why?"
    summary = desk.summary(ask.dossier)
    if summary is None:
        return Pane(question, '<p class="lead">There is no case yet: add a report first.</p>')
    job = desk.work(ask.dossier, "endgame")
    if job.state != "done":
        return Pane(question, section(summary, "outcomes") + section(summary, "why"))
    told = job.result
    summary = _with_threat(desk, ask, summary)
    body = (
        f"{section(summary, 'outcomes')}{_course(ask, told, summary)}{_worths(ask, told)}"
        f"{section(summary, 'threat')}{section(summary, 'why')}{_flips(ask, told)}"
    )
    return Pane(question, body, _evidence(ask, summary, told))


def _with_threat(desk: Desk, ask: Ask, summary: Summary) -> Summary:
    """The summary with what the explained endgame adds to it: the threat, and who refuses."""
    case, forecast = desk.case_record(ask.dossier), desk.forecast(ask.dossier)
    if case is None or forecast is None:
        return summary
    return summarise(case, forecast, summary.lang, story=desk.story(ask.dossier))


def _course(ask: Ask, told: Mapping[str, Any], summary: Summary) -> str:
    """The most probable course, what observed moves taught, and the tree on demand."""
    path = " → ".join(esc(str(step)) for step in told["path"])
    taught = summary.course.taught if summary.course else ""
    seen = f'<p class="note">{esc(taught)}</p>' if taught else ""
    rows = ""
    for k, branch in enumerate(told["tree"]):
        depth = min(int(branch["depth"]), 12)
        odds = f"{percent(branch['probability'])}, overall {percent(branch['overall'])}"
        rows += (
            f'<li class="depth{depth}">{link(ask.url(move=k), str(branch["label"]))} '
            f'<span class="k">{odds}</span></li>'
        )
    opened = " open" if ask.query.get("move") else ""
    return (
        f"<h2>The course of it</h2><p>The most probable course: {path}.</p>{seen}"
        f"<details{opened}><summary>The whole tree</summary><ul class='tree'>{rows}</ul></details>"
    )


def _worths(ask: Ask, told: Mapping[str, Any]) -> str:
    rows = [
        (
            bdi(str(r["party"])),
            *(
                link(ask.url(worth=f"{r['party']}.{name}"), f"{100 * r[name]:.0f}")
                for name, _ in COLUMNS
            ),
            link(ask.url(worth=f"{r['party']}.breaks"), percent(r["breaks"])),
        )
        for r in told["parties"]
    ]
    heads = ("Worth to (of 100)", *(words for _, words in COLUMNS), "breaks")
    note = (
        '<p class="note">Observed moves are counted here, so that these can lie a few points from '
        "the numbers of the forecast below.</p>"
        if told["observed_moves"]
        else ""
    )
    return (
        f"<h2>What each ending is worth</h2>{note}{table(heads, rows, 'What each ending is worth')}"
    )


def _flips(ask: Ask, told: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<li>{link(ask.url('parties', path=_path(f)), _flip(f))}</li>" for f in told["flips"]
    )
    return f"<h2>What would turn it</h2><ul>{rows}</ul>" if rows else ""


def _path(flip: Mapping[str, Any]) -> str:
    return ".".join(str(p) for p in (flip["party"], flip["issue"], flip["field"]) if p)


def _flip(flip: Mapping[str, Any]) -> str:
    what = str(flip["field"]).replace("_", " ")
    if flip["issue"]:
        what = f"what it accepts on {str(flip['issue']).replace('_', ' ')}"
    by = f"{flip['change']:+.0f} points" if flip["issue"] else f"{100 * flip['change']:+.0f} of 100"
    after = ENDING.get(flip["after"], flip["after"])
    return f"{flip['party']}: {what} {by} would make it {after}"


def _evidence(ask: Ask, summary: Summary, told: Mapping[str, Any]) -> str:
    """One sentence about the move or number that was clicked."""
    move, worth = ask.query.get("move", ""), ask.query.get("worth", "")
    if move.isdecimal() and int(move) < len(told["tree"]):
        return _about_move(told["tree"], int(move))
    party, _, name = worth.rpartition(".")
    row = next((r for r in told["parties"] if r["party"] == party), None)
    if row is None or name not in row:
        return ""
    story = next((s for s in summary.stories if s.party == party), None)
    more = f"<p>{bdi(' '.join(story.sentences))}</p>" if story else ""
    stake = {"fall": "collapse", "idle": "status_quo", "leave": "outside", "outvoted": "outvoted"}
    field = stake.get(name)
    where = (
        f"<p>{link(ask.url('parties', path=f'{party}.{field}'), 'The number behind it')}</p>"
        if field
        else ""
    )
    return f"<h2>{bdi(party)}</h2><p>{bdi(_about_worth(party, name, row))}</p>{more}{where}"


def _about_move(tree: list[Mapping[str, Any]], place: int) -> str:
    """A branch beside its rivals: the others that stand at the same place."""
    branch = tree[place]
    rivals = []
    for step in (-1, 1):
        k = place + step
        while 0 <= k < len(tree) and tree[k]["depth"] >= branch["depth"]:
            if tree[k]["depth"] == branch["depth"]:
                rivals.append(tree[k])
            k += step
    parent = next((b for b in reversed(tree[:place]) if b["depth"] == branch["depth"] - 1), None)
    after = f" after “{parent['label']}”" if parent else ""
    other = "; ".join(f"{r['label']} {percent(r['probability'])}" for r in rivals)
    words = (
        f"“{branch['label']}” comes in {percent(branch['probability'])} of the games that get "
        f"here{after}, which is {percent(branch['overall'])} of all"
    )
    beside = f" The other ways from here: {other}." if other else ""
    return f"<h2>This move</h2><p>{esc(words)}.{esc(beside)}</p>"


def _about_worth(party: str, name: str, row: Mapping[str, Any]) -> str:
    if name == "breaks":
        return f"{party} breaks with the others in {percent(row['breaks'])} of the games played."
    words = dict(COLUMNS)
    ranked = sorted(COLUMNS, key=lambda c: -row[c[0]])
    place = [n for n, _ in ranked].index(name)
    best = ranked[0] if place else ranked[1]
    how = "more" if place == 0 else "less"
    return (
        f"To {party} {words.get(name, name)} is worth {100 * row[name]:.0f} of 100: {how} than "
        f"{best[1]} ({100 * row[best[0]]:.0f}). 0 is its worst package, 100 its own in full."
    )

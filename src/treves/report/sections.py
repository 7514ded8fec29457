"""The sections of the page, each a function from the summary to HTML: page, notebook, workbench.

Nothing is computed or phrased here. No section holds a style attribute or a script.
"""

from __future__ import annotations

from collections.abc import Callable

from treves.report.drawing import esc
from treves.report.history_line import draw_history
from treves.report.issue_lines import draw_issue
from treves.report.outcome_bar import draw_outcomes
from treves.report.parts import (
    bdi,
    both,
    bullets,
    chip,
    fold,
    number_view,
    report_view,
    sentence_view,
    table,
)
from treves.report.records import Deal, IssueLine, PartyLine, PartyStory, Step, Summary
from treves.report.strings import Strings, strings
from treves.report.threat_band import draw_threat
from treves.report.worth_lines import draw_worths

DOTS = {"accepts": "●", "unsure": "◐", "refuses": "○", "withheld": "–"}


def sections(summary: Summary) -> list[str]:
    """The sections in the order in which a reader needs them; one without data is left out."""
    return [made for name in SECTIONS if (made := section(summary, name))]


def section(summary: Summary, name: str) -> str:
    """One section under its heading, with its name as id; empty when there is no data for it.

    Raises KeyError on a name that is not in ``SECTIONS``.
    """
    body = SECTIONS[name](summary)
    if not body:
        return ""
    title = esc(strings(summary.lang)(f"page.{name}"))
    return (
        f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h">{title}</h2>'
        f"{body}</section>"
    )


def head(summary: Summary) -> str:
    """The headline, what it rests on, and the page in a few answers."""
    answers = "".join(
        f"<dt>{esc(question)}</dt><dd>{bdi(answer)}</dd>" for question, answer in summary.brief
    )
    brief = f'<dl class="brief">{answers}</dl>' if answers else ""
    return (
        f'<header id="head"><p class="over">{bdi(summary.title)} · {esc(summary.stamp)}</p>'
        f"<h1>{esc(summary.headline)}</h1>{brief}"
        f'<p class="note">{bdi(summary.rule)} {esc(summary.basis)}.</p></header>'
    )


def outcomes(summary: Summary) -> str:
    """How it ends: the bar, the intervals, who breaks."""
    say = strings(summary.lang)
    rows = "".join(
        f'<tr><th scope="row">{esc(o.words)}</th><td>{esc(o.figure)}</td>'
        f"<td>{esc(o.chance)}</td></tr>"
        for o in summary.outcomes
    )
    heads = [say("page.ending"), say("page.probability"), say("page.range")]
    drawings = both(draw_outcomes(summary), draw_outcomes(summary, narrow=True))
    return (
        f'{drawings}<p class="note">{esc(say("page.interval_note"))}</p>'
        f"{fold(say('page.table'), table(heads, rows))}"
    )


def gap(summary: Summary) -> str:
    """Who wants what: one drawing per issue, and the numbers behind it."""
    say = strings(summary.lang)
    notes = "".join(f'<p class="note">{bdi(n)}.</p>' for n in summary.notes)
    issues = "".join(issue_view(summary, issue, say) for issue in summary.issues)
    return f'<p class="note">{esc(say("page.gap_note"))}</p>{notes}{issues}'


def issue_view(summary: Summary, issue: IssueLine, say: Strings) -> str:
    """One issue: its title, its drawing, its numbers."""
    drawings = both(draw_issue(summary, issue), draw_issue(summary, issue, narrow=True))
    given = {n.path.rsplit(".", 1)[1] for party in issue.parties for n in party.numbers}
    names = ["position", "accepts", "salience", *(["worth"] if "worth" in given else [])]
    heads = [say("page.party"), *(say(f"field.{n}") for n in names)]
    rows = ""
    for party in issue.parties:
        held = {n.path.rsplit(".", 1)[1]: n for n in party.numbers}
        cells = "".join(
            f'<td data-h="{esc(heads[k])}">'
            f"{number_view(held[name], say) if name in held else esc(_not_held(party, name, say))}"
            "</td>"
            for k, name in enumerate(names, 1)
        )
        rows += f'<tr><th scope="row">{chip(summary, party.party)}</th>{cells}</tr>'
    return (
        f"<h3>{bdi(issue.title)}</h3>{drawings}"
        f"{fold(say('page.numbers') + ': ' + issue.title, table(heads, rows, 'cards'))}"
    )


def _not_held(party: PartyLine, name: str, say: Strings) -> str:
    """What a cell says without a number: the point rated best stands for what is asked for."""
    if name != "position" or party.position is None:
        return say("value.unknown")
    value = say("value.position", value=f"{party.position:.0f}")
    return say("value.labelled", label=party.label, value=value) if party.label else value


def deals(summary: Summary) -> str:
    """Packages with who can live with each, who must move, and what would open a deal."""
    say = strings(summary.lang)
    body = [f"<p>{esc(summary.zone)}.</p>"]
    if summary.deals and summary.deals[0].figure in ("0%", "<1%"):
        body.append(f"<p>{esc(say('page.nearest'))}</p>")
    body += [deal_view(summary, deal, say) for deal in summary.deals]
    if summary.tension:
        body.append(f"<p>{bdi(summary.tension)}.</p>")
    if summary.must_move:
        body.append(f"<h3>{esc(say('page.must_move'))}</h3>{bullets(summary.must_move, '.')}")
    if summary.blockers:
        body.append(f"<p>{bdi(summary.blockers)}</p>")
    body += [f"<p>{bdi(text)}.</p>" for text in (summary.opening, summary.exchange) if text]
    if summary.more_deals:
        more = "".join(deal_view(summary, deal, say) for deal in summary.more_deals)
        body.append(fold(say("page.more"), more, aside=True))
    return "".join(body)


def deal_view(summary: Summary, deal: Deal, say: Strings) -> str:
    """One package: how likely all can live with it, its values, a dot per party, what blocks it."""
    who = "".join(
        f"<li>{chip(summary, party)} {DOTS[verdict]} "
        f'<span class="k">{esc(say(f"verdict.{verdict}"))}</span></li>'
        for party, verdict in deal.parties
    )
    values = "".join(
        f'<li><span class="k">{bdi(part.title)}</span> {bdi(part.label)}'
        + (f' <span class="k">{part.value:.0f}</span>' if part.value is not None else "")
        + "</li>"
        for part in deal.parts
    )
    blocked = f'<p class="k">{esc(say("page.blocked"))}: {bdi(deal.blocked_by)}</p>'
    return (
        f'<div class="deal"><div><span class="odds">{esc(deal.figure)}</span></div><div>'
        f'<ul class="parts">{values}</ul><ul class="who">{who}</ul>'
        f"{blocked if deal.blocked_by else ''}</div></div>"
    )


def why(summary: Summary) -> str:
    """The course of the talks, then party by party: what each ending gives it, what it takes."""
    say = strings(summary.lang)
    told = "".join(story_view(summary, story, say) for story in summary.stories)
    if not told:
        return ""
    course = ""
    if summary.course:
        lines = [t for t in (summary.course.words, summary.course.taught) if t]
        course = "".join(f"<p>{bdi(line)}</p>" for line in lines)
        course += fold(say("page.tree"), _tree(summary.course.steps, say), aside=True)
    return f'{course}<p class="note">{esc(say("page.why_note"))}</p>{told}'


def _tree(steps: tuple[Step, ...], say: Strings) -> str:
    rows = "".join(
        f"<tr{' class=' + chr(34) + 'likeliest' + chr(34) if s.likeliest else ''}>"
        f'<td class="d{min(s.depth, 7)}">{bdi(s.words)}</td><td class="fig">{esc(s.figure)}</td>'
        f'<td class="fig">{esc(s.overall)}</td></tr>'
        for s in steps
    )
    heads = [say("course.step"), say("course.after"), say("course.overall")]
    return table(heads, rows, "tree")


def story_view(summary: Summary, story: PartyStory, say: Strings) -> str:
    """One party: two or three sentences, its worths on a line, the numbers behind them."""
    drawings = both(draw_worths(summary, story), draw_worths(summary, story, narrow=True))
    numbers = "".join(f"<li>{esc(n.name)}: {number_view(n, say)}</li>" for n in story.numbers)
    held = f"<ul>{numbers}</ul>" if numbers else ""
    more = fold(f"{say('page.numbers')}: {story.party}", held) if held else ""
    name = "" if story.name == story.party else f" {bdi(story.name)}"
    return (
        f'<div class="story"><h3>{chip(summary, story.party)}{name} '
        f'<span class="k">{esc(story.role)}</span></h3>'
        f"<p>{bdi(' '.join(story.sentences))}</p>{drawings}{more}</div>"
    )


def threat(summary: Summary) -> str:
    """Is the threat a bluff: one paragraph, and the band over the cost of backing down."""
    if summary.threat is None:
        return ""
    drawings = both(draw_threat(summary), draw_threat(summary, narrow=True))
    grounds = bullets(summary.threat.grounds) if summary.threat.grounds else ""
    return f"<p>{bdi(summary.threat.words)}</p>{drawings}{grounds}"


def change(summary: Summary) -> str:
    """What to find out, and what would turn the forecast."""
    say = strings(summary.lang)
    body = ""
    if summary.levers:
        most = max(lever.swing for lever in summary.levers) or 1.0
        rows = "".join(
            f'<li class="lever"><span>{bdi(lever.text)} <span class="k">{esc(lever.swing_words)}'
            "</span></span>"
            '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{max(100 * lever.swing / most, 1):.0f}" height="8" '
            'fill="var(--accent)"/></svg></li>'
            for lever in summary.levers
        )
        top = max(summary.outcomes, key=lambda o: o.probability)
        note = say("page.change_note", outcome=top.words)
        body = f'<p class="note">{esc(note)}</p><ul class="levers">{rows}</ul>'
    if summary.course is None:
        return body
    turns = tuple(turn.words for turn in summary.course.turns)
    told = bullets(turns) if turns else f"<p>{esc(say('turn.none'))}</p>"
    return f"{body}<h3>{esc(say('page.turns'))}</h3>{told}"


def watch(summary: Summary) -> str:
    """Days on the calendar, and numbers from outside."""
    days = "".join(
        f'<li><time datetime="{d.date}">{esc(d.words)}</time>: {bdi(d.label)}</li>'
        for d in summary.days
    )
    body = f"<ul>{days}</ul>" if days else ""
    if summary.outside:
        facts = "".join(
            f"<li>{bdi(f.words)}"
            + "".join(f"; {bdi(b)}" for b in f.bears)
            + (f' <span class="k">{bdi(f.source)}</span>' if f.source else "")
            + "</li>"
            for f in summary.outside
        )
        title = esc(strings(summary.lang)("page.outside"))
        body += f"<h3>{title}</h3><ul>{facts}</ul>"
    return body


def moved(summary: Summary) -> str:
    """Stored forecasts in order, with the reports between them."""
    if not summary.moments:
        return ""
    say = strings(summary.lang)
    drawings = both(draw_history(summary), draw_history(summary, narrow=True))
    told = "".join(
        f"<h3>{esc(m.day)}: {esc(m.figure)}</h3>{''.join(sentence_view(s, say) for s in m.reports)}"
        for m in summary.moments
    )
    return f'{drawings}<p class="note">{esc(say("page.moved_note"))}</p>{told}'


def reports(summary: Summary) -> str:
    """The reports that were read, with their claims marked."""
    if not summary.readings:
        return ""
    say = strings(summary.lang)
    told = "".join(
        fold(view.title or say("reading.report"), report_view(view, f"r{k}", say), aside=True)
        for k, view in enumerate(summary.readings, 1)
    )
    kinds = " ".join(
        f'<span class="k-{kind}"><b>{sign}</b> {esc(words)}</span>'
        for kind, (sign, words) in say.held("reading.kinds").items()
    )
    note = f'<p class="note">{esc(say("reading.note"))}</p>'
    return f'{note}<p class="note legend">{kinds}</p>{told}'


def record(summary: Summary) -> str:
    """How good forecasts of this kind have been."""
    return bullets(summary.record.sentences) if summary.record else ""


def method(summary: Summary) -> str:
    """What the numbers rest on, limits, versions."""
    say = strings(summary.lang)
    kinds = ", ".join(f"{count} {say(f'kind.{kind}')}" for kind, count in summary.kinds)
    lines = [*summary.limits, say("page.scale_note"), *summary.versions, summary.method]
    return f"<p>{esc(say('page.evidence_kinds'))}: {esc(kinds)}.</p>{bullets(tuple(lines))}"


SECTIONS: dict[str, Callable[[Summary], str]] = {
    "outcomes": outcomes,
    "gap": gap,
    "deals": deals,
    "why": why,
    "threat": threat,
    "change": change,
    "watch": watch,
    "moved": moved,
    "reports": reports,
    "record": record,
    "method": method,
}

"""The page: one HTML file that needs no network and no script, made of the summary alone."""

from __future__ import annotations

from functools import cache

from treves.report.colours import palette
from treves.report.drawing import STYLE, esc, variables
from treves.report.history_line import draw_history
from treves.report.issue_lines import draw_issue
from treves.report.outcome_bar import draw_outcomes
from treves.report.records import Deal, IssueLine, Number, PartyStory, Sentence, Summary
from treves.report.strings import Strings, strings
from treves.report.worth_lines import draw_worths
from treves.resources import resource

DOTS = {"accepts": "●", "unsure": "◐", "refuses": "○"}
# Nothing may be loaded and no script may run, whatever a report that was read contains.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def to_html(summary: Summary) -> str:
    """The whole page; open it from a mail, print it, read it on a phone."""
    say = strings(summary.lang)
    title = esc(summary.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{summary.lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{_style(summary)}</style></head><body>"
        f'<a class="skip" href="#outcomes">{esc(say("page.skip"))}</a>{_head(summary)}'
        f"<main>{''.join(sections(summary))}</main></body></html>\n"
    )


def sections(summary: Summary) -> list[str]:
    """The sections in the order in which a reader needs them; one without data is left out."""
    say = strings(summary.lang)
    made = [
        ("outcomes", _outcomes(summary, say)),
        ("gap", _gaps(summary, say)),
        ("deals", _deals(summary, say)),
        ("why", _why(summary, say)),
        ("change", _change(summary, say)),
        ("watch", _watch(summary, say)),
        ("moved", _moved(summary, say)),
        ("record", _list(summary.record.sentences) if summary.record else ""),
        ("method", _method(summary, say)),
    ]
    return [
        f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h">'
        f"{esc(say(f'page.{name}'))}</h2>{body}</section>"
        for name, body in made
        if body
    ]


def fragment(summary: Summary, body: str) -> str:
    """A part of the page with its own style, for a notebook; the style reaches nothing else."""
    return f'<div class="treves"><style>{_style(summary, ".treves")}</style>{body}</div>'


@cache
def _css() -> str:
    return resource("report", "page.css").read_text(encoding="utf-8")


def _style(summary: Summary, root: str = ":root") -> str:
    light, dark = palette(summary.colours), palette(summary.colours, dark=True)
    css = STYLE if root == ":root" else f"{root}{{color:var(--ink)}}{root} svg {{{STYLE}}}"
    rest = _css() if root == ":root" else f"{root}{{{_css()}}}"
    return (
        f"{root}{{{variables(light)}}}"
        f"@media screen and (prefers-color-scheme:dark){{{root}{{{variables(dark)}}}}}{css}{rest}"
    )


def _head(summary: Summary) -> str:
    return (
        f'<header><p class="over">{_bdi(summary.title)} · {esc(summary.stamp)}</p>'
        f"<h1>{esc(summary.headline)}</h1>"
        f'<p>{_bdi(summary.rule)}</p><p class="note">{esc(summary.basis)}.</p></header>'
    )


def _outcomes(summary: Summary, say: Strings) -> str:
    rows = "".join(
        f'<tr><th scope="row">{esc(o.words)}</th><td>{esc(o.figure)}</td>'
        f"<td>{esc(o.chance)}</td></tr>"
        for o in summary.outcomes
    )
    heads = [say("page.ending"), say("page.probability"), say("page.range")]
    drawings = _both(draw_outcomes(summary), draw_outcomes(summary, narrow=True))
    return (
        f'{drawings}<p class="note">{esc(say("page.interval_note"))}</p>'
        f"{_fold(say('page.table'), _table(heads, rows))}"
    )


def _gaps(summary: Summary, say: Strings) -> str:
    notes = "".join(f'<p class="note">{_bdi(n)}.</p>' for n in summary.notes)
    issues = "".join(_issue(summary, issue, say) for issue in summary.issues)
    return f'<p class="note">{esc(say("page.gap_note"))}</p>{notes}{issues}'


def _issue(summary: Summary, issue: IssueLine, say: Strings) -> str:
    drawings = _both(draw_issue(summary, issue), draw_issue(summary, issue, narrow=True))
    heads = [say("page.party"), *(say(f"field.{n}") for n in ("position", "accepts", "salience"))]
    rows = ""
    for party in issue.parties:
        held = {n.path.rsplit(".", 1)[1]: n for n in party.numbers}
        cells = "".join(
            f'<td data-h="{esc(heads[k])}">'
            f"{_number(held[name], say) if name in held else esc(say('value.unknown'))}</td>"
            for k, name in enumerate(("position", "accepts", "salience"), 1)
        )
        rows += f'<tr><th scope="row">{_chip(summary, party.party)}</th>{cells}</tr>'
    table = _table(heads, rows, "cards")
    return (
        f"<h3>{_bdi(issue.title)}</h3>{drawings}"
        f"{_fold(say('page.numbers') + ': ' + issue.title, table)}"
    )


def _number(number: Number, say: Strings) -> str:
    """A number that opens what it rests on."""
    told = "".join(_sentence(s, say) for s in number.sentences)
    if number.confided:
        told += f'<p class="k">{esc(say("page.confided", count=number.confided))}</p>'
    text = say("value.withheld") if number.withheld else number.text
    kind = f'<span class="k">{esc(say(f"kind.{number.kind}"))}</span>'
    if not told:
        return f"{_bdi(text)} {kind}"
    return f'<details class="n"><summary>{_bdi(text)} {kind}</summary>{told}</details>'


def _sentence(sentence: Sentence, say: Strings) -> str:
    if not sentence.quoted:
        return f'<p class="src">{_bdi(say("basis.judged", why=sentence.text))}</p>'
    held = "" if sentence.certainty == "asserted" else f' class="{esc(sentence.certainty)}"'
    hedge = say(f"page.{sentence.certainty}") if held else ""
    about = [sentence.speaker, sentence.outlet, sentence.date, hedge]
    origin = " · ".join(_bdi(t) for t in about if t)
    return f'<p class="src"><q{held}>{_bdi(sentence.text)}</q> <span class="k">{origin}</span></p>'


def _deals(summary: Summary, say: Strings) -> str:
    body = [f"<p>{esc(summary.zone)}.</p>"]
    if summary.deals and summary.deals[0].figure in ("0%", "<1%"):
        body.append(f"<p>{esc(say('page.nearest'))}</p>")
    body += [_deal(summary, deal, say) for deal in summary.deals]
    if summary.tension:
        body.append(f"<p>{_bdi(summary.tension)}.</p>")
    if summary.must_move:
        body.append(f"<h3>{esc(say('page.must_move'))}</h3>{_list(summary.must_move, '.')}")
    if summary.blockers:
        body.append(f"<p>{_bdi(summary.blockers)}</p>")
    body += [f"<p>{_bdi(text)}.</p>" for text in (summary.opening, summary.exchange) if text]
    if summary.more_deals:
        more = "".join(_deal(summary, deal, say) for deal in summary.more_deals)
        body.append(_fold(say("page.more"), more))
    return "".join(body)


def _deal(summary: Summary, deal: Deal, say: Strings) -> str:
    who = "".join(
        f"<li>{_chip(summary, party)} {DOTS[verdict]} "
        f'<span class="k">{esc(say(f"verdict.{verdict}"))}</span></li>'
        for party, verdict in deal.parties
    )
    values = "; ".join(
        f"{_bdi(part.label or part.title)}"
        + (f" ({part.value:.0f})" if part.value is not None else "")
        for part in deal.parts
    )
    blocked = f'<p class="k">{esc(say("page.blocked"))}: {_bdi(deal.blocked_by)}</p>'
    return (
        f'<div class="deal"><div><span class="odds">{esc(deal.figure)}</span></div><div>{values}'
        f'<ul class="who">{who}</ul>{blocked if deal.blocked_by else ""}</div></div>'
    )


def _why(summary: Summary, say: Strings) -> str:
    told = "".join(_story(summary, story, say) for story in summary.stories)
    return f'<p class="note">{esc(say("page.why_note"))}</p>{told}' if told else ""


def _story(summary: Summary, story: PartyStory, say: Strings) -> str:
    drawings = _both(draw_worths(summary, story), draw_worths(summary, story, narrow=True))
    numbers = "".join(f"<li>{esc(n.name)}: {_number(n, say)}</li>" for n in story.numbers)
    held = f"<ul>{numbers}</ul>" if numbers else ""
    fold = _fold(f"{say('page.numbers')}: {story.party}", held) if held else ""
    name = "" if story.name == story.party else f" {_bdi(story.name)}"
    return (
        f'<div class="story"><h3>{_chip(summary, story.party)}{name} '
        f'<span class="k">{esc(story.role)}</span></h3>'
        f"<p>{_bdi(' '.join(story.sentences))}</p>{drawings}{fold}</div>"
    )


def _change(summary: Summary, say: Strings) -> str:
    if not summary.levers:
        return ""
    most = max(lever.swing for lever in summary.levers)
    rows = "".join(
        f'<li class="lever"><span>{_bdi(lever.text)} <span class="k">{esc(lever.swing_words)}'
        f'</span></span><span class="bar" style="width:{100 * lever.swing / most:.0f}%"></span>'
        "</li>"
        for lever in summary.levers
    )
    top = max(summary.outcomes, key=lambda o: o.probability)
    note = say("page.change_note", outcome=top.words)
    return f'<p class="note">{esc(note)}</p><ul style="list-style:none;padding:0">{rows}</ul>'


def _watch(summary: Summary, say: Strings) -> str:
    days = "".join(
        f'<li><time datetime="{d.date}">{esc(d.words)}</time>: {_bdi(d.label)}</li>'
        for d in summary.days
    )
    body = f"<ul>{days}</ul>" if days else ""
    if summary.outside:
        facts = "".join(
            f"<li>{_bdi(f.words)}"
            + "".join(f"; {_bdi(b)}" for b in f.bears)
            + (f' <span class="k">{_bdi(f.source)}</span>' if f.source else "")
            + "</li>"
            for f in summary.outside
        )
        body += f"<h3>{esc(say('page.outside'))}</h3><ul>{facts}</ul>"
    return body


def _moved(summary: Summary, say: Strings) -> str:
    if not summary.moments:
        return ""
    drawings = _both(draw_history(summary), draw_history(summary, narrow=True))
    told = "".join(
        f"<h3>{esc(m.day)}: {esc(m.figure)}</h3>{''.join(_sentence(s, say) for s in m.reports)}"
        for m in summary.moments
    )
    return f'{drawings}<p class="note">{esc(say("page.moved_note"))}</p>{told}'


def _method(summary: Summary, say: Strings) -> str:
    kinds = ", ".join(f"{count} {say(f'kind.{kind}')}" for kind, count in summary.kinds)
    lines = [*summary.limits, say("page.scale_note"), *summary.versions, summary.method]
    return f"<p>{esc(say('page.evidence_kinds'))}: {esc(kinds)}.</p>{_list(tuple(lines))}"


def _both(wide: str, narrow: str) -> str:
    """One drawing for a page and one for a phone; the other is hidden from everybody."""
    return f'<figure class="wide">{wide}</figure><figure class="narrow">{narrow}</figure>'


def _fold(title: str, body: str) -> str:
    return f'<details class="data"><summary>{_bdi(title)}</summary>{body}</details>'


def _table(heads: list[str], rows: str, classes: str = "") -> str:
    head = "".join(f'<th scope="col">{esc(h)}</th>' for h in heads)
    held = f' class="{classes}"' if classes else ""
    return f"<table{held}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _list(items: tuple[str, ...], end: str = "") -> str:
    return f"<ul>{''.join(f'<li>{_bdi(item)}{end}</li>' for item in items)}</ul>"


def _chip(summary: Summary, party: str) -> str:
    place = summary.order.index(party)
    colour = f"background:var(--party-{place})"
    return f'<span class="party" style="{colour}"></span><bdi>{esc(party)}</bdi>'


def _bdi(text: str) -> str:
    """Foreign text, kept from turning the direction of what stands around it."""
    return f"<bdi>{esc(text)}</bdi>"

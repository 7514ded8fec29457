"""Small parts of the page that several sections use: numbers that open, sentences, tables."""

from __future__ import annotations

from treves.report.drawing import esc
from treves.report.records import Number, ReportView, Run, Sentence, Summary
from treves.report.strings import Strings


def number_view(number: Number, say: Strings) -> str:
    """A number that opens what it rests on."""
    told = "".join(sentence_view(s, say) for s in number.sentences)
    if number.confided:
        told += f'<p class="k">{esc(say("page.confided", count=number.confided))}</p>'
    text = say("value.withheld") if number.withheld else number.text
    kind = f'<span class="k">{esc(say(f"kind.{number.kind}"))}</span>'
    if not told:
        return f"{bdi(text)} {kind}"
    return f'<details class="n"><summary>{bdi(text)} {kind}</summary>{told}</details>'


def sentence_view(sentence: Sentence, say: Strings) -> str:
    """One sentence with who said it, where, when and how sure; or the reason of a judgement."""
    if not sentence.quoted:
        return f'<p class="src">{bdi(say("basis.judged", why=sentence.text))}</p>'
    sure = sentence.certainty == "asserted"
    held = "" if sure else f' class="{esc(sentence.certainty)}"'
    hedge = "" if sure else say(f"page.{sentence.certainty}")
    secret = say("page.in_confidence") if sentence.confided else ""
    about = [sentence.speaker, sentence.outlet, sentence.date, hedge, secret]
    origin = " · ".join(bdi(t) for t in about if t)
    return f'<p class="src"><q{held}>{bdi(sentence.text)}</q> <span class="k">{origin}</span></p>'


def report_view(view: ReportView, name: str, say: Strings) -> str:
    """A report with its claims marked and numbered, then the list; ``name`` begins its ids."""
    text = "".join(_run(run, view, name) for run in view.runs)
    claims = "".join(
        f'<li id="{name}c{c.number}" class="k-{c.kind}"><b>{esc(c.sign)}</b> {bdi(c.words)}</li>'
        for c in view.claims
    )
    lang = f' lang="{esc(view.lang)}"' if view.lang else ""
    listed = f'<ol class="claims">{claims}</ol>' if claims else f"<p>{esc(say('reading.none'))}</p>"
    return (
        f'<p class="k">{bdi(view.stamp)}</p><div class="reading"><div class="text"{lang}>{text}'
        f"</div>{listed}</div>"
    )


def _run(run: Run, view: ReportView, name: str) -> str:
    text = "\n".join(esc(line) for line in run.text.split("\n"))
    if run.hedged:
        text = f"<u>{text}</u>"
    if run.kind:
        text = f'<mark class="k-{run.kind}">{text}</mark>'
    elif run.possible:
        text = f'<span class="possible">{text}</span>'
    of = {c.number: c for c in view.claims}
    notes = "".join(
        f'<sup class="k-{of[k].kind}"><a href="#{name}c{k}">{esc(of[k].sign)}{k}</a></sup>'
        for k in run.opens
    )
    return notes + text


def both(wide: str, narrow: str) -> str:
    """One drawing for a page and one for a phone; the other is hidden from everybody."""
    return f'<figure class="wide">{wide}</figure><figure class="narrow">{narrow}</figure>'


def fold(title: str, body: str, *, aside: bool = False) -> str:
    """A part that opens when it is asked for; in print it stands open, and an aside is left out."""
    kind = "data aside" if aside else "data"
    return f'<details class="{kind}"><summary>{bdi(title)}</summary>{body}</details>'


def table(heads: list[str], rows: str, classes: str = "") -> str:
    """A table of rows that are HTML already."""
    head = "".join(f'<th scope="col">{esc(h)}</th>' for h in heads)
    held = f' class="{classes}"' if classes else ""
    return f"<table{held}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def bullets(items: tuple[str, ...], end: str = "") -> str:
    """Texts as a list."""
    return f"<ul>{''.join(f'<li>{bdi(item)}{end}</li>' for item in items)}</ul>"


def chip(summary: Summary, party: str) -> str:
    """A party with its colour."""
    place = summary.order.index(party)
    return f'<span class="party c{place}"></span><bdi>{esc(party)}</bdi>'


def bdi(text: str) -> str:
    """Foreign text, kept from turning the direction of what stands around it."""
    return f"<bdi>{esc(text)}</bdi>"

"""The page: one HTML file that needs no network and no script, made of the summary alone."""

from __future__ import annotations

from treves.report.drawing import esc
from treves.report.records import Summary
from treves.report.sections import head, sections
from treves.report.strings import strings
from treves.report.style import stylesheet

# Nothing may be loaded and no script may run, whatever a report that was read contains.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

__all__ = ["fragment", "sections", "to_html"]


def to_html(summary: Summary) -> str:
    """The whole page; open it from a mail, print it, read it on a phone."""
    say = strings(summary.lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{summary.lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{esc(summary.title)}</title><style>{stylesheet(summary)}</style></head><body>"
        f'<a class="skip" href="#outcomes">{esc(say("page.skip"))}</a>{head(summary)}'
        f"<main>{''.join(sections(summary))}</main></body></html>\n"
    )


def fragment(summary: Summary, body: str) -> str:
    """A part of the page with its own style, for a notebook; the style reaches nothing else."""
    return f'<div class="treves"><style>{stylesheet(summary, ".treves")}</style>{body}</div>'

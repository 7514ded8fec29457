"""Words that say where a reported number lies and how talks will end; the list is data."""

from __future__ import annotations

import functools
import re

from treves.case.formats import native
from treves.resources import resource


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = native.plain(resource("reading", "phrases.yaml"))
    return {
        kind: re.compile("|".join(rf"(?:(?<!\w){words})" for words in listed))
        for kind, listed in data.items()
    }


def first(text: str, *kinds: str) -> str | None:
    """The first of some kinds of phrase that stands in a text.

    >>> first("Dat is niet onmogelijk", "possible", "impossible")
    'possible'
    """
    low = text.lower()
    return next((kind for kind in kinds if _patterns()[kind].search(low)), None)


def words_of(text: str, kind: str) -> str | None:
    """The words of a text that are a phrase of this kind."""
    found = _patterns()[kind].search(text.lower())
    return found.group() if found else None

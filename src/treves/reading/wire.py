"""Which reports are copies of one another: a wire story in two papers is one source, not two."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from treves.case.evidence import Source

SHINGLE = 4
# Share of the shorter report's shingles that stand in the other one too.
COPIED = 0.25
# Two reports that both name one agency need less in common.
COPIED_BYLINE = 0.125
# Reports this short share a phrase by chance: only the same words make them copies.
FEWEST = 10
# A run of words in more reports than this is a formula of the trade and tells nothing.
COMMON = 200
WORD = re.compile(r"\w+")
AGENCIES = "ANP Belga AFP Reuters DPA AP Bloomberg Novum".split()
_NAMES = "|".join(AGENCIES)
_MORE = r"[^()\[\]\n]{0,30}"
BYLINE = re.compile(
    rf"[(\[]\s*(?:{_MORE}[/, ])?({_NAMES})(?:[/, ]{_MORE})?\s*[)\]]"
    rf"|^\s*(?:Bron|Door|Source)\s*:\s*({_NAMES})\b"
    rf"|^\s*({_NAMES})\s*$",
    re.MULTILINE,
)


def agency_of(source: Source) -> str | None:
    """The news agency that a report names in its outlet or byline; None when it names none.

    >>> agency_of(Source.of("DEN HAAG (ANP) - Het kabinet is eruit."))
    'ANP'
    """
    if source.outlet in AGENCIES:
        return source.outlet
    ends = f"{source.text[:600]}\n{source.text[-300:]}"
    found = BYLINE.search(ends)
    return next((name for name in found.groups() if name), None) if found else None


def shingles(text: str) -> frozenset[int]:
    """Hashes of every run of four words, without capitals and marks."""
    words = WORD.findall(text.lower())
    return frozenset(hash(tuple(words[k : k + SHINGLE])) for k in range(len(words) - SHINGLE + 1))


def clusters(sources: Sequence[Source]) -> dict[str, str]:
    """For each report the id of the oldest one that it shares its words with (itself if none).

    Two reports belong together when over .25 of the four-word runs of the shorter stand in the
    other (.125 when both name the same agency), and so do their copies in turn. The measure is
    the containment of Broder (1997).

    >>> text = "De VVD eist een strengere asielwet en dreigt anders met een stemming in de raad."
    >>> a, b = Source.of(text, date="2023-07-05"), Source.of(text + " Nee.", date="2023-07-06")
    >>> clusters([b, a])[b.id] == a.id
    True
    """
    order = sorted(sources, key=lambda s: (s.date is None, s.date or "", s.id))
    runs = [shingles(source.text) for source in order]
    agencies = [agency_of(source) for source in order]
    root = list(range(len(order)))
    places: dict[int, list[int]] = defaultdict(list)
    for b, own in enumerate(runs):
        shared = Counter(a for run in own for a in places.get(run, ()))
        for a, count in sorted(shared.items()):
            same = agencies[a] is not None and agencies[a] == agencies[b]
            smaller = min(len(own), len(runs[a]))
            needed = COPIED_BYLINE if same else COPIED
            if (smaller >= FEWEST or own == runs[a]) and count / smaller > needed:
                one, other = sorted((_root(root, a), _root(root, b)))
                root[other] = one
        for run in own:
            if len(places[run]) < COMMON:
                places[run].append(b)
    return {source.id: order[_root(root, k)].id for k, source in enumerate(order)}


def _root(root: list[int], k: int) -> int:
    while root[k] != k:
        root[k] = root[root[k]]
        k = root[k]
    return k


__all__ = ["agency_of", "clusters", "shingles"]

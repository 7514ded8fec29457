"""Issues for a codebook, proposed from what claims are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from treves.case.evidence import Claim
from treves.reading.codebook import PROCESS
from treves.reading.pack import Pack
from treves.reading.registry import Registry

MOST_ALIASES, MOST_EXAMPLES = 6, 3
FEWEST_CLAIMS = 2
# A word in more than this share of all claims tells nothing about one issue.
EVERYWHERE = 0.4
# Words this long are compounds, and those name issues in Dutch.
LONG = 10
WORD = re.compile(r"[^\W\d_][\w-]{4,}")
# Words after these are nouns more often than not, and issues are nouns.
OPENERS = frozenset(
    "de het een die dat deze dit over voor tegen aan op van met bij om zonder geen meer minder hun "
    "the a an about for against on of with no more less".split()
)


@dataclass(frozen=True)
class Suggestion:
    """An issue that a codebook may take: its label, other names, and sentences about it."""

    id: str
    aliases: tuple[str, ...]
    examples: tuple[str, ...]
    claims: int
    parties: tuple[str, ...]


def suggest(claims: Iterable[Claim], lang: str = "nl", most: int = 12) -> tuple[Suggestion, ...]:
    """Propose issues, those with most claims first. The same claims give the same labels.

    Claims with a label of the reader go together under it; the others gather round the noun that
    most of them share, which becomes their label. Aliases are the nouns that an issue has more
    often than the rest of the claims.

    >>> told = ["De VVD wil een rekeningrijden-heffing", "D66 steunt de rekeningrijden-heffing"]
    >>> found = suggest(Claim(source="s", span=(0, len(q)), quote=q, party="X") for q in told)
    >>> [s.id for s in found]
    ['rekeningrijden-heffing']
    """
    told = sorted(
        (c for c in claims if c.issue not in PROCESS or c.issue == "other"),
        key=lambda c: (c.source, c.span, c.actor or ""),
    )
    pack, registry = Pack.load(lang), Registry.load()
    nouns = [_nouns(claim.quote, pack, registry) for claim in told]
    groups: dict[str, list[int]] = {}
    loose = []
    for k, claim in enumerate(told):
        if claim.issue and claim.issue != "other":
            groups.setdefault(claim.issue, []).append(k)
        else:
            loose.append(k)
    groups |= _gathered(loose, nouns, set(groups))
    whole = Counter(noun for found in nouns for noun in found)
    found = [
        _suggestion(label, members, told, nouns, whole)
        for label, members in groups.items()
        if len({told[k].quote for k in members}) >= FEWEST_CLAIMS
    ]
    return tuple(sorted(found, key=lambda s: (-s.claims, s.id))[:most])


def _gathered(
    loose: list[int], nouns: list[frozenset[str]], taken: set[str]
) -> dict[str, list[int]]:
    """Claims without a label, gathered round the nouns that most of them share."""
    groups: dict[str, list[int]] = {}
    left = list(loose)
    while left:
        counts = Counter(noun for k in left for noun in nouns[k])
        best = min(counts, key=lambda n: (-counts[n], -len(n), n), default=None)
        if best is None or counts[best] < FEWEST_CLAIMS:
            break
        label = best if best not in taken else f"{best}_2"
        groups[label] = [k for k in left if best in nouns[k]]
        left = [k for k in left if best not in nouns[k]]
    return groups


def _suggestion(
    label: str,
    members: list[int],
    told: list[Claim],
    nouns: list[frozenset[str]],
    whole: Counter[str],
) -> Suggestion:
    counts = Counter(noun for k in members for noun in nouns[k])
    share = len(members) / len(told)
    own = [
        noun
        for noun, count in counts.items()
        if (count >= FEWEST_CLAIMS or len(noun) >= LONG)
        and count / whole[noun] > 0.5
        and (whole[noun] <= EVERYWHERE * len(told) or share > EVERYWHERE)
    ]
    own.sort(key=lambda n: (-counts[n], -len(n), n))
    best = sorted({told[k] for k in members}, key=lambda c: (-c.confidence, c.source, c.span))
    quotes = dict.fromkeys(" ".join(claim.quote.split())[:300] for claim in best)
    parties = Counter(claim.party for claim in best if claim.party)
    return Suggestion(
        id=label,
        aliases=tuple(n for n in own if n != label)[:MOST_ALIASES],
        examples=tuple(quotes)[:MOST_EXAMPLES],
        claims=len(members),
        parties=tuple(sorted(parties, key=lambda p: (-parties[p], p))),
    )


def _nouns(text: str, pack: Pack, registry: Registry) -> frozenset[str]:
    """Words of a claim that may name an issue: long, no cue of the pack, no name."""
    words = [m.group() for m in re.finditer(r"[\w-]+", text)]
    found = set()
    for before, word in zip(["", *words], words, strict=False):
        low = word.lower()
        if not WORD.fullmatch(word) or pack.tags(low) or (word != low and before):
            continue
        opened = before.lower() in OPENERS or before.endswith("e") or len(word) >= LONG
        adjective = low.endswith("e") and not low.endswith("ie") and len(low) < LONG
        if opened and not adjective and registry.find(word) is None:
            found.add(low)
    return frozenset(found)

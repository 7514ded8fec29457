"""What else a claim tells: issue, quantity, condition, target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from treves.reading.codebook import Codebook
from treves.reading.meanings import Candidate, Clause
from treves.reading.pack import Pack
from treves.reading.registry import Actor
from treves.reading.text import Words

NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
YEAR = re.compile(r"(?:19|20)\d\d\Z")
SCALES = {"duizend": 1e3, "miljoen": 1e6, "miljard": 1e9, "biljoen": 1e12}
IFS = frozenset(["mits", "tenzij", "indien", "zolang"])
IF_FIRST = frozenset(["als", "mocht", "mochten", "zonder", "indien", "tenzij", "mits", "zolang"])
BREAKS = frozenset(
    ("prepositions", "subordinators", "determiners", "pronouns", "fin", "inf", "part", "negation")
)
LAST_RESORT = "other"
MEMORY = 4
# Words before an amount that belong to it, and how many after it may name what is counted.
BOUNDS = frozenset(
    "hoogstens hooguit maximaal minimaal minstens ongeveer circa hoogste minste".split()
)
COUNTED = 2
PARTIES = frozenset("partijen fracties partners".split())
COALITION = frozenset(
    "coalitie coalitiepartijen coalitiepartners coalitiefracties regeringspartijen "
    "regeringspartners meerderheidspartijen".split()
)
OTHERS = frozenset(("andere", "overige", "resterende"))
# Stances that can be about an amount as what is wanted or refused.
ABOUT_A_POINT = frozenset("demand propose support accept concede oppose reject".split())
TALKS = frozenset(("deal", "state_of_talks", "collapse", "deadline", "procedure"))


def amount_at(lower: Sequence[str], pack: Pack) -> tuple[int, float] | None:
    """Where the first amount stands in lower-cased words, and how much it is.

    Names with figures (D66) and years are no amounts.

    >>> amount_at("lager dan de 70.000 van 2023".split(), Pack.load("nl"))
    (3, 70000.0)
    """
    for k, word in enumerate(lower):
        value: float | None = None
        if word[0].isdigit() and NUMBER.fullmatch(word) and not YEAR.match(word):
            value = float(word.replace(".", "").replace(",", "."))
        elif word in pack.numbers and word not in ("een", "één"):
            value = pack.numbers[word]
        if value is None:
            continue
        after = lower[k + 1] if k + 1 < len(lower) else ""
        if after in pack.lists["months"] or after in ("uur", "keer"):
            continue
        return k, value * SCALES.get(after, 1.0)
    return None


def amount_phrase(words: Words, clause: Clause, at: int, pack: Pack) -> str:
    """An amount with the words that bound it and say what is counted, as the text has them."""
    lower, first, last = words.lower, at, at + 1
    while first > clause.piece.i and lower[first - 1] in (*BOUNDS, "ten"):
        first -= 1
    if last < clause.piece.j and lower[last] in SCALES:
        last += 1
    stop = min(clause.piece.j, last + COUNTED)
    while last < stop and (lower[last].isalpha() or lower[last] == "%"):
        if lower[last] == "per" or pack.tags(lower[last]) & BREAKS:
            break
        last += 1
    if last + 1 < clause.piece.j and lower[last] == "per":
        last += 2
    return words.text[words.starts[first] : words.ends[last - 1]]


def group_of(name: str | None, governing: Iterable[Actor], besides: Iterable[str]) -> list[str]:
    """The parties that a group of parties stands for, where it is known who governs.

    *De coalitiepartijen* are all that govern; *de andere partijen* those that are not ``besides``.

    >>> vvd, cda = (Actor(name, "party", name) for name in ("VVD", "CDA"))
    >>> group_of("andere partijen", [vvd, cda], ["VVD"])
    ['CDA']
    """
    spoken = (name or "").lower().split()
    if not spoken:
        return []
    others = bool(OTHERS & set(spoken))
    if spoken[-1] not in COALITION and not (others and spoken[-1] in PARTIES):
        return []
    left_out = set(besides) if others else set()
    return [actor.party for actor in governing if actor.party and actor.party not in left_out]


def condition(words: Words, clause: Clause) -> str | None:
    """The words of the condition a clause hangs on, or None.

    Signs: mits, tenzij, indien, zolang; als or mocht that opens a clause; verb first, then dan.
    """
    i, j = clause.piece.i, clause.piece.j
    lower = words.lower
    for k in range(i, j):
        opens = k == i or lower[k - 1] in (
            ",",
            ";",
            "maar",
            "en",
            "alleen",
            "pas",
            "enkel",
            "ook",
            "'",
            '"',
        )
        if lower[k] in IFS or (lower[k] in IF_FIRST and opens):
            stop = k + 1
            while stop < j and lower[stop] not in (",", ";", "dan"):
                stop += 1
            return words.text[words.starts[k] : words.ends[stop - 1]]
    if clause.verb == i and "dan" in lower[i:j]:
        stop = lower.index("dan", i, j)
        last = stop - 2 if lower[stop - 1] == "," and stop - 2 >= i else stop - 1
        return words.text[words.starts[i] : words.ends[max(i, last)]]
    return None


def target(clause: Clause, chosen: Candidate) -> str | None:
    """Whom the stance is about: another person or party named in the clause."""
    for other in clause.candidates:
        own = other.signs
        if other is chosen or "own" not in own or other.name is None:
            continue
        together = chosen.coord >= 0 and other.coord == chosen.coord
        if (
            other.kind in ("person", "party", "body", "org")
            and not together
            and (other is not clause.speaker)
        ):
            return other.name
    return None


@dataclass
class Issues:
    """Labels of what claims are about: the codebook first, then the words of the pack."""

    pack: Pack
    codebook: Codebook | None = None
    last: str | None = None
    main: str | None = None
    age: int = 0

    def _found(self, lower: Sequence[str]) -> Counter[str]:
        """Labels that the words name: those of the codebook if there are any."""
        if self.codebook is not None:
            own = self.codebook.issue_of(" ".join(lower))
            if own is not None:
                return Counter((own,))
        return Counter(tag for word in lower for tag in self.pack.issues.look(word)[0])

    def label(self, lower: Sequence[str]) -> str:
        """The issue of a clause; a clause that names none has that of the clause before."""
        found = self._found(lower)
        if found:
            chosen = min(found, key=lambda label: (label in TALKS, -found[label], label))
            if chosen in TALKS and self.last and self.last not in TALKS:
                return chosen
        elif self.last or self.main:
            return self.last or self.main or LAST_RESORT
        else:
            chosen = self._automatic(lower)
        self.last, self.age = chosen, 0
        return chosen

    def fade(self, sentences: int) -> None:
        """Forget the last issue after a few sentences that named none."""
        self.age += sentences
        if self.age > MEMORY:
            self.last = None

    def prepare(self, lower: Sequence[str]) -> None:
        """Note what the report as a whole is about, for clauses that name no issue."""
        found = self.codebook.counts(" ".join(lower)) if self.codebook else Counter[str]()
        found = found or self._found(lower)
        about = [label for label in found if label not in TALKS]
        self.main = max(about, key=lambda label: (found[label], label)) if about else None

    def _automatic(self, lower: Sequence[str]) -> str:
        """A stable label for an issue nobody listed: the longest plain word of the clause."""
        plain = [w for w in lower if len(w) > 6 and w.isalpha() and not self.pack.tags(w)]
        return max(plain, key=len) if plain else LAST_RESORT

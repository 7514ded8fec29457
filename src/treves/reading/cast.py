"""Who plays in a report: full names, titles, parties, noted on a first walk through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from treves.reading.pack import Pack
from treves.reading.registry import PARTICLES, Actor, Registry, surname
from treves.reading.text import Words

NAME_LIMIT = 6
BODIES = {
    "kabinet": "kabinet",
    "regering": "regering",
    "coalitie": "coalitie",
    "oppositie": "oppositie",
    "kamer": "Tweede Kamer",
    "senaat": "Eerste Kamer",
    "gemeenteraad": "gemeenteraad",
    "college": "college",
    "kernkabinet": "kernkabinet",
}
# Offices of a place.
LOCAL = frozenset("burgemeester wethouder schepen raadslid gemeenteraadslid gedeputeerde".split())
QUOTES = frozenset("'\"“‘„:|-–") | {",,"}


@dataclass
class Cast:
    """The people of one report: who was introduced by full name, with which title and party."""

    people: dict[str, Actor] = field(default_factory=dict)
    starts: set[str] = field(default_factory=set)
    titled: dict[str, Actor] = field(default_factory=dict)
    capital: Counter[str] = field(default_factory=Counter)
    lower: set[str] = field(default_factory=set)
    country: str = "NL"
    count: Counter[Actor] = field(default_factory=Counter)

    def know(self, name: str, actor: Actor) -> None:
        """Remember a name; the first who has it keeps it."""
        self.people.setdefault(name, actor)
        self.starts.add(name.partition(" ")[0])


class Introducer:
    """Walks a report once and notes who is introduced, and how words are written."""

    def __init__(self, words: Words, pack: Pack, registry: Registry, day: str | None) -> None:
        self.words, self.pack, self.registry, self.day = words, pack, registry, day
        self.female = pack.lists["firstnames_f"]
        self.male = pack.lists["firstnames_m"]
        self.blocked = pack.lists["acronyms"] | pack.lists["places"]
        self.openers = pack.lists["openers"]
        self.party_words = pack.lists["partynames"]
        self.cast = Cast()

    def _match(self, k: int, last: int) -> tuple[int, Actor] | None:
        return self.registry.match(self.words.words, k, last, self.day, self.cast.country)

    def introduce(self, ranges: Sequence[tuple[int, int]]) -> None:
        """First walk over the report: note full names, titles, and how words are written."""
        countries: Counter[str] = Counter()
        cast = self.cast
        for first, last in ranges:
            k = first
            while k < last:
                word = self.words.words[k]
                if word[0].isupper():
                    found = self._match(k, last)
                    if k > first and self.words.words[k - 1] not in QUOTES:
                        cast.capital[word] += 1
                    if found:
                        countries[found[1].country] += found[1].kind in ("person", "party")
                        cast.count[found[1]] += found[1].kind == "person"
                        self._appose(k, first, found[1])
                        k += found[0]
                        continue
                    k = self._introduce_name(k, first, last)
                else:
                    cast.lower.add(word)
                    k += 1
        cast.country = "BE" if countries["BE"] > countries["NL"] else "NL"

    def _introduce_name(self, k: int, first: int, last: int) -> int:
        end = self._name_end(k, last)
        words = self.words.words
        parts = words[k:end]
        if len(parts) > 1 and self.pack.tags(parts[0].lower()) & {
            "collectives",
            "titles",
            "openers",
        }:
            return k + 1
        if k == first and len(parts) > 1 and not self._first_name(k) and self._first_name(k + 1):
            # Verpleegkundige Samira Bakker: a capital, but no name.
            return k + 1
        title = k > first and "titles" in self.pack.tags(words[k - 1].lower().rpartition("-")[2])
        known = self._first_name(k) or _initial(words, k)
        if len(parts) > 1 and (known or (title and not _plain_noun(parts[1]))):
            name = " ".join(parts)
            sex = "v" if parts[0] in self.female else "m" if parts[0] in self.male else ""
            party = self._party_near(k, end, last)
            actor = Actor(name, "person", party, sex)
            self.cast.count[actor] += 1
            self.cast.know(surname(name), actor)
            self.cast.know(name, actor)
        elif k > first and self.words.words[k] not in self.blocked:
            self._appose(k, first, Actor(" ".join(parts), "org"))
        return max(end, k + 1)

    def _appose(self, k: int, first: int, actor: Actor) -> None:
        """Ziekenhuis Lindeveld, verzekeraar X: later the noun alone means the name."""
        if k == first or actor.kind not in ("org", "name"):
            return
        noun = self.words.lower[k - 1]
        if "collectives" in self.pack.tags(noun) and noun not in BODIES:
            self.cast.titled.setdefault(noun, actor)

    def _first_name(self, k: int) -> bool:
        return self.words.words[k] in self.female or self.words.words[k] in self.male

    def _own_name(self, k: int, first: int) -> bool:
        """De Vliegersbond: a noun that is always written with a capital is a name."""
        word, lower = self.words.words[k], self.words.lower[k]
        within = k > first and self.words.words[k - 1] not in QUOTES and word[0].isupper()
        plain = lower in BODIES or lower in self.cast.lower or word in self.blocked
        return within and word.isalpha() and not plain

    def _name_end(self, k: int, last: int) -> int:
        words, end = self.words.words, k + 1
        whole = k > 0 and self.words.lower[k - 1] in LOCAL and self._first_name(k)
        while end < last and end - k < NAME_LIMIT:
            word = words[end]
            if word == "&" and end + 1 < last and words[end + 1][0].isupper():
                end += 2
                continue
            if whole and word == "van" and end - k > 1:
                # Burgemeester Kees Bakker van Ter Apel: a place, and no part of the name.
                break
            if word[0].isupper() and word.isupper() and len(word) > 2:
                break
            capital = word[0].isupper() and word[0].isalpha()
            if capital or (word in PARTICLES and self._particle_leads_on(end, last)):
                end += 1
            else:
                break
        return end

    def _particle_leads_on(self, k: int, last: int) -> bool:
        words = self.words.words
        if words[k] in ("in", "op") and words[k + 1 : k + 2] and words[k + 1][0].isupper():
            # Ravo in Helmond; but Bakker in 't Veld.
            return False
        for step in (k + 1, k + 2):
            if step >= last:
                return False
            if words[step][0].isupper():
                # Minister Bakker van Financiën: a ministry or a town is no part of the name.
                known = words[step] in self.blocked or self.registry.find(words[step])
                return not words[step].isupper() and not known
            if words[step] not in PARTICLES:
                return False
        return False

    def _party_near(self, k: int, end: int, last: int) -> str | None:
        words = self.words.words
        if end + 1 < last and words[end] == "(":
            found = self._match(end + 1, last)
            if found and found[1].kind == "party":
                return found[1].party
        if k > 0 and "-" in words[k - 1]:
            prefix = words[k - 1].rpartition("-")[0]
            actor = self.registry.find(prefix, self.day, self.cast.country)
            if actor and actor.kind == "party":
                return actor.party
        for at in range(end, min(end + 4, last)):
            if words[at] == "van" and at + 1 < last:
                found = self._match(at + 1, last)
                if found and found[1].kind == "party":
                    return found[1].party
        return None


def _initial(words: list[str], k: int) -> bool:
    return k + 1 < len(words) and len(words[k]) == 1 and words[k + 1] == "."


def _plain_noun(word: str) -> bool:
    return not word[0].isupper()


def looks_plural(word: str) -> bool:
    """Whether a noun looks like several: boeren, tuinders."""
    return word.endswith(("en", "s")) and not word.endswith(("commissaris", "kabinetschef", "bus"))

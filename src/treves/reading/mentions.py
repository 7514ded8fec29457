"""Who is mentioned where: names, titles, groups, pronouns, anonymous sources."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from treves.reading.cast import BODIES, NAME_LIMIT, QUOTES, Introducer, looks_plural
from treves.reading.registry import PARTICLES, Actor, surname

GAP = frozenset(("de", "het", "ook", "dan", "enerzijds", "anderzijds"))
NAME_TAGS = frozenset(("firstnames_f", "firstnames_m", "partynames"))
NEAR = frozenset(("prepositions", "determiners"))
DEFINITE = frozenset(("de", "het", "die", "dat", "dit", "deze"))
# Tags of words that may stand for somebody.
MENTIONING = frozenset("pronouns bare titles roles anonymous spokes parties collectives".split())
OTHERS = frozenset(("ander", "anderen", "enkelen", "velen", "sommigen", "meerderen"))
VIEW = frozenset(
    ("ogen", "oordeel", "mening", "zeggen", "woorden", "visie", "inzien", "kring", "kringen")
)


@dataclass(slots=True)
class Mention:
    """Words that name somebody.

    ``kind``: person, party, body, org, country, place, name (unknown), role, group, anon, pron,
    noun. ``actor`` is who it is, where that is plain from the words alone.
    """

    i: int
    j: int
    kind: str
    actor: Actor | None = None
    party: str | None = None
    head: str = ""
    plural: bool = False
    possessive: bool = False
    title: str = ""
    coord: int = -1
    members: tuple[Actor, ...] = ()


class Finder(Introducer):
    """Finds the mentions of one report."""

    def find(self, first: int, last: int) -> list[Mention]:
        """Mentions of one sentence, from left to right."""
        found: list[Mention] = []
        k = first
        while k < last:
            mention = self._at(k, first, last)
            if mention:
                if not self._apposed(mention, found):
                    found.append(mention)
                k = max(mention.j, k + 1)
            else:
                k += 1
        found = self._apposed_names(found)
        self._coordinate(found)
        return found

    def _apposed_names(self, found: list[Mention]) -> list[Mention]:
        """De directeur van de bank, Femke Bakker, eist: title and name are one."""
        out: list[Mention] = []
        lower = self.words.lower
        for m in found:
            role = next((o for o in out[-2:] if o.kind == "role" and o.actor is None), None)
            if (
                m.kind == "person"
                and role is not None
                and lower[m.i - 1] == ","
                and m.j < len(lower)
                and lower[m.j] == ","
                and self._one_phrase(role.j, m.i - 1)
            ):
                if m.actor is not None:
                    self.cast.titled[role.head] = m.actor
                m.i, m.title = role.i, role.head
                out = [o for o in out if o.i < role.i]
            out.append(m)
        return out

    def _one_phrase(self, i: int, j: int) -> bool:
        """Whether nothing stands between but van, articles and names: (directeur) van de Bank."""
        return all(
            self.words.words[k][0].isupper() or self.words.tags[k] & NEAR for k in range(i, j)
        )

    def _apposed(self, mention: Mention, found: list[Mention]) -> bool:
        """Verhagen (CDA), N. van Vroonhoven van NSC: the party only tells who the person is."""
        if not found or mention.kind not in ("party", "place", "name", "org", "body"):
            return False
        last = found[-1]
        if last.kind != "person":
            return False
        gap = self.words.lower[last.j : mention.i]
        return gap == ["("] or (gap in (["van"], ["van", "de"]) and mention.kind == "party")

    def _at(self, k: int, first: int, last: int) -> Mention | None:
        word = self.words.words[k]
        lower = self.words.lower[k]
        if not word[0].isalnum():
            return None
        tags = self.words.tags[k]
        if word[0].isupper() or "-" in word or "'" in lower or word in self.registry.starts:
            mention = self._named(k, first, last)
            if mention:
                return mention
        if lower in PARTICLES and k + 1 < last and self.words.words[k + 1][0].isupper():
            mention = self._surname(k, last)
            if mention:
                return mention
        if not MENTIONING.isdisjoint(tags):
            if "pronouns" in tags or "bare" in tags:
                return self._pronoun(k, last, lower)
            if "titles" in tags or "roles" in tags:
                return self._titled(k, first, last, lower)
            if "anonymous" in tags or "spokes" in tags:
                return self._noun(k, last, "anon", lower)
            if "parties" in tags:
                return self._noun(k, last, "group", lower)
            if "collectives" in tags and not word[0].isdigit():
                return self._noun(k, last, "noun", lower)
        if lower in OTHERS and self._stands_alone(k, last):
            return self._noun(k, last, "anon", lower)
        return self._counted(k, first, last, lower)

    def _stands_alone(self, k: int, last: int) -> bool:
        """Een ander zegt, enkelen van hen: no noun follows."""
        nxt = self.words.lower[k + 1] if k + 1 < last else "."
        return bool(self.pack.tags(nxt) & {"fin", "inf", "prepositions"}) or not nxt[0].isalpha()

    def _surname(self, k: int, last: int) -> Mention | None:
        words = self.words.words
        for n in (4, 3, 2):
            if k + n <= last:
                actor = self.cast.people.get(" ".join(words[k : k + n]))
                if actor:
                    return Mention(k, k + n, "person", actor, actor.party, actor.name)
        found = self._match(k, last)
        if found and found[1].kind == "person":
            return Mention(k, k + found[0], "person", found[1], found[1].party, found[1].name)
        return None

    def _named(self, k: int, first: int, last: int) -> Mention | None:
        words = self.words.words
        found = self._known(k, last)
        if found:
            return found
        compound = self._compound(k, last)
        if compound:
            return compound
        word = words[k]
        lower = self.words.lower[k]
        base = word.removesuffix("s") if len(word) > 4 else word
        if base != word and word[-2] != "s":
            actor = self.cast.people.get(base) or self.registry.find(base, self.day)
            if actor and actor.kind == "person":
                return Mention(k, k + 1, "person", actor, actor.party, actor.name, possessive=True)
        if "'s" in lower[-2:]:
            actor = self.cast.people.get(word[:-2]) or self.registry.find(word[:-2], self.day)
            if actor:
                return Mention(
                    k, k + 1, actor.kind, actor, actor.party, actor.name, possessive=True
                )
        tags = self.words.tags[k] - NAME_TAGS
        if "collectives" in tags and self._own_name(k, first):
            end = self._name_end(k, last)
            name = " ".join(words[k:end])
            return Mention(k, end, "org", Actor(name, "org"), None, name)
        if tags and (tags - {"fin", "inf", "part"} or self.cast.capital[word] < 2):
            return None
        return self._unknown(k, first, last)

    def _known(self, k: int, last: int) -> Mention | None:
        words = self.words.words
        found = self._match(k, last)
        local = self._local(k, last)
        if local and (not found or local[0] >= found[0]):
            found = local
        if not found:
            return None
        n, actor = found
        mention = Mention(k, k + n, actor.kind, actor, actor.party, actor.name)
        mention.possessive = (
            k + n < last
            and words[k + n] in ("'", "’")
            and (self.words.ends[k + n - 1] == self.words.starts[k + n])
        )
        mention.plural = actor.kind == "party" and words[k][0].islower()
        return mention

    def _local(self, k: int, last: int) -> tuple[int, Actor] | None:
        words, starts = self.words.words, self.cast.starts
        if words[k] not in starts and words[k][0].lower() + words[k][1:] not in starts:
            return None
        for n in range(min(NAME_LIMIT, last - k), 0, -1):
            key = " ".join(words[k : k + n])
            actor = self.cast.people.get(key) or self.cast.people.get(key[0].lower() + key[1:])
            if actor:
                return n, actor
        return None

    def _compound(self, k: int, last: int) -> Mention | None:
        """VVD-leider, PvdA-fractie, D66-bron, CDA'er, Kabinet-Rutte."""
        lower = self.words.lower[k]
        word = self.words.words[k].replace("’", "'")
        if lower.endswith(("'er", "'ers", "-er", "-ers")):
            actor = self.registry.find(word.split("'")[0].split("-")[0], self.day)
            if actor and actor.kind == "party":
                nxt = self._known(k + 1, last) if k + 1 < last else None
                if nxt and nxt.kind == "person":
                    nxt.i = k
                    return nxt
                plural = lower.endswith("s")
                kind = "party" if plural else "anon"
                return Mention(
                    k, k + 1, kind, actor if plural else None, actor.party, lower, plural
                )
            return None
        if "-" not in word:
            return None
        prefix, _, head = word.rpartition("-")
        actor = self.registry.find(prefix, self.day, self.cast.country)
        low = head.lower()
        if prefix.lower().endswith(("kabinet", "regering")) and head[:1].isupper():
            return Mention(k, k + 1, "body", Actor(prefix.lower(), "body"), None, prefix.lower())
        tags = self.pack.tags(low)
        if not actor and prefix[:1].isupper() and ("titles" in tags or "spokes" in tags):
            actor = Actor(prefix, "org")
        if not actor or actor.kind not in ("party", "org", "body"):
            return None
        if "titles" in tags or "roles" in tags:
            return self._party_role(k, last, actor, low)
        if "anonymous" in tags or "spokes" in tags:
            members = () if actor.kind == "party" else (actor,)
            plural = low.endswith("en")
            return Mention(k, k + 1, "anon", None, actor.party, low, plural, members=members)
        if actor.kind == "body":
            actor = Actor(self.words.words[k], "org")
        return Mention(k, k + 1, actor.kind, actor, actor.party, low, low.endswith("en"))

    def _party_role(self, k: int, last: int, party: Actor, head: str) -> Mention:
        if k + 1 < last:
            nxt = self._known(k + 1, last) or self._surname(k + 1, last)
            if nxt and nxt.kind == "person":
                nxt.i = k
                nxt.title = head
                return nxt
            if self.words.words[k + 1][0].isupper():
                end = self._name_end(k + 1, last)
                name = " ".join(self.words.words[k + 1 : end])
                actor = Actor(name, "person", party.party)
                self.cast.know(surname(name), actor)
                return Mention(k, end, "person", actor, party.party, name, title=head)
        leader = None
        if head in ("leider", "voorman", "voorvrouw", "partijleider", "lijsttrekker", "kopman"):
            leader = self.registry.holder(f"leider {party.party}", self.day, party.country)
            leader = leader or self.registry.holder(
                f"voorzitter {party.party}", self.day, party.country
            )
        elif head in ("voorzitter", "voorzitster", "partijvoorzitter"):
            title = f"voorzitter {party.party or party.name}"
            leader = self.registry.holder(title, self.day, party.country)
        elif head in ("fractievoorzitter", "fractieleider"):
            leader = self.registry.holder(
                f"fractievoorzitter {party.party}", self.day, party.country
            )
            leader = leader or self.registry.holder(
                f"leider {party.party}", self.day, party.country
            )
        members = () if party.kind == "party" else (party,)
        return Mention(k, k + 1, "role", leader, party.party, head, members=members)

    def _unknown(self, k: int, first: int, last: int) -> Mention | None:
        words = self.words.words
        word = words[k]
        if not word[0].isupper() or word in self.blocked:
            return None
        if "-" in word and (word.partition("-")[0] in self.blocked or _lower_tail(word)):
            return None
        if k > first and "titles" in self.pack.tags(words[k - 1].lower()):
            return self._person_by_title(k, last)
        inner = any(c.isupper() for c in word[1:])
        if word.endswith(("se", "sche", "talige", "taligen")) or (word.isupper() and len(word) > 6):
            return None
        if k == first or words[k - 1] in QUOTES:
            named = self._local(k + 1, last) if k + 1 < last and not self._first_name(k) else None
            if named and named[0] > 1:
                # Verpleegkundige Samira Bakker: the next word begins the name.
                return None
            end = self._name_end(k, last)
            fresh = word.lower() not in self.cast.lower or end > k + 1
            if fresh and not self.cast.capital[word] and self._opens_clause(k, last):
                name = " ".join(words[k:end])
                kind = "party" if any(w in self.party_words for w in words[k:end]) else "opener"
                return Mention(k, end, kind, Actor(name, "name"), None, name)
            if word in self.cast.lower or word.lower() in self.cast.lower:
                return None
            if not inner and not self.cast.capital[word]:
                return None
        end = self._name_end(k, last)
        if end == k + 1 and not inner and word.lower() in self.cast.lower:
            return None
        name = " ".join(words[k:end])
        kind = "org" if inner and end == k + 1 else "name"
        if end - k > 1 and any(part in self.party_words for part in words[k:end]):
            kind = "party"
        return Mention(k, end, kind, Actor(name, kind), None, name)

    def _opens_clause(self, k: int, last: int) -> bool:
        """Visser gaf geen krimp: an unknown first word with its verb right behind."""
        if self.words.lower[k] in self.openers or k + 1 >= last:
            return False
        end = self._name_end(k, last)
        return end < last and "fin" in self.words.tags[end]

    def _person_by_title(self, k: int, last: int) -> Mention:
        end = self._name_end(k, last)
        name = " ".join(self.words.words[k:end])
        actor = self.cast.people.get(name) or Actor(name, "person", self._party_near(k, end, last))
        self.cast.know(surname(name), actor)
        return Mention(k, end, "person", actor, actor.party, name)

    def _titled(self, k: int, first: int, last: int, lower: str) -> Mention | None:
        """A title with its name (premier Rutte), or a title alone (de premier)."""
        words = self.words.words
        at = k + 1
        while at < min(k + 7, last) and at > k:
            word = words[at]
            if word[0].isupper():
                nxt = self._known(at, last)
                if nxt is None and at == k + 1 and word not in self.blocked:
                    nxt = self._person_by_title(at, last)
                if nxt and nxt.kind == "person":
                    self.cast.titled[lower] = nxt.actor or Actor(nxt.head, "person")
                    nxt.i, nxt.title = k, lower
                    return nxt
                if at == k + 1:
                    break
                at = nxt.j if nxt else at + 1
            elif word in PARTICLES and at == k + 1:
                nxt = self._surname(at, last)
                if nxt:
                    self.cast.titled[lower] = nxt.actor or Actor(nxt.head, "person")
                    nxt.i, nxt.title = k, lower
                    return nxt
                at += 1
            elif word in ("van", "voor", "en", "de", "het", "bij") and at <= k + 4:
                at += 1
            else:
                break
        if "roles" not in self.pack.tags(lower):
            return None
        before = self.words.lower[k - 1] if k > first else ""
        mention = Mention(k, k + 1, "role", None, None, lower)
        if before in ("een", "geen", "oud", "als"):
            mention.kind = "anon" if "spokes" in self.pack.tags(lower) else "noun"
        return mention

    def _pronoun(self, k: int, last: int, lower: str) -> Mention | None:
        nxt = self.words.lower[k + 1] if k + 1 < last else ""
        tags = self.pack.tags(nxt)
        if lower in ("die", "dat", "dit", "zijn", "haar", "hun", "ons", "onze", "mijn", "beide"):
            if tags & {"parties", "collectives"} and "fin" not in tags:
                mention = self._noun(k + 1, last, "group", nxt)
                mention.i, mention.title = k, lower
                return mention
            if nxt in VIEW and lower in ("zijn", "haar", "hun"):
                return Mention(k, k + 1, "pron", None, None, lower, lower == "hun", title="view")
            if lower == "zijn" or (lower == "die" and nxt and nxt[0].isalpha() and not tags):
                return None
        if lower in ("dat", "dit"):
            return None
        return Mention(k, k + 1, "pron", None, None, lower, lower in ("wij", "we", "hen", "hun"))

    def _noun(self, k: int, last: int, kind: str, lower: str) -> Mention:
        whole = self._with_place(k, last) if kind == "noun" else k + 1
        if whole > k + 1:
            return Mention(k, whole, "noun", head=lower, plural=looks_plural(lower))
        if kind == "noun" and lower in BODIES:
            name = BODIES[lower] if self.cast.country == "NL" else lower
            return Mention(k, k + 1, "body", Actor(name, "body"), None, lower)
        mention = Mention(k, k + 1, kind, None, None, lower, looks_plural(lower))
        known = self.cast.titled.get(lower) if kind == "noun" else None
        definite = k > 0 and self.words.lower[k - 1] in DEFINITE
        if known is not None and definite:
            mention.members = (known,)
            return mention
        if k + 2 < last and self.words.lower[k + 1] in (
            "van",
            "rond",
            "binnen",
            "bij",
            "uit",
            "in",
        ):
            at = k + 2
            if self.words.lower[at] in ("de", "het") and at + 1 < last:
                at += 1
            found = self._known(at, last) or self._surname(at, last)
            if not found and kind == "anon" and self.words.words[at][0].isupper():
                found = self._unknown(at, k, last)
            if found and (kind in ("anon", "group") or lower in ("bestuur", "leden", "achterban")):
                mention.j = found.j
                mention.party = found.party
                mention.members = (found.actor,) if found.actor else ()
        return mention

    def _with_place(self, k: int, last: int) -> int:
        """De raad van Lindeveld, de leden van de Kring: the place is part of the name."""
        at = k + 2
        if at >= last or self.words.lower[k + 1] != "van":
            return k + 1
        if self.words.lower[at] in ("de", "het") and at + 1 < last:
            at += 1
        found = self._match(at, last)
        plain = self.words.words[at][0].isupper() and self.words.words[at].isalpha()
        if not plain or (found and found[1].kind in ("person", "party", "org")):
            return k + 1
        return self._name_end(at, last)

    def _counted(self, k: int, first: int, last: int, lower: str) -> Mention | None:
        """De twee, de drie, het trio: a number that stands for parties named before."""
        if k == first or self.words.lower[k - 1] not in ("de", "het", "alle", "beide", "die"):
            return None
        count = self.pack.numbers.get(lower)
        if not count or count < 2 or count > 9:
            return None
        nxt = self.words.lower[k + 1] if k + 1 < last else "."
        tags = self.pack.tags(nxt)
        if tags & {"fin", "inf"} or nxt == "zijn" or not nxt[0].isalpha():
            return Mention(k, k + 1, "group", head=lower, plural=True)
        return None

    def _coordinate(self, found: list[Mention]) -> None:
        """Number the co-ordinations: D66 en ChristenUnie; VVD, CDA en PVV."""
        number = 0
        for left, right in itertools.pairwise(found):
            gap = [self.words.lower[k] for k in range(left.j, right.i)]
            gap = [word for word in gap if word not in GAP]
            if len(gap) == 2 and gap[1].endswith(("e", "se")) and right.kind == "noun":
                gap = gap[:1]
            if "(" in gap and ")" in gap:
                continue
            joined = gap in (
                ["en"],
                ["of"],
                ["én"],
                ["noch"],
                [","],
                [",", "en"],
                ["maar"],
                ["als"],
            )
            named = {"person", "party", "body", "org", "noun", "role", "name", "country"}
            if joined and left.kind in named and right.kind in named:
                if left.coord < 0:
                    left.coord = number = number + 1
                right.coord = left.coord
        self._prune_commas(found)

    def _prune_commas(self, found: list[Mention]) -> None:
        """A comma alone does not join: the last link of a chain must be en, of or noch."""
        chains: dict[int, list[Mention]] = {}
        for mention in found:
            if mention.coord >= 0:
                chains.setdefault(mention.coord, []).append(mention)
        for chain in chains.values():
            while len(chain) > 1:
                between = self.words.lower[chain[-2].j : chain[-1].i]
                if any(word in ("en", "of", "én", "noch", "als") for word in between):
                    break
                chain.pop().coord = -1
            if len(chain) == 1:
                chain[0].coord = -1


def _lower_tail(word: str) -> bool:
    return word.rpartition("-")[2][:1].islower()

"""What mentions mean: pronouns, titles, groups and anonymous sources brought back to actors."""

from __future__ import annotations

from dataclasses import dataclass, field

from treves.reading.cast import Cast
from treves.reading.clauses import Piece
from treves.reading.mentions import DEFINITE, Mention
from treves.reading.pack import Hit, Pack
from treves.reading.registry import Actor, Registry
from treves.reading.text import Words

WE = frozenset(("wij", "we", "ons", "onze", "jullie"))
ME = frozenset(("ik", "mij", "me", "mijn", "m'n"))
HE = frozenset(("hij", "hem", "hijzelf", "zijn"))
SHE = frozenset(("zij", "ze", "haar", "zijzelf"))
THEY = frozenset(("hen", "hun", "beiden", "beide", "allebei"))
MAX_ANTECEDENTS = 3
# Kinds of actors that a noun may stand for: de bond, het bedrijf.
ORGANISED = frozenset(("org", "party", "name"))
# Nouns that stand for about any of them.
ANY_GROUP = frozenset(
    "bond vakbond club bedrijf concern organisatie vereniging onderneming".split()
)
MOST_NAMED = 6
# Sign of an actor of whom the opposite is told: *D66 wil praten, de VVD niet*.
OPPOSED = "elliptic-not"
SUBJECT_LEAD = 1.3
OWN_ROLES = frozenset(
    (
        "burgemeester",
        "gedeputeerde",
        "directeur",
        "bemiddelaar",
        "mediator",
        "dijkgraaf",
        "gouverneur",
        "rechter",
        "hoogleraar",
        "econoom",
        "arts",
        "huisarts",
        "president",
    )
)
STAFF = frozenset(
    ("kabinet", "entourage", "omgeving", "woordvoerder", "woordvoerster", "ploeg", "advocaat")
)
CREEDS = {
    "socialist": ("PvdA", "VOORUIT", "SP", "PS"),
    "socialiste": ("PvdA", "VOORUIT", "SP", "PS"),
    "liberaal": ("VVD", "VLD", "MR", "D66"),
    "liberale": ("VVD", "VLD", "MR", "D66"),
    "christendemocraat": ("CDA", "CD&V"),
    "christendemocrate": ("CDA", "CD&V"),
    "nationalist": ("N-VA", "VB"),
    "groene": ("GROEN", "ECOLO", "GL"),
    "sociaaldemocraat": ("PvdA", "GLPVDA"),
}


@dataclass(slots=True)
class Candidate:
    """A possible actor of a clause and the signs that bear on it."""

    name: str | None
    actor: Actor | None = None
    party: str | None = None
    signs: set[str] = field(default_factory=set)
    coord: int = -1
    group: int = -1
    kind: str = "null"


@dataclass(slots=True)
class Clause:
    """A clause with all that was noticed about it."""

    piece: Piece
    mentions: list[Mention]
    hits: list[Hit]
    sentence: int
    signs: set[str] = field(default_factory=set)
    telling: list[str] = field(default_factory=list)
    wording: dict[str, float] = field(default_factory=dict)
    stems: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    speaker: Candidate | None = None
    speaker_frame: str = ""
    subject: list[Candidate] = field(default_factory=list)
    verb: int = -1
    quote: int = -1


@dataclass
class Memory:
    """Who was spoken of, and when; a subject weighs a little more than others of its clause."""

    clock: int = 0
    heard: dict[Actor, float] = field(default_factory=dict)
    groups: list[tuple[Actor, ...]] = field(default_factory=list)
    speakers: dict[int, Candidate] = field(default_factory=dict)
    people: list[Actor] = field(default_factory=list)
    parties: list[Actor] = field(default_factory=list)
    subjects: list[Actor] = field(default_factory=list)

    def note(self, actor: Actor, subject: bool) -> None:
        """Remember an actor as spoken of now."""
        score = self.clock + (SUBJECT_LEAD if subject else 0.0)
        self.heard[actor] = max(score, self.heard.get(actor, -1.0))
        if subject:
            if actor in self.subjects:
                self.subjects.remove(actor)
            self.subjects.insert(0, actor)
            del self.subjects[6:]

    def settle(self) -> None:
        """Sort people and parties, the latest first."""
        heard = sorted(self.heard.items(), key=lambda item: -item[1])[:24]
        self.heard = dict(heard)
        order = [actor for actor, _ in heard]
        self.people = [actor for actor in order if actor.kind == "person"]
        self.parties = [actor for actor in order if actor.kind in ("party", "org")]


class Meanings:
    """Says who a mention may be, from what the report told before."""

    def __init__(
        self, words: Words, pack: Pack, registry: Registry, cast: Cast, day: str | None
    ) -> None:
        self.words, self.pack, self.registry, self.cast, self.day = words, pack, registry, cast, day
        self.memory = Memory()
        self.previous: Clause | None = None
        self.groups = 0
        self.named: Actor | None = None
        # Who answers in an interview, by the number of the quotation.
        self.answers: dict[int, Candidate] = {}

    def meaning(self, m: Mention, clause: Clause) -> list[Candidate]:
        """Who a mention may be; the likelier first."""
        if m.actor is not None:
            return [candidate_of(m.actor, m.kind)]
        if m.kind == "pron":
            return self._pronoun(m, clause)
        if m.kind == "relative" and self.previous is not None:
            return self._antecedents(m, self.previous)
        if m.kind == "role":
            return self._role(m)
        if m.kind == "group":
            return self._group(m, clause)
        if m.kind == "anon":
            return self._anonymous(m)
        found = Candidate(self._phrase(m), None, m.party, kind=m.kind)
        if m.members or m.kind != "noun" or m.plural or not self._definite(m):
            return [*(candidate_of(actor, "apposed") for actor in m.members), found]
        return [*self._named_noun(m.head), found]

    def _antecedents(self, m: Mention, before: Clause) -> list[Candidate]:
        """Whom (De VVD,) die means: who stands just before it, else the subject."""
        out = {
            held.name: Candidate(
                held.name, held.actor, held.party, coord=held.coord, kind="relative"
            )
            for held in before.subject
        }
        for other in before.mentions:
            if other.actor is not None and other.j in (m.i, m.i - 1):
                known = candidate_of(other.actor, "relative")
                out.setdefault(known.name, known).signs.add("just-before")
        return list(out.values())

    def _definite(self, m: Mention) -> bool:
        return m.i > 0 and self.words.lower[m.i - 1] in DEFINITE

    def _named_noun(self, head: str) -> list[Candidate]:
        """De bond, het bedrijf: those of whom it was told that they are one, or the latest."""
        out: dict[str, Candidate] = {}
        orgs = [a for a in self.memory.heard if a.kind in ORGANISED][:MOST_NAMED]
        for rank, actor in enumerate(orgs):
            found = candidate_of(actor, "noun-name")
            if any(word.endswith(head) for word in actor.name.lower().split()):
                found.signs.add("noun-in-name")
            if any(
                held is actor and noun.endswith(head) for noun, held in self.cast.titled.items()
            ):
                found.signs.add("noun-told")
            if head in ANY_GROUP and rank < 2:
                found.signs.add(f"noun-rank{rank}")
            if found.signs:
                found.signs.add("via-noun")
                out[actor.name] = found
        return list(out.values())

    def _phrase(self, m: Mention) -> str:
        k = m.i
        while k > 0 and m.i - k < 3:
            word = self.words.lower[k - 1]
            tags = self.words.tags[k - 1]
            written = self.words.words[k - 1]
            lower = written.islower() or written.endswith(("se", "sche", "ische"))
            plain = word.isalpha() and not tags and lower
            if word in ("een", "andere", "alle", "sommige", "enkele", "veel") or plain:
                k -= 1
            else:
                break
        return (
            " ".join(self.words.words[k : m.j]).lower()
            if k < m.i
            else " ".join(self.words.words[m.i : m.j])
        )

    def _anonymous(self, m: Mention) -> list[Candidate]:
        kind = "spokes" if "spokes" in self.pack.tags(m.head) else "anon"
        found = Candidate(self._phrase(m), None, m.party, kind=kind)
        out = [found]
        before = self.words.lower[m.i - 1] if m.i else ""
        if m.party and before in ("de", "die", "deze", "dezelfde", "diezelfde"):
            known = next((p for p in self.memory.people if p.party == m.party), None)
            if known is not None:
                same = candidate_of(known, "that-one")
                same.signs.add("that-one")
                out.insert(0, same)
        party = self.registry.party(m.party)
        if party is None and m.members:
            out += [candidate_of(actor, "anon-of") for actor in m.members]
        elif party is not None:
            out.append(candidate_of(party, "anon-of"))
        elif "spokes" in self.pack.tags(m.head):
            for actor in self.memory.parties[:1] + self.memory.people[:1]:
                out.append(candidate_of(actor, "spokes-of"))
        for extra in out[1:]:
            extra.signs.add("anon-of")
        return out

    def _role(self, m: Mention) -> list[Candidate]:
        head = m.head
        out: list[Candidate] = []
        actor = self._minister(m) or self.cast.titled.get(head)
        if head in CREEDS:
            actor = next((p for p in self.memory.people if p.party in CREEDS[head]), None)
        if actor is None and head in ("premier", "minister-president", "regeringsleider"):
            title = head if self.cast.country == "BE" and head != "regeringsleider" else "premier"
            actor = self.registry.holder(title, self.day, self.cast.country)
        if actor is None and head in ("minister", "staatssecretaris"):
            actor = next((p for p in self.memory.people if _held(p, head)), None)
        if actor is None and m.party:
            actor = next((p for p in self.memory.people if p.party == m.party), None)
        if actor is None:
            stem = head.removeprefix("oud-").removeprefix("fractie").removeprefix("partij")
            actor = next(
                (held for title, held in self.cast.titled.items() if title.endswith(stem)), None
            )
        if actor is not None:
            out.append(candidate_of(actor, "role"))
        elif self.memory.people and head not in OWN_ROLES:
            guess = candidate_of(self.memory.people[0], "role-guess")
            guess.signs.add("role-guess")
            out.append(guess)
        out += [candidate_of(org, "role-org") for org in m.members]
        own = Candidate(self._phrase(m), None, m.party, kind="role-own")
        own.signs.add("role-own")
        if m.party and not actor:
            party = self.registry.party(m.party)
            if party:
                out.append(candidate_of(party, "role-party"))
        out.append(own)
        for other in out:
            other.signs.add("via-role")
        return out

    def _minister(self, m: Mention) -> Actor | None:
        """De minister van Financiën: by the registry, on the day of the report."""
        if m.head not in ("minister", "staatssecretaris") or m.j + 1 >= len(self.words.words):
            return None
        if self.words.lower[m.j] not in ("van", "voor"):
            return None
        field_ = self.words.words[m.j + 1]
        for link in ("van", "voor"):
            found = self.registry.holder(f"{m.head} {link} {field_}", self.day, self.cast.country)
            if found is not None:
                return found
        return None

    def _people(self, sexes: str) -> list[Actor]:
        return [actor for actor in self.memory.people if not actor.sex or actor.sex in sexes]

    def _pronoun(self, m: Mention, clause: Clause) -> list[Candidate]:
        head = m.head
        out: list[Candidate] = []
        if head in ME or head in WE:
            return self._we(m, clause)
        if m.title == "view" or self._as_for(m):
            own = [o.actor for o in clause.mentions if o.kind == "person" and o.i < m.i and o.actor]
            if own:
                found = candidate_of(own[0], "view")
                found.signs |= {"via-view", "via-pronoun"}
                return [found]
        if head in HE:
            out = [candidate_of(actor, "he") for actor in self._people("m")[:MAX_ANTECEDENTS]]
        elif head in SHE:
            if self._plural_verb(m) and head != "haar":
                out = self._latest_group(None)
            else:
                women = self._people("v")
                sure = [actor for actor in women if actor.sex == "v"]
                out = [candidate_of(actor, "she") for actor in (sure or women)[:MAX_ANTECEDENTS]]
                out += [candidate_of(actor, "she") for actor in self.memory.parties[:1]]
        elif head in ("beiden", "beide", "allebei"):
            out = self._pair()
        elif head in THEY:
            out = self._latest_group(None)
        elif head == "die":
            out = self._relative()
        elif head in ("iedereen", "niemand", "men", "sommigen"):
            out = [Candidate(head, kind="indefinite")]
        for rank, found in enumerate(out):
            found.signs |= {f"via-{head}", "via-pronoun"}
            if found.group < 0:
                found.signs.add(f"rank{rank}")
        return out

    def _as_for(self, m: Mention) -> bool:
        after = self.words.lower[m.j] if m.j < len(self.words.lower) else ""
        return after in ("betreft", "betrof", "aangaat")

    def _outlet_hears(self, m: Mention) -> bool:
        """Horen wij, vernemen we: the reporter speaks."""
        near = self.words.lower[max(0, m.i - 1) : m.j + 1]
        return bool({"horen", "vernemen", "hoorden", "vernamen"} & set(near))

    def _we(self, m: Mention, clause: Clause) -> list[Candidate]:
        head = m.head
        if self._outlet_hears(m):
            return []
        speaker = clause.speaker or self._quote_speaker(clause)
        if speaker is None and self.previous is not None:
            speaker = self.previous.speaker
            if speaker is None and self.memory.people:
                speaker = candidate_of(self.memory.people[0], "we")
        out: list[Candidate] = []
        if speaker is not None:
            held = Candidate(speaker.name, speaker.actor, speaker.party, kind="we")
            held.signs |= {"via-we" if head in WE else "via-me", "we-speaker"}
            out.append(held)
            party = self.registry.party(speaker.party)
            if party is not None and head in WE and party.name != speaker.name:
                found = candidate_of(party, "we-party")
                found.signs |= {"via-we", "we-party"}
                out.append(found)
        return out

    def _relative(self) -> list[Candidate]:
        last = self.memory
        held = [*last.subjects[:1], *last.people[:1], *last.parties[:1]]
        if self.named is not None:
            held.insert(0, self.named)
        return [candidate_of(actor, "die") for actor in dict.fromkeys(held)]

    def _plural_verb(self, m: Mention) -> bool:
        for k in (m.j, m.i - 1):
            if 0 <= k < len(self.words.lower):
                tags = self.words.tags[k]
                if "fin" in tags:
                    return False
                if "inf" in tags:
                    return True
        return False

    def _pair(self) -> list[Candidate]:
        """Beiden: the two people last spoken of, or a pair that was named together."""
        if len(self.memory.people) < 2:
            return self._latest_group(2)
        self.groups += 1
        out = [candidate_of(actor, "they") for actor in self.memory.people[:2]]
        for found in out:
            found.group = self.groups
            found.signs.add("via-group")
        return out

    def _latest_group(self, size: int | None, least: int = 1) -> list[Candidate]:
        """Those last named together, or last spoken of in the plural where one will do."""
        for members in self.memory.groups:
            if len(members) == size or (size is None and len(members) >= least):
                self.groups += 1
                out = [candidate_of(actor, "they") for actor in members]
                for found in out:
                    found.group = self.groups
                    found.signs.add("via-group")
                return out
        return []

    def _group(self, m: Mention, clause: Clause) -> list[Candidate]:
        head, title = m.head, m.title
        own = Candidate(self._phrase(m), None, m.party, kind="group")
        if m.members:
            return [own, *(candidate_of(actor, "group-of") for actor in m.members)]
        before = self.words.lower[m.i - 1] if m.i else ""
        singular = head.endswith(("partij", "fractie", "partner", "top", "leiding", "bestuur"))
        if title in ("zijn", "haar") and head in STAFF:
            people = self._people("m" if title == "zijn" else "v")[:2]
            return [*(candidate_of(actor, "staff-of") for actor in people), own]
        if singular and before == "laatste" and self.named is not None:
            return [candidate_of(self.named, "the-party"), own]
        if title == "hun":
            return [*self._latest_group(None, least=2), own]
        if title in ("zijn", "haar", "ons", "onze", "mijn") and singular:
            return self._own_party(title, clause) or [own]
        if before in ("grootste", "kleinste"):
            governing = self.registry.coalition(self.day, self.cast.country)
            if governing and head in (
                "regeringspartij",
                "coalitiepartij",
                "regeringspartner",
                "coalitiepartner",
            ):
                return [candidate_of(governing[0 if before == "grootste" else -1], "largest")]
            return [own]
        if singular:
            parties = [a for a in self.memory.parties if a.kind == "party"] or self.memory.parties
            out = [candidate_of(actor, "the-party") for actor in parties[:2]]
            for rank, found in enumerate(out):
                found.signs |= {"via-party", f"rank{rank}"}
            return [*out, own]
        size = self.pack.numbers.get(before) or self.pack.numbers.get(head)
        named = {"trio": 3, "duo": 2, "tweetal": 2, "drietal": 3, "viertal": 4, "vijftal": 5}
        size = size or named.get(head) or (2 if before == "beide" or title == "beide" else None)
        definite = (
            title in ("die", "deze") or before in ("de", "beide", "deze", "die", "het") or size
        )
        out = self._latest_group(int(size) if size else None, least=2) if definite else []
        own.signs.add("group-own")
        # One claim a party where it is known who they are (CONTRACTS: claims).
        return out or [own]

    def _own_party(self, title: str, clause: Clause) -> list[Candidate]:
        sexes = {"zijn": "m", "haar": "v"}.get(title, "mv")
        if title in ("ons", "onze", "mijn") and clause.speaker:
            party = self.registry.party(clause.speaker.party)
            return [candidate_of(party, "own-party")] if party else []
        for actor in self._people(sexes)[:3]:
            party = self.registry.party(actor.party)
            if party is not None:
                found = candidate_of(party, "own-party")
                found.signs.add("own-party")
                other = candidate_of(actor, "own-party-of")
                other.signs.add("own-party-of")
                return [found, other]
        return []

    def _quote_speaker(self, clause: Clause) -> Candidate | None:
        if clause.quote >= 0:
            return self.answers.get(clause.quote) or self.memory.speakers.get(clause.quote)
        return None


def together(chosen: Candidate, other: Candidate) -> bool:
    """Whether two candidates act as one: *X en Y willen*, *die partijen*."""
    return (
        other is chosen
        or (chosen.coord >= 0 and other.coord == chosen.coord)
        or (chosen.group >= 0 and other.group == chosen.group)
    )


def candidate_of(actor: Actor, kind: str) -> Candidate:
    """A known actor as a candidate; `kind` says how the actor was come by."""
    return Candidate(actor.name, actor, actor.party, kind=kind)


def _held(actor: Actor, head: str) -> bool:
    """Whether the registry knows an office of that name for somebody."""
    return any(role.title.startswith(head) for role in actor.roles)

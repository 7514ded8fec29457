"""From mentions to actors: pronouns, titles, groups, and the candidates for a clause's actor.

Each clause gets a short list of candidates with the signs that speak for or against each of
them; the weights (weights.json) decide among them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from treves.reading.clauses import Piece
from treves.reading.mentions import Cast, Mention
from treves.reading.pack import Hit, Pack
from treves.reading.registry import Actor, Registry
from treves.reading.text import Words

WE = frozenset(("wij", "we", "ons", "onze", "jullie"))
ME = frozenset(("ik", "mij", "me", "mijn", "m'n"))
HE = frozenset(("hij", "hem", "hijzelf", "zijn"))
SHE = frozenset(("zij", "ze", "haar", "zijzelf"))
THEY = frozenset(("hen", "hun", "beiden", "beide", "allebei"))
SOURCE_WORDS = frozenset(("volgens", "aldus", "luidens", "dixit", "vindt", "zegt"))
FILLERS = frozenset("ook zelf nog wel dan nu toch zo echter vooral alleen eveneens zelfs".split())
MAX_ANTECEDENTS = 3
SUBJECT_LEAD = 1.3
OWN_ROLES = frozenset(("burgemeester", "gedeputeerde", "directeur", "bemiddelaar", "mediator", "dijkgraaf", "gouverneur", "rechter", "hoogleraar", "econoom", "arts", "huisarts", "president"))
STAFF = frozenset(("kabinet", "entourage", "omgeving", "woordvoerder", "woordvoerster", "ploeg", "advocaat"))
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
        order = sorted(self.heard, key=lambda actor: -self.heard[actor])[:24]
        self.heard = {actor: self.heard[actor] for actor in order}
        self.people = [actor for actor in order if actor.kind == "person"]
        self.parties = [actor for actor in order if actor.kind in ("party", "org")]


class Resolver:
    """Walks the clauses of a report in order and lists the candidates of each."""

    def __init__(
        self, words: Words, pack: Pack, registry: Registry, cast: Cast, day: str | None
    ) -> None:
        self.words, self.pack, self.registry, self.cast, self.day = words, pack, registry, cast, day
        self.memory = Memory()
        self.previous: Clause | None = None
        self.groups = 0
        self.named: Actor | None = None

    # ---- one clause -------------------------------------------------------------------------

    def resolve(self, clause: Clause, siblings: list[Mention]) -> None:
        """Fill in the verb, speaker, candidates and subject of a clause."""
        clause.verb = self._verb(clause.piece)
        clause.quote = self._quote(clause.piece)
        table: dict[str, Candidate] = {}
        clause.mentions = self._with_phrases(clause)
        subject = self._subject(clause)
        said = clause.piece.said or (-1, -1)
        ordered = sorted(
            enumerate(clause.mentions), key=lambda pair: not said[0] <= pair[1].i < said[1]
        )
        for order, mention in ordered:
            signs = self._place(clause, mention, order, mention is subject)
            if subject is not None and mention.coord >= 0 and mention.coord == subject.coord:
                signs.add("subject")
            for found in self.meaning(mention, clause):
                self._add(table, found, signs, mention)
                if "in-said" in signs and clause.speaker is None:
                    clause.speaker = found
        self._speaker(clause, table)
        self._carry(clause, table, siblings)
        nobody = Candidate(None)
        nobody.signs = {"null"} | self._impersonal(clause)
        clause.candidates = [*table.values(), nobody]
        clause.subject = [c for c in table.values() if "subject" in c.signs]
        self._remember(clause)
        self.previous = clause

    def _with_phrases(self, clause: Clause) -> list[Mention]:
        """Add plain noun phrases where an actor is due: before the verb, and after zegt."""
        piece, verb = clause.piece, clause.verb
        taken = {k for m in clause.mentions for k in range(m.i, m.j)}
        found: list[Mention] = []
        if verb > piece.i:
            found += self._phrase_ending(verb - 1, piece.i, taken)
        if piece.said:
            found += self._phrase_starting(piece.said[0] + 1, piece.said[1], taken)
        return sorted(clause.mentions + found, key=lambda m: m.i) if found else clause.mentions

    def _phrase_ending(self, k: int, start: int, taken: set[int]) -> list[Mention]:
        """De medische staf (is): determiner, adjectives, noun, right before the verb."""
        for at in range(k, max(start, k - 3) - 1, -1):
            if at in taken or not self.words.words[at][0].isalpha():
                return []
            tags = self.pack.tags(self.words.lower[at])
            if at < k and "determiners" in tags:
                before = self.words.lower[at - 1] if at > start else ""
                if "prepositions" in self.pack.tags(before):
                    return []
                return [Mention(k, k + 1, "phrase", head=self.words.lower[k])]
            if tags & {"prepositions", "pronouns", "subordinators", "negation", "fin"}:
                return []
        return []

    def _phrase_starting(self, i: int, j: int, taken: set[int]) -> list[Mention]:
        """(zegt) een parlementslid: determiner and noun in an attribution."""
        if i + 1 < j and self.words.lower[i] == "het":
            i += 2 if self.words.lower[i + 1] in ("bij", "in", "binnen", "uit") else 1
        if i + 1 >= j or "determiners" not in self.pack.tags(self.words.lower[i]):
            return []
        if any(k in taken for k in range(i, min(j, i + 4))):
            return []
        k = i + 1
        while k + 1 < min(j, i + 4) and self.words.words[k + 1].isalpha() and not self.pack.tags(
            self.words.lower[k + 1]
        ):
            k += 1
        return [Mention(k, k + 1, "phrase", head=self.words.lower[k])]

    def _add(self, table: dict[str, Candidate], found: Candidate, signs: set[str], m: Mention) -> None:
        if found.name is None:
            return
        held = table.get(found.name)
        if held is None:
            held = table[found.name] = found
        else:
            held.signs |= found.signs
        held.signs |= signs
        if m.coord >= 0:
            held.coord = m.coord

    def _verb(self, piece: Piece) -> int:
        stop = piece.said[0] if piece.said and piece.said[0] > piece.i else piece.j
        plural = -1
        for k in range(piece.i, stop):
            tags = self.pack.tags(self.words.lower[k])
            if "fin" in tags and "prepositions" not in tags:
                return k
            if plural < 0 and "inf" in tags and (k == 0 or self.words.lower[k - 1] != "te"):
                plural = k
        return plural

    def _quote(self, piece: Piece) -> int:
        """The quotation a clause lies in for the most part, or -1."""
        stop = piece.said[0] if piece.said and piece.said[0] > piece.i else piece.j
        inside = [self.words.quote[k] for k in range(piece.i, stop) if self.words.quote[k] >= 0]
        if inside and len(inside) * 2 > stop - piece.i:
            return inside[0]
        return -1

    def _subject(self, clause: Clause) -> Mention | None:
        """The mention that is most likely the subject, by place alone."""
        piece, verb = clause.piece, clause.verb
        said = piece.said or (piece.j, piece.j)
        best: tuple[int, Mention] | None = None
        for mention in clause.mentions:
            if said[0] <= mention.i < said[1] or mention.possessive:
                continue
            if mention.kind in ("place",) or mention.head in ("haar", "hun", "zijn", "hem", "hen", "ons", "onze"):
                continue
            before = self._before(mention, piece.i)
            if before:
                continue
            if verb < 0:
                score = 1
            elif mention.i < verb:
                score = 8 if mention.j == verb else 5
            elif mention.i - verb <= 3:
                score = 6 if verb == piece.i or verb - piece.i <= 2 else 4
            else:
                score = 2
            if mention.kind in ("pron", "anon", "noun") and score == 5 and mention.head == "die":
                score = 4
            if best is None or score > best[0]:
                best = (score, mention)
        return best[1] if best else None

    def _before(self, mention: Mention, start: int) -> str:
        """The preposition that governs a mention, or nothing."""
        k = mention.i - 1
        for _ in range(3):
            if k < start:
                return ""
            word = self.words.lower[k]
            tags = self.pack.tags(word)
            if "prepositions" in tags:
                return word
            if "determiners" not in tags and not (word.isalpha() and not tags):
                return ""
            k -= 1
        return ""

    def _place(self, clause: Clause, m: Mention, order: int, subject: bool) -> set[str]:
        piece = clause.piece
        signs = {f"kind={m.kind}", "own"}
        if subject:
            signs.add("subject")
            signs.add(f"subject-{m.kind}")
        before = self._before(m, piece.i)
        signs.add(f"pre={before}" if before else "pre=none")
        if order == 0:
            signs.add("first")
        if clause.verb >= 0:
            signs.add("left-of-verb" if m.i < clause.verb else "right-of-verb")
            if 0 < m.i - clause.verb <= 2:
                signs.add("beside-verb")
        if piece.said and piece.said[0] <= m.i < piece.said[1]:
            signs.add("in-said")
        if m.possessive:
            signs.add("possessive")
        if m.j < piece.j and self.words.lower[m.j] in ("betreft", "betrof", "aangaat"):
            signs.add("as-for")
        if m.title == "view":
            signs.add("view")
        if m.coord >= 0:
            signs.add("coordinated")
        if self.words.quote[m.i] >= 0:
            signs.add("in-quote")
        if any(0 <= abs(hit.at - m.i) <= 3 for hit in clause.hits):
            signs.add("near-cue")
        if m.i == piece.i:
            signs.add("opens")
        if m.i > 0 and "determiners" in self.pack.tags(self.words.lower[m.i - 1]):
            signs.add(f"det-{m.kind}")
        return signs

    # ---- what a mention means ---------------------------------------------------------------

    def meaning(self, m: Mention, clause: Clause) -> list[Candidate]:
        """Who a mention may be; the likelier first."""
        if m.actor is not None:
            return [_candidate(m.actor, m.kind)]
        if m.kind == "pron":
            return self._pronoun(m, clause)
        if m.kind == "role":
            return self._role(m)
        if m.kind == "group":
            return self._group(m, clause)
        if m.kind == "anon":
            return self._anonymous(m)
        found = Candidate(self._phrase(m), None, m.party, kind=m.kind)
        return [*(_candidate(actor, "apposed") for actor in m.members), found]

    def _phrase(self, m: Mention) -> str:
        k = m.i
        while k > 0 and m.i - k < 3:
            word = self.words.lower[k - 1]
            tags = self.pack.tags(word)
            plain = word.isalpha() and not tags and self.words.words[k - 1].islower()
            if word in ("een", "andere", "alle", "sommige", "enkele", "veel") or plain:
                k -= 1
            else:
                break
        return " ".join(self.words.words[k : m.j]).lower() if k < m.i else " ".join(
            self.words.words[m.i : m.j]
        )

    def _anonymous(self, m: Mention) -> list[Candidate]:
        found = Candidate(self._phrase(m), None, m.party, kind="anon")
        out = [found]
        before = self.words.lower[m.i - 1] if m.i else ""
        if m.party and before in ("de", "die", "deze", "dezelfde", "diezelfde"):
            known = next((p for p in self.memory.people if p.party == m.party), None)
            if known is not None:
                same = _candidate(known, "that-one")
                same.signs.add("that-one")
                out.insert(0, same)
        party = self.registry.party(m.party)
        if party is None and m.members:
            out += [_candidate(actor, "anon-of") for actor in m.members]
        elif party is not None:
            out.append(_candidate(party, "anon-of"))
        elif "spokes" in self.pack.tags(m.head):
            for actor in self.memory.parties[:1] + self.memory.people[:1]:
                out.append(_candidate(actor, "spokes-of"))
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
        if actor is None and m.party:
            actor = next((p for p in self.memory.people if p.party == m.party), None)
        if actor is None:
            stem = head.removeprefix("fractie").removeprefix("partij")
            actor = next(
                (held for title, held in self.cast.titled.items() if title.endswith(stem)), None
            )
        if actor is not None:
            out.append(_candidate(actor, "role"))
        elif self.memory.people and head not in OWN_ROLES:
            guess = _candidate(self.memory.people[0], "role-guess")
            guess.signs.add("role-guess")
            out.append(guess)
        out += [_candidate(org, "role-org") for org in m.members]
        own = Candidate(self._phrase(m), None, m.party, kind="role-own")
        own.signs.add("role-own")
        if m.party and not actor:
            party = self.registry.party(m.party)
            if party:
                out.append(_candidate(party, "role-party"))
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
            return self._we(head, clause)
        if m.title == "view" or self._as_for(m):
            own = [o.actor for o in clause.mentions if o.kind == "person" and o.i < m.i and o.actor]
            if own:
                found = _candidate(own[0], "view")
                found.signs |= {"via-view", "via-pronoun"}
                return [found]
        if head in HE:
            out = [_candidate(actor, "he") for actor in self._people("m")[:MAX_ANTECEDENTS]]
        elif head in SHE:
            if self._plural_verb(m) and head != "haar":
                out = self._latest_group(None)
            else:
                women = self._people("v")
                sure = [actor for actor in women if actor.sex == "v"]
                out = [_candidate(actor, "she") for actor in (sure or women)[:MAX_ANTECEDENTS]]
                out += [_candidate(actor, "she") for actor in self.memory.parties[:1]]
        elif head in ("beiden", "beide", "allebei"):
            out = self._pair()
        elif head in THEY:
            out = self._latest_group(None)
        elif head == "die":
            out = self._relative(m, clause)
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

    def _we(self, head: str, clause: Clause) -> list[Candidate]:
        speaker = clause.speaker or self._quote_speaker(clause)
        if speaker is None and self.previous is not None:
            speaker = self.previous.speaker
            if speaker is None and self.memory.people:
                speaker = _candidate(self.memory.people[0], "we")
        out: list[Candidate] = []
        if speaker is not None:
            held = Candidate(speaker.name, speaker.actor, speaker.party, kind="we")
            held.signs |= {"via-we" if head in WE else "via-me", "we-speaker"}
            out.append(held)
            party = self.registry.party(speaker.party)
            if party is not None and head in WE and party.name != speaker.name:
                found = _candidate(party, "we-party")
                found.signs |= {"via-we", "we-party"}
                out.append(found)
        return out

    def _relative(self, m: Mention, clause: Clause) -> list[Candidate]:
        last = self.memory
        held = [*last.subjects[:1], *last.people[:1], *last.parties[:1]]
        if self.named is not None:
            held.insert(0, self.named)
        return [_candidate(actor, "die") for actor in dict.fromkeys(held)]

    def _plural_verb(self, m: Mention) -> bool:
        for k in (m.j, m.i - 1):
            if 0 <= k < len(self.words.lower):
                tags = self.pack.tags(self.words.lower[k])
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
        out = [_candidate(actor, "they") for actor in self.memory.people[:2]]
        for found in out:
            found.group = self.groups
            found.signs.add("via-group")
        return out

    def _latest_group(self, size: int | None) -> list[Candidate]:
        for members in self.memory.groups:
            if size is None or len(members) == size:
                self.groups += 1
                out = [_candidate(actor, "they") for actor in members]
                for found in out:
                    found.group = self.groups
                    found.signs.add("via-group")
                return out
        return []

    def _group(self, m: Mention, clause: Clause) -> list[Candidate]:
        head, title = m.head, m.title
        own = Candidate(self._phrase(m), None, m.party, kind="group")
        if m.members:
            return [own, *(_candidate(actor, "group-of") for actor in m.members)]
        before = self.words.lower[m.i - 1] if m.i else ""
        singular = head.endswith(("partij", "fractie", "partner", "top", "leiding", "bestuur"))
        if title in ("zijn", "haar") and head in STAFF:
            people = self._people("m" if title == "zijn" else "v")[:2]
            return [*(_candidate(actor, "staff-of") for actor in people), own]
        if title in ("zijn", "haar", "ons", "onze", "mijn") and singular:
            return self._own_party(title, clause) or [own]
        if before in ("grootste", "kleinste"):
            parties = self.registry.coalition(self.day, self.cast.country)
            if parties and head in ("regeringspartij", "coalitiepartij", "regeringspartner", "coalitiepartner"):
                return [_candidate(parties[0 if before == "grootste" else -1], "largest")]
            return [own]
        if singular:
            parties = [a for a in self.memory.parties if a.kind == "party"] or self.memory.parties
            out = [_candidate(actor, "the-party") for actor in parties[:2]]
            for rank, found in enumerate(out):
                found.signs |= {"via-party", f"rank{rank}"}
            return [*out, own]
        size = self.pack.numbers.get(before) or self.pack.numbers.get(head)
        named = {"trio": 3, "duo": 2, "tweetal": 2, "drietal": 3, "viertal": 4, "vijftal": 5}
        size = size or named.get(head) or (2 if before == "beide" or title == "beide" else None)
        definite = title in ("die", "deze") or before in ("de", "beide", "deze", "die", "het") or size
        out = self._latest_group(int(size) if size else None) if definite else []
        governing = self.registry.coalition(self.day, self.cast.country)
        if head in ("coalitiepartijen", "regeringspartijen", "coalitiepartners") and governing:
            if not size or int(size) == len(governing):
                own.signs.add("governing")
        own.signs.add("group-own")
        return [*out, own]

    def _own_party(self, title: str, clause: Clause) -> list[Candidate]:
        sexes = {"zijn": "m", "haar": "v"}.get(title, "mv")
        if title in ("ons", "onze", "mijn") and clause.speaker:
            party = self.registry.party(clause.speaker.party)
            return [_candidate(party, "own-party")] if party else []
        for actor in self._people(sexes)[:3]:
            party = self.registry.party(actor.party)
            if party is not None:
                found = _candidate(party, "own-party")
                found.signs.add("own-party")
                other = _candidate(actor, "own-party-of")
                other.signs.add("own-party-of")
                return [found, other]
        return []

    def announce(self, quote: int, mention: Mention) -> None:
        """Say beforehand who speaks a quotation."""
        if mention.actor is not None:
            self.memory.speakers.setdefault(quote, _candidate(mention.actor, mention.kind))

    # ---- who speaks ---------------------------------------------------------------------------

    def _quote_speaker(self, clause: Clause) -> Candidate | None:
        if clause.quote >= 0:
            return self.memory.speakers.get(clause.quote)
        return None

    def _speaker(self, clause: Clause, table: dict[str, Candidate]) -> None:
        """Find whose words the clause reports, and mark the candidate."""
        said = [c for c in table.values() if "in-said" in c.signs]
        source = [
            c
            for c in table.values()
            if c.signs & {"pre=volgens", "pre=aldus", "pre=luidens", "as-for", "view"}
        ]
        if said:
            clause.speaker, clause.speaker_frame = said[0], "said"
        elif source:
            clause.speaker, clause.speaker_frame = source[0], "according"
        elif self._reports(clause):
            subject = [c for c in table.values() if "subject" in c.signs]
            if subject:
                clause.speaker, clause.speaker_frame = subject[0], "reports"
        if clause.speaker is None and clause.piece.joint == ":":
            self._colon(clause, table)
        if clause.speaker is None:
            held = self._quote_speaker(clause)
            if held is not None:
                clause.speaker, clause.speaker_frame = held, "quote"
                mine = table.setdefault(
                    held.name or "", Candidate(held.name, held.actor, held.party, kind=held.kind)
                )
                mine.signs.add("quote-speaker")
        if clause.speaker is not None and clause.speaker.name in table:
            table[clause.speaker.name].signs |= {"speaker", f"speaker-{clause.speaker_frame}"}

    def _colon(self, clause: Clause, table: dict[str, Candidate]) -> None:
        """Joris: ze modderen door. The words before a colon name the speaker."""
        before = self.previous
        if before is None or before.sentence != clause.sentence:
            return
        held = before.speaker or (before.subject[0] if before.subject else None)
        if held is not None and held.name:
            mine = table.setdefault(
                held.name, Candidate(held.name, held.actor, held.party, kind=held.kind)
            )
            mine.signs.add("colon-speaker")
            clause.speaker, clause.speaker_frame = mine, "colon"

    def _reports(self, clause: Clause) -> bool:
        if clause.verb < 0:
            return False
        tags = self.pack.tags(self.words.lower[clause.verb])
        if "report" in tags:
            return True
        if self.words.lower[clause.verb] in ("heeft", "hebben", "had", "hadden", "liet", "laat", "laten"):
            return any(
                "report" in self.pack.tags(self.words.lower[k])
                for k in range(clause.verb + 1, min(clause.piece.j, clause.verb + 9))
            )
        return False

    def _carry(self, clause: Clause, table: dict[str, Candidate], siblings: list[Mention]) -> None:
        """Actors from around the clause: the clause before, the sentence, the report."""
        previous = self.previous
        if previous is not None:
            same = previous.sentence == clause.sentence
            for held in previous.subject:
                self._carried(table, held, "before-same" if same else "before")
            if previous.speaker is not None:
                self._carried(table, previous.speaker, "spoke-same" if same else "spoke")
        for mention in siblings:
            if mention.actor is not None:
                found = _candidate(mention.actor, "sibling")
                place = "sibling-left" if mention.i < clause.piece.i else "sibling-right"
                self._carried(table, found, place)
        for rank, actor in enumerate(self.memory.subjects[:2]):
            self._carried(table, _candidate(actor, "topic"), "topic")
            self._carried(table, _candidate(actor, "topic"), f"topic{rank}")
        if clause.quote >= 0 and clause.speaker is None:
            for actor, count in self.cast.count.most_common(1):
                if count > 2:
                    self._carried(table, _candidate(actor, "protagonist"), "protagonist")
        if clause.speaker is not None:
            party = self.registry.party(clause.speaker.party)
            if party is not None:
                self._carried(table, _candidate(party, "speaker-party"), "speaker-party")

    def _carried(self, table: dict[str, Candidate], held: Candidate, sign: str) -> None:
        if held.name is None:
            return
        mine = table.get(held.name)
        if mine is None:
            mine = table[held.name] = Candidate(
                held.name, held.actor, held.party, coord=-1, kind=held.kind
            )
            mine.signs.add("carried")
        mine.signs.add(sign)

    def _impersonal(self, clause: Clause) -> set[str]:
        signs = set()
        lower = self.words.lower[clause.piece.i : clause.piece.j]
        if "er" in lower[:6]:
            signs.add("null-er")
        if {"wordt", "worden", "werd", "werden"} & set(lower):
            signs.add("null-passive")
        if not clause.mentions:
            signs.add("null-nobody")
        if not clause.subject:
            signs.add("null-nosubject")
        return signs

    def _remember(self, clause: Clause) -> None:
        self.memory.clock += 1
        chains: dict[int, list[Actor]] = {}
        for mention in clause.mentions:
            if mention.actor is not None and mention.kind not in ("country", "place", "opener"):
                subject = any(c.actor is mention.actor for c in clause.subject)
                self.memory.note(mention.actor, subject)
                if mention.coord >= 0:
                    chains.setdefault(mention.coord, []).append(mention.actor)
        for held in clause.subject:
            if held.actor is not None and "via-pronoun" in held.signs:
                if "rank0" in held.signs:
                    self.memory.note(held.actor, True)
        for members in chains.values():
            self.memory.groups.insert(0, tuple(members))
            del self.memory.groups[4:]
        for mention in clause.mentions:
            if mention.actor is not None and mention.kind not in ("place", "opener"):
                self.named = mention.actor
        self.memory.settle()
        if clause.quote >= 0 and clause.speaker is not None:
            self.memory.speakers.setdefault(clause.quote, clause.speaker)


def _candidate(actor: Actor, kind: str) -> Candidate:
    return Candidate(actor.name, actor, actor.party, kind=kind)

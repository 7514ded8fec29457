"""Clauses resolved: their verb, subject and speaker, and the candidates for their actor.

Each clause gets a short list of candidates with the signs that speak for or against each of
them; the weights (weights.json) decide among them.
"""

from __future__ import annotations

from treves.reading.cast import looks_plural
from treves.reading.clauses import Piece, cues_of, surely
from treves.reading.meanings import (
    OPPOSED,
    Candidate,
    Clause,
    Meanings,
    candidate_of,
    together,
)
from treves.reading.mentions import Mention
from treves.reading.registry import Actor

ELLIPTIC = frozenset(("person", "party", "body", "org", "country", "name"))
# Kinds of mentions that may stand for several people without a name.
PLURALS = frozenset(("noun", "anon", "group", "phrase"))
PASSIVE = frozenset(("wordt", "worden", "werd", "werden"))
# Number of the co-ordination that an ellipsis makes: above those that a sentence numbers itself.
ELLIPSIS = 1000


class Resolver(Meanings):
    """Walks the clauses of a report in order and lists the candidates of each."""

    def resolve(self, clause: Clause, siblings: list[Mention]) -> None:
        """Fill in the verb, speaker, candidates and subject of a clause."""
        clause.verb = self._verb(clause.piece)
        clause.quote = self._quote(clause.piece)
        table: dict[str, Candidate] = {}
        clause.mentions = self._with_phrases(clause)
        subject = self._relative_subject(clause) or self._subject(clause)
        shared = self._elliptic(clause, subject)
        said = clause.piece.said or (-1, -1)
        ordered = sorted(
            enumerate(clause.mentions), key=lambda pair: not said[0] <= pair[1].i < said[1]
        )
        for order, mention in ordered:
            signs = self._place(clause, mention, order, mention is subject)
            if subject is not None and mention.coord >= 0 and mention.coord == subject.coord:
                signs.add("subject")
            if mention.i in shared:
                signs.add(shared[mention.i])
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
        self._remember_plural(clause, subject)
        self.previous = clause

    def _relative_subject(self, clause: Clause) -> Mention | None:
        """(Rutte,) die (het plan van D66 steunt): the word stands for those it follows."""
        i = clause.piece.i
        if not clause.piece.relative or self.previous is None or not self.previous.subject:
            return None
        opener = Mention(i, i + 1, "relative", head=self.words.lower[i])
        clause.mentions = [opener, *(m for m in clause.mentions if m.i != i)]
        return opener

    def _with_phrases(self, clause: Clause) -> list[Mention]:
        """Add plain noun phrases where an actor is due: before the verb, and after zegt."""
        piece, verb = clause.piece, clause.verb
        taken = {k for m in clause.mentions for k in range(m.i, m.j)}
        found: list[Mention] = []
        if verb > piece.i and not piece.relative:
            found += self._phrase_ending(verb - 1, piece.i, taken)
        if not found:
            found += self._phrase_opening(piece, taken)
        if piece.said:
            found += self._phrase_starting(piece.said[0] + 1, piece.said[1], taken)
        return sorted(clause.mentions + found, key=lambda m: m.i) if found else clause.mentions

    def _phrase_ending(self, k: int, start: int, taken: set[int]) -> list[Mention]:
        """De oude garde (is): determiner, adjectives, noun, right before the verb."""
        for at in range(k, max(start, k - 3) - 1, -1):
            word = self.words.lower[at]
            if at in taken or not word[0].isalpha() or word in PASSIVE:
                return []
            tags = self.words.tags[at]
            if at < k and "determiners" in tags:
                before = self.words.lower[at - 1] if at > start else ""
                if before in ("van", "uit", "bij") and at - 2 > start:
                    whole = self._phrase_ending(at - 2, start, taken)
                    return [Mention(m.i, k + 1, "phrase", head=m.head) for m in whole]
                if "prepositions" in self.pack.tags(before):
                    return []
                head = self.words.lower[k]
                return [Mention(k, k + 1, "phrase", head=head, plural=looks_plural(head))]
            if tags & {"prepositions", "pronouns", "subordinators", "negation", "fin", "part"}:
                return []
        return []

    def _phrase_opening(self, piece: Piece, taken: set[int]) -> list[Mention]:
        """Een copiloot (die ...); uitgevers (dringen aan); volgens beleggers."""
        i = piece.i + (self.words.lower[piece.i] == "volgens")
        if i >= piece.j or self.words.lower[i] in self.pack.lists["relatives"]:
            return []
        start = i + ("determiners" in self.words.tags[i])
        k = start
        while k < piece.j and k < start + 3 and self._plain(k) and k not in taken:
            k += 1
        if k in (start, piece.j) or (k == start + 3 and self._plain(k)):
            return []
        head = self.words.lower[k - 1]
        plural = looks_plural(head)
        if start == i and not plural:
            return []
        return [Mention(k - 1, k, "phrase", head=head, plural=plural)]

    def _plain(self, k: int) -> bool:
        """A word that no list knows: a noun, or what goes with it."""
        word = self.words.lower[k]
        if not word.isalpha() or self.words.tags[k] or word in PASSIVE:
            return False
        opens = k == 0 or not self.words.words[k - 1][0].isalnum()
        return opens or self.words.words[k].islower()

    def _phrase_starting(self, i: int, j: int, taken: set[int]) -> list[Mention]:
        """(zegt) een parlementslid: determiner and noun in an attribution."""
        if i + 1 < j and self.words.lower[i] == "het":
            i += 2 if self.words.lower[i + 1] in ("bij", "in", "binnen", "uit") else 1
        if i + 1 >= j or "determiners" not in self.words.tags[i]:
            return []
        if any(k in taken for k in range(i, min(j, i + 4))):
            return []
        k = i + 1
        while (
            k + 1 < min(j, i + 4)
            and self.words.words[k + 1].isalpha()
            and not self.words.tags[k + 1]
        ):
            k += 1
        return [Mention(k, k + 1, "phrase", head=self.words.lower[k])]

    def _add(
        self, table: dict[str, Candidate], found: Candidate, signs: set[str], m: Mention
    ) -> None:
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
        if found.group >= 0 and held.group < 0:
            held.group = found.group

    def _verb(self, piece: Piece) -> int:
        stop = piece.said[0] if piece.said and piece.said[0] > piece.i else piece.j
        plural = -1
        for k in piece.own():
            if k >= stop:
                break
            tags = self.words.tags[k]
            if "prepositions" not in tags and ("fin" in tags or surely(self.words, self.pack, k)):
                return k
            if plural < 0 and "inf" in tags and (k == 0 or self.words.lower[k - 1] != "te"):
                if self._follows_several(piece.i, k):
                    return k
                plural = k
        return plural

    def _follows_several(self, i: int, k: int) -> bool:
        """(De) eilandstaten dreigen: only a plural noun stands before it, so it is the verb."""
        start = i + ("determiners" in self.words.tags[i])
        named = all(
            self._plain(at) or "collectives" in self.words.tags[at] for at in range(start, k)
        )
        return start < k <= start + 2 and named and looks_plural(self.words.lower[k - 1])

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
            if mention.kind in ("place",) or mention.head in (
                "haar",
                "hun",
                "zijn",
                "hem",
                "hen",
                "ons",
                "onze",
            ):
                continue
            if self._governor(mention, clause):
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

    def _elliptic(self, clause: Clause, subject: Mention | None) -> dict[int, str]:
        """Who shares a verb without repeating it: *evenals de bond*, *de bank ook*; *de club niet*.

        They are joined to the subject as if co-ordinated with it; their signs, by first token.
        """
        shared: dict[int, str] = {}
        if subject is None or clause.verb < 0:
            return shared
        for m in clause.mentions:
            if m is subject or m.kind not in ELLIPTIC or m.coord == subject.coord >= 0:
                continue
            sign = self._ellipsis(m, clause.piece)
            if sign == "elliptic":
                shared |= {o.i: sign for o in clause.mentions if o is m or o.coord == m.coord >= 0}
            elif sign == OPPOSED:
                shared[m.i] = sign
                # Its niet belongs to nobody else.
                clause.hits = cues_of(self.words, self.pack, clause.piece, m.i)
        if shared:
            number = subject.coord if subject.coord >= 0 else ELLIPSIS
            for m in clause.mentions:
                if m is subject or m.i in shared:
                    m.coord = number
        return shared

    def _ellipsis(self, m: Mention, piece: Piece) -> str:
        """The sign of a mention that shares the verb of another, or nothing."""
        lower, lists = self.words.lower, self.pack.lists
        at = m.i - 1
        while at > piece.i and "determiners" in self.words.tags[at]:
            at -= 1
        before = lower[at] if at >= piece.i else ""
        earlier = lower[at - 1] if at > piece.i else ""
        like = before in ("als", "zoals") and earlier in lists["shares_like"]
        if like or before in lists["shares_before"] or (earlier, before) == (",", "ook"):
            return "elliptic"
        after = lower[m.j : min(m.j + 2, piece.j)]
        ends = len(after) < 2 or not after[1][0].isalnum() or after[1] == "maar"
        if after and ends and before in (",", "en", "maar"):
            if after[0] in lists["shares_after"]:
                return "elliptic"
            if after[0] in lists["shares_not"]:
                return OPPOSED
        return ""

    def _governor(self, m: Mention, clause: Clause) -> str:
        """The preposition that governs a mention; *bij VVD en CDA* is bij for both."""
        chain = (o for o in clause.mentions if o.coord == m.coord)
        return self._before(next(chain, m) if m.coord >= 0 else m, clause.piece.i)

    def _before(self, mention: Mention, start: int) -> str:
        """The preposition just before a mention, or nothing."""
        k = mention.i - 1
        for _ in range(3):
            if k < start:
                return ""
            word = self.words.lower[k]
            tags = self.words.tags[k]
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
        before = self._governor(m, clause)
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
        if m.i > 0 and "determiners" in self.words.tags[m.i - 1]:
            signs.add(f"det-{m.kind}")
        return signs

    def announce(self, quote: int, mention: Mention) -> None:
        """Say beforehand who speaks a quotation."""
        if mention.actor is not None:
            self.answers.pop(quote, None)
            self.memory.speakers.setdefault(quote, candidate_of(mention.actor, mention.kind))

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
        """Femke: dat wordt niets. The words before a colon name the speaker."""
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
        tags = self.words.tags[clause.verb]
        if "report" in tags:
            return True
        if self.words.lower[clause.verb] in (
            "heeft",
            "hebben",
            "had",
            "hadden",
            "liet",
            "laat",
            "laten",
        ):
            return any(
                "report" in self.words.tags[k]
                for k in range(clause.verb + 1, min(clause.piece.j, clause.verb + 9))
            )
        return False

    def _carry(self, clause: Clause, table: dict[str, Candidate], siblings: list[Mention]) -> None:
        """Actors from around the clause: the clause before, the sentence, the report."""
        previous = self.previous
        if previous is not None:
            same = previous.sentence == clause.sentence
            number = self._joint_number(previous.subject)
            for held in previous.subject:
                self._carried(table, held, "before-same" if same else "before", number)
            if previous.speaker is not None:
                self._carried(table, previous.speaker, "spoke-same" if same else "spoke")
        for mention in siblings:
            if mention.actor is not None:
                found = candidate_of(mention.actor, "sibling")
                place = "sibling-left" if mention.i < clause.piece.i else "sibling-right"
                self._carried(table, found, place)
        # Die partijen willen: a group that is known leaves no room for whom the report is about.
        grouped = any(c.group >= 0 and "subject" in c.signs for c in table.values())
        for rank, actor in enumerate(() if grouped else self.memory.subjects[:2]):
            self._carried(table, candidate_of(actor, "topic"), "topic")
            self._carried(table, candidate_of(actor, "topic"), f"topic{rank}")
        if clause.quote >= 0 and clause.speaker is None:
            for actor, count in self.cast.count.most_common(1):
                if count > 2:
                    self._carried(table, candidate_of(actor, "protagonist"), "protagonist")
        if clause.speaker is not None:
            party = self.registry.party(clause.speaker.party)
            if party is not None:
                self._carried(table, candidate_of(party, "speaker-party"), "speaker-party")

    def _joint_number(self, subject: list[Candidate]) -> int:
        """A group number for the subjects of the clause before, where several act as one."""
        if len(subject) < 2 or not all(together(subject[0], other) for other in subject):
            return -1
        self.groups += 1
        return self.groups

    def _carried(
        self, table: dict[str, Candidate], held: Candidate, sign: str, group: int = -1
    ) -> None:
        if held.name is None:
            return
        mine = table.get(held.name)
        if mine is None:
            mine = table[held.name] = Candidate(
                held.name, held.actor, held.party, coord=-1, kind=held.kind
            )
            mine.group = group
            mine.signs.add("carried")
        mine.signs.add(sign)

    def _impersonal(self, clause: Clause) -> set[str]:
        signs = set()
        lower = self.words.lower[clause.piece.i : clause.piece.j]
        if "er" in lower[:6]:
            signs.add("null-er")
        if PASSIVE & set(lower):
            signs.add("null-passive")
        if not clause.mentions:
            signs.add("null-nobody")
        if not clause.subject:
            signs.add("null-nosubject")
        return signs

    def _remember_plural(self, clause: Clause, subject: Mention | None) -> None:
        """De werkgevers ontkennen dat. Zij ...: several people without a name."""
        if subject is None or subject.kind not in PLURALS or any(c.actor for c in clause.subject):
            return
        verb = self.words.lower[clause.verb] if clause.verb >= 0 else ""
        if subject.plural and "fin" not in self.pack.tags(verb):
            named = next((c.name for c in clause.subject if c.name), None)
            if named:
                self.memory.groups.insert(0, (Actor(named, "noun"),))
                del self.memory.groups[4:]

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
            if held.actor is not None and {"via-pronoun", "rank0"} <= held.signs:
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

"""The language pack: word lists, verbs and stance cues as data, compiled once.

A pattern of a cue is written in words a political scientist can read:

- ``van tafel`` words that follow each other; ``*`` alone stands for any one word;
- ``onaanvaardbaar*`` any ending, ``*voorstel`` any beginning;
- ``@eisen`` every form of the verb; ``@af|wijzen`` also when it comes apart (*wijst ... af*);
- ``a/b`` either; ``a + b`` both, in any order, in one clause; ``a + b or c`` the one or the other.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from treves.errors import Problem, SourceError
from treves.reading.text import Words, tokenise
from treves.reading.verbs import Conjugator

LANGUAGES = ("nl",)
ANY = "*"
PARTICLE = "particle "
NO_TAGS: tuple[frozenset[str], tuple[int, ...]] = (frozenset(), ())
MEMO_LIMIT = 200_000
# Lists of words.yaml that are asked for by name and tag no word.
LOOKED_UP = frozenset(
    "abbreviations numbers walls relatives after_are bare_subjects told told_nouns heard "
    "shares_before shares_like shares_after shares_not".split()
)
# Words too frequent to start looking from, where a cue holds another.
EVERYDAY = frozenset("te is zijn wordt er een dat dan om en als ook nog wat heeft hebben".split())
EVERYDAY_TAGS = frozenset(
    "negation modal prepositions determiners openers pronouns coordinators report".split()
)
NEAR = 6
REACH = 9


@dataclass(frozen=True, slots=True)
class Cue:
    """A sign of a stance: what it looks for, what it means, who holds it."""

    id: str
    stance: str
    pattern: str
    also: tuple[str, ...] = ()
    weight: float = 1.0
    holder: str = "subject"
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that was found in a clause, and the tokens that show it."""

    cue: Cue
    tokens: tuple[int, ...]
    negated: bool = False

    @property
    def at(self) -> int:
        """The token where it starts."""
        return self.tokens[0]


Alternative = tuple[str, tuple[int, ...]]
Term = tuple[Alternative, ...]


@dataclass
class Lexicon:
    """Words to tags and pattern atoms; each word form is looked up once and remembered."""

    conjugator: Conjugator
    exact: dict[str, set[int | str]] = field(default_factory=dict)
    prefixes: dict[str, set[int | str]] = field(default_factory=dict)
    suffixes: dict[str, set[int | str]] = field(default_factory=dict)
    atoms: dict[str, int] = field(default_factory=dict)
    particles: set[int] = field(default_factory=set)
    memo: dict[str, tuple[frozenset[str], tuple[int, ...]]] = field(default_factory=dict)

    def add(self, spec: str, mark: int | str) -> None:
        """Give every word that `spec` describes a mark (a tag or the number of an atom)."""
        if spec.startswith("@"):
            forms = self.conjugator.forms(spec[1:])
            for form in forms.fused or forms.base:
                self.exact.setdefault(form, set()).add(mark)
        elif spec.startswith("*") and len(spec) > 1:
            self.suffixes.setdefault(spec[1:], set()).add(mark)
        elif spec.endswith("*") and len(spec) > 1:
            self.prefixes.setdefault(spec[:-1], set()).add(mark)
        else:
            self.exact.setdefault(spec.lower(), set()).add(mark)

    def atom(self, spec: str) -> int:
        """The number of a word pattern; ``~`` in front asks for the base of a parted verb."""
        if spec == ANY:
            return -1
        if spec not in self.atoms:
            self.atoms[spec] = len(self.atoms)
            if spec.startswith(PARTICLE):
                self.add(spec.removeprefix(PARTICLE), self.atoms[spec])
                self.particles.add(self.atoms[spec])
            elif spec.startswith("~"):
                for form in self.conjugator.forms(spec[1:]).base:
                    self.exact.setdefault(form, set()).add(self.atoms[spec])
            else:
                self.add(spec, self.atoms[spec])
        return self.atoms[spec]

    def look(self, word: str) -> tuple[frozenset[str], tuple[int, ...]]:
        """Tags and atoms of a lower-case word."""
        found = self.memo.get(word)
        if found is None:
            if len(self.memo) > MEMO_LIMIT:
                self.memo.clear()
            found = self._look(word)
            self.memo[word] = found
        return found

    def _look(self, word: str) -> tuple[frozenset[str], tuple[int, ...]]:
        marks: set[int | str] = set(self.exact.get(word, ()))
        if len(word) > 40:
            word = word[:40]
        for k in range(2, len(word) + 1):
            marks |= self.prefixes.get(word[:k], set())
        for k in range(1, len(word)):
            marks |= self.suffixes.get(word[k:], set())
        if not marks:
            return NO_TAGS
        tags = frozenset(mark for mark in marks if isinstance(mark, str))
        return tags, tuple(mark for mark in marks if isinstance(mark, int))


@dataclass(frozen=True)
class Pack:
    """Everything the reader knows about a language."""

    lang: str
    lexicon: Lexicon
    cues: tuple[Cue, ...]
    abbreviations: frozenset[str]
    lists: Mapping[str, frozenset[str]]
    numbers: Mapping[str, float]
    issues: Lexicon
    triggers: Mapping[int, tuple[int, ...]]
    terms: tuple[tuple[Term, ...], ...]
    owners: tuple[Cue, ...]

    @classmethod
    def load(cls, lang: str) -> Pack:
        """The pack of a language; a SourceError names those there are."""
        if lang not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise SourceError(
                [Problem(f"there is no language pack for '{lang}'", f"a text in: {known}")]
            )
        return _compiled(lang)

    def tokenise(self, text: str) -> Words:
        """The tokens of a text, with their tags."""
        words = tokenise(text)
        words.tags = [self.tags(word) for word in words.lower]
        return words

    def tags(self, word: str) -> frozenset[str]:
        """Tags of a lower-case word."""
        found = self.lexicon.memo.get(word)
        return (found or self.lexicon.look(word))[0]

    def hits(self, words: Sequence[str], i: int, j: int, whole: bool = False) -> list[Hit]:
        """Cues that hold in the tokens i to j of a lower-cased text.

        A cue that is only a part of another is left out, unless `whole` asks for all.
        """
        look, memo = self.lexicon.look, self.lexicon.memo.get
        places: dict[int, list[int]] = {}
        particles = self.lexicon.particles
        looked = [memo(word) or look(word) for word in words[i : j + 1]]
        nots = set()
        for k, (tags, atoms) in enumerate(looked[: j - i], i):
            if "negation" in tags:
                nots.add(k)
            if not atoms:
                continue
            after = looked[k + 1 - i][0] if k + 1 < j else NO_TAGS[0]
            governs = "determiners" in after and "subordinators" not in after
            for atom in atoms:
                if not (governs and atom in particles):
                    places.setdefault(atom, []).append(k)
        found: list[Hit] = []
        owners: set[str] = set()
        # In the order of the pack: the order of a set of words differs from run to run.
        for number in sorted({n for atom in places for n in self.triggers.get(atom, ())}):
            if self.owners[number].id in owners:
                continue
            tokens = self._holds(number, places)
            if tokens:
                owners.add(self.owners[number].id)
                found.append(Hit(self.owners[number], tokens))
        kept = found if whole else _without_parts(found, nots)
        return self._negate(words, kept, nots) if nots else kept

    def _holds(self, number: int, places: dict[int, list[int]]) -> tuple[int, ...]:
        tokens: list[int] = []
        for term in self.terms[number]:
            for kind, atoms in term:
                # Most alternatives fail here, so it is asked before the call.
                held = atoms[0] in places and _place(kind, atoms, places)
                if held:
                    tokens += held
                    break
            else:
                return ()
        spread = max(tokens) - min(tokens)
        return tuple(tokens) if spread <= REACH or len(self.terms[number]) == 1 else ()

    def _negate(self, words: Sequence[str], hits: list[Hit], nots: set[int]) -> list[Hit]:
        """Mark the cues that stand near a negation which is no part of them, nor behind a wall."""
        free = nots - {token for hit in hits for token in hit.tokens}
        if not free or not hits:
            return hits
        walls = self.lists["walls"]
        return [
            Hit(
                hit.cue,
                hit.tokens,
                any(_reaches(words, k, t, walls) for k in free for t in hit.tokens),
            )
            for hit in hits
        ]


def _reaches(words: Sequence[str], k: int, t: int, walls: Collection[str]) -> bool:
    """Whether a negation at k reaches a word at t: niet eens, but not in dat het niet kan."""
    if abs(k - t) > NEAR:
        return False
    return not any(words[w] in walls for w in range(min(k, t) + 1, max(k, t)))


def _without_parts(hits: list[Hit], nots: set[int]) -> list[Hit]:
    """Leave out a cue that is only a part of another, or whose words another denies.

    Niet akkoord is no akkoord; gaan niet akkoord is no gaan akkoord either.
    """
    sets = [frozenset(hit.tokens) for hit in hits]
    kept = []
    for hit, own in zip(hits, sets, strict=True):
        for held, other in zip(hits, sets, strict=True):
            denied = other & nots and not own & nots and own & other
            if held.cue.stance != hit.cue.stance and (own < other or denied):
                break
        else:
            kept.append(hit)
    return kept


def _place(kind: str, atoms: tuple[int, ...], places: dict[int, list[int]]) -> tuple[int, ...]:
    """The tokens of an alternative, or nothing."""
    held = places[atoms[0]]
    if kind == "word":
        return (held[0],)
    if kind == "parted":
        particle = places.get(atoms[1])
        return (held[0], particle[-1]) if particle and particle[-1] > held[0] else ()
    for at in held:
        if all(a < 0 or at + n in places.get(a, ()) for n, a in enumerate(atoms)):
            return tuple(range(at, at + len(atoms)))
    return ()


def read_data(lang: str, name: str) -> Any:
    """One data file of a language pack."""
    file = resources.files("treves.reading") / "languages" / lang / name
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=4)
def _compiled(lang: str) -> Pack:
    verbs = read_data(lang, "verbs.yaml")
    lexicon = Lexicon(Conjugator.of(verbs["strong"]))
    lists = {
        name: frozenset(str(text).split()) for name, text in read_data(lang, "words.yaml").items()
    }
    for name, specs in lists.items():
        if name not in LOOKED_UP:
            for spec in specs:
                lexicon.add(spec.replace("_", " "), name)
                _mark_base(lexicon, spec, name)
    cues = load_cues(lang)
    variants = [(cue, part) for cue in cues for part in cue.pattern.split(" or ")]
    terms = tuple(_terms(part, lexicon) for _, part in variants)
    _mark_finite(lexicon, verbs, lists, cues)
    return Pack(
        lang,
        lexicon,
        cues,
        lists["abbreviations"],
        lists,
        {k: float(v) for k, _, v in (item.partition("=") for item in lists["numbers"])},
        _issues(lang, lexicon.conjugator),
        _triggers(terms, lexicon),
        terms,
        tuple(cue for cue, _ in variants),
    )


def load_cues(lang: str) -> tuple[Cue, ...]:
    """The cues of a language as they stand in cues.yaml."""
    return tuple(
        Cue(
            str(entry["id"]),
            str(entry["stance"]),
            str(entry["pattern"]),
            tuple(entry.get("also", ())),
            float(entry.get("weight", 1.0)),
            str(entry.get("holder", "subject")),
            tuple(entry.get("yes", ())),
            tuple(entry.get("no", ())),
        )
        for entry in read_data(lang, "cues.yaml")
    )


def _issues(lang: str, conjugator: Conjugator) -> Lexicon:
    lexicon = Lexicon(conjugator)
    for id_, words in read_data(lang, "issues.yaml").items():
        for word in str(words).split():
            lexicon.add(word, str(id_))
    return lexicon


def _mark_base(lexicon: Lexicon, spec: str, name: str) -> None:
    """A parted verb is also known by its bare forms, more weakly: tag with a question mark."""
    if spec.startswith("@") and "|" in spec:
        for form in lexicon.conjugator.forms(spec[1:]).base:
            lexicon.exact.setdefault(form, set()).add(name + "?")


def _terms(pattern: str, lexicon: Lexicon) -> tuple[Term, ...]:
    return tuple(
        tuple(alt for text in part.split("/") for alt in _alternatives(text.strip(), lexicon))
        for part in pattern.split(" + ")
    )


def _alternatives(text: str, lexicon: Lexicon) -> Iterable[Alternative]:
    words = text.split()
    if len(words) > 1:
        yield "phrase", tuple(lexicon.atom(word) for word in words)
        return
    yield "word", (lexicon.atom(text),)
    if text.startswith("@") and "|" in text:
        particle = text[1:].partition("|")[0]
        yield "parted", (lexicon.atom("~" + text[1:]), lexicon.atom(PARTICLE + particle))


def _triggers(terms: tuple[tuple[Term, ...], ...], lexicon: Lexicon) -> dict[int, tuple[int, ...]]:
    """Which cues to look at when an atom is seen: for each cue the term that is rarest."""
    common = _common(terms, lexicon)
    index: dict[int, list[int]] = {}
    for number, parts in enumerate(terms):
        keys = [[min(_known(atoms), key=common.__getitem__) for _, atoms in t] for t in parts]
        for key in min(keys, key=lambda held: sum(common[atom] for atom in held)):
            index.setdefault(key, []).append(number)
    return {atom: tuple(dict.fromkeys(numbers)) for atom, numbers in index.items()}


def _common(terms: tuple[tuple[Term, ...], ...], lexicon: Lexicon) -> dict[int, int]:
    """How common the words of each atom are, going by how many cues use them."""
    uses = Counter(a for parts in terms for t in parts for _, atoms in t for a in _known(atoms))
    common = dict(uses)
    for word, marks in lexicon.exact.items():
        held = [mark for mark in marks if isinstance(mark, int) and mark in uses]
        everyday = word in EVERYDAY or not EVERYDAY_TAGS.isdisjoint(marks)
        use = sum(uses[mark] for mark in held) + everyday * len(terms)
        common.update((mark, max(common[mark], use)) for mark in held)
    return common


def _known(atoms: tuple[int, ...]) -> list[int]:
    return [atom for atom in atoms if atom >= 0]


def _mark_finite(
    lexicon: Lexicon,
    verbs: Mapping[str, str],
    lists: Mapping[str, frozenset[str]],
    cues: tuple[Cue, ...],
) -> None:
    """Tag the forms of every known verb: `fin` surely finite, `inf` plural or infinitive."""
    names = set(str(verbs["regular"]).split()) | set(lexicon.conjugator.strong)
    names |= {spec[1:] for specs in lists.values() for spec in specs if spec.startswith("@")}
    for cue in cues:
        for part in cue.pattern.replace("+", " ").replace("/", " ").split():
            if part.startswith("@"):
                names.add(part[1:])
    nouns = set(str(verbs.get("nouns", "")).split())
    for name in names:
        forms = lexicon.conjugator.forms(name)
        # Ik eis, ik plan: the first person of a regular verb is more often a noun.
        doubtful = nouns | lexicon.conjugator.first_person(name)
        groups = (
            ("fin", forms.single),
            ("inf", forms.plural),
            ("part", forms.other),
            ("past", forms.past),
        )
        for tag, group in groups:
            for form in group:
                if form not in doubtful:
                    lexicon.exact.setdefault(form, set()).add(tag)
                elif tag == "fin":
                    lexicon.exact.setdefault(form, set()).add("noun?")
                if forms.particle and forms.particle + form not in nouns:
                    lexicon.exact.setdefault(forms.particle + form, set()).add(tag)

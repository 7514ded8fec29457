"""Sentences cut into clauses, with the words that say who said it kept apart.

No parser: joints are marks, joining words and finite verbs. A clause keeps its attribution
(", zegt X") inside its span, because that is where an analyst looks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from treves.reading.pack import Hit, Pack
from treves.reading.text import Words

OPENERS = frozenset("'\"“„«‘,,") | {",,"}
CLOSERS = frozenset("'\"”“»’") | {"''"}
SOFT = frozenset((",", ";", ":", "-", "–", "—", "(", ")"))
SHORT = 14
WHO = frozenset(("roles", "titles", "parties", "anonymous", "collectives"))
ARE_TAGS = frozenset(("prepositions", "negation", "pronouns"))
# Words without a verb, before a clause that interrupts them.
HEAD = 14


@dataclass(slots=True)
class Piece:
    """Tokens i to j of a sentence; ``attribution`` when they only say who speaks.

    ``inner`` is a clause within it that has a verb of its own (*Rutte, die twijfelt, wil*);
    ``relative`` is such a clause itself, where it opens with a word for those before it.
    """

    i: int
    j: int
    attribution: bool = False
    joint: str = ""
    said: tuple[int, int] | None = None
    subordinate: bool = False
    inner: tuple[int, int] | None = None
    relative: bool = False

    def own(self) -> list[int]:
        """The tokens of the clause itself, without those of a clause within it."""
        if self.inner is None or self.inner[1] >= self.j:
            return list(range(self.i, self.j))
        return [*range(self.i, self.inner[0]), *range(self.inner[1], self.j)]


def cut(words: Words, pack: Pack, first: int, last: int) -> list[Piece]:
    """Cut a sentence into clauses; each has its own finite verb or is a quotation."""
    pieces = _pieces(words, pack, first, last)
    for piece in pieces:
        piece.attribution = is_attribution(words, pack, piece)
    return _join(words, pack, pieces)


def cues_of(words: Words, pack: Pack, piece: Piece, stop: int) -> list[Hit]:
    """Cues of a clause up to a token, without those of a clause within it."""
    own = set(piece.own())
    return [hit for hit in pack.hits(words.lower, piece.i, stop) if hit.at in own]


def surely(words: Words, pack: Pack, k: int) -> bool:
    """Whether a finite verb stands at k: by its form, or where only a verb can stand."""
    tags = words.tags[k]
    if "fin" in tags:
        return not _noun_use(words, k)
    if "noun?" in tags:
        if k + 1 < len(words.lower) and words.lower[k + 1] in pack.lists["bare_subjects"]:
            return True
        if k == 0 or words.words[k][0].isupper():
            return False
        before = words.tags[k - 1]
        named = words.words[k - 1][0].isupper() and "openers" not in before
        if k > 1 and words.lower[k - 2 : k] == [",", "en"] and k + 1 < len(words.lower):
            return words.words[k + 1][0].isupper()
        bare = words.lower[k - 1] in pack.lists["bare_subjects"]
        return bare or named or bool(before & WHO)
    return is_are(words, pack, k)


def is_are(words: Words, pack: Pack, k: int) -> bool:
    """Whether *zijn* is the verb: no possessive stands before these words."""
    if words.lower[k] != "zijn" or k + 1 >= len(words.lower):
        return False
    tags = words.tags[k + 1]
    if words.lower[k + 1] in pack.lists["after_are"] or tags & ARE_TAGS:
        return k == 0 or words.lower[k - 1] not in ("te", "om", "aan")
    return False


def finite(words: Words, pack: Pack, i: int, j: int) -> bool:
    """Whether a finite verb stands in the tokens: surely so, or a plural that follows no te."""
    for k in range(i, j):
        tags = words.tags[k]
        if surely(words, pack, k):
            return True
        if "inf" in tags and (k == i or words.lower[k - 1] not in ("te", "om")):
            if _noun_use(words, k):
                continue
            before = words.tags[k - 1] if k > i else frozenset()
            if k == i or "modal" not in before:
                return True
    return False


def _noun_use(words: Words, k: int) -> bool:
    """Het werk, een vraag: a determiner just before makes it a noun."""
    if k == 0:
        return False
    before = words.lower[k - 1]
    if before in ("het", "dat", "die", "zijn", "haar", "geen", "alle", "beide"):
        return before in ("geen",)
    return before in ("de", "een", "deze", "dit", "elke", "ieder", "hun", "onze") and (
        "modal" not in words.tags[k]
    )


def _pieces(words: Words, pack: Pack, first: int, last: int) -> list[Piece]:
    pieces: list[Piece] = []
    start, joint = first, ""
    k = first
    while k < last:
        step = _joint(words, pack, start, k, last)
        if step:
            end = k
            if end > start:
                pieces.append(Piece(start, end, joint=joint))
            start, joint = k + step, words.lower[k]
            k = start
        else:
            k += 1
    if start < last:
        pieces.append(Piece(start, last, joint=joint))
    return pieces


def _joint(words: Words, pack: Pack, start: int, k: int, last: int) -> int:
    """How many tokens of a joint begin at k; 0 when the sentence goes on."""
    word = words.lower[k]
    if k == start or k + 1 >= last:
        return 0
    if word == ";":
        return 1
    if word in (":", "-", "–", "—"):
        tight = words.starts[k] == words.ends[k - 1] and word != ":"
        return 0 if tight or last - k < 4 else 1
    if word == ",":
        return _comma(words, pack, start, k, last)
    if word in ("en", "maar", "of", "want", "dus", "doch") and words.lower[k - 1] != ",":
        return int(_new_clause(words, pack, start, k + 1, last))
    closing = word in CLOSERS and words.quote[k] >= 0 and words.quote[k + 1] != words.quote[k]
    if closing and words.lower[k + 1] not in (",", "."):
        tags = words.tags[k + 1]
        return 1 if "report" in tags and _verb_first(words, k + 1, last) else 0
    return 0


def _comma(words: Words, pack: Pack, start: int, k: int, last: int) -> int:
    nxt, tags = words.lower[k + 1], words.tags[k + 1]
    if nxt in OPENERS and k + 2 < last:
        nxt, tags = words.lower[k + 2], words.tags[k + 2]
    if "splitters" in tags and nxt not in ("en", "of"):
        return 1
    if nxt in ("en", "of"):
        return 1 if finite(words, pack, k + 2, min(last, k + 12)) else 0
    if "fin" in tags or "inf" in tags or nxt in ("aldus", "zo", "volgens", "klinkt"):
        return 1
    if "bare" in tags or "pronouns" in tags:
        return 1 if finite(words, pack, k + 2, min(last, k + 8)) else 0
    if "subordinators" in tags:
        return 1
    return 1 if _new_clause(words, pack, start, k + 1, last) else 0


def _new_clause(words: Words, pack: Pack, start: int, k: int, last: int) -> bool:
    """After a joining word: does a clause of its own begin at k, and is one complete before?"""
    if k >= last or not _begins(words, pack, start, k, last):
        return False
    # Dat huurders en kopers betalen: what began last must have its verb before another begins.
    opened = max((at for at in range(start, k) if words.lower[at] == "dat"), default=start)
    return finite(words, pack, opened, k - 1)


def _begins(words: Words, pack: Pack, start: int, k: int, last: int) -> bool:
    """Whether the words from k on look like a clause: a verb is near."""
    nxt = words.tags[k]
    if "fin" in nxt:
        return True
    if words.lower[k] in ("dat", "hoe", "waarom", "wie", "om", "als", "die", "daar", "toch", "dan"):
        return True
    if "inf" in nxt:
        return _plural_head(words, start, k)
    stop = k
    while stop < last and words.lower[stop] not in SOFT and stop < k + 7:
        stop += 1
    if _plural_subject(words, pack, k, stop):
        return True
    return any(
        surely(words, pack, at) and words.lower[at - 1] not in ("te", "om")
        for at in range(k + 1, stop)
    )


def _plural_subject(words: Words, pack: Pack, k: int, stop: int) -> bool:
    """(en) andere bronnen zeggen, Visser en Bakker zijn: several people, then a plural verb."""
    for at in range(k + 3, min(stop, k + 8)):
        if not ("inf" in words.tags[at] or is_are(words, pack, at)):
            continue
        named = [m for m in range(k, at) if words.words[m][0].isupper()]
        if len(named) >= 2 and "en" in words.lower[k + 1 : at] and named[-1] == at - 1:
            return not _noun_use(words, at)
    for at in range(k + 1, min(stop, k + 4)):
        before = words.tags[at - 1]
        if "inf" in words.tags[at] and before & {"anonymous", "parties", "collectives"}:
            return not _noun_use(words, at)
    return False


def _plural_head(words: Words, start: int, k: int) -> bool:
    """Whether the clause so far is led by a plural verb, so that a second may follow en."""
    for at in range(start, k):
        tags = words.tags[at]
        if "fin" in tags:
            return False
        if "inf" in tags:
            return "modal" not in tags
    return False


def _verb_first(words: Words, k: int, last: int) -> bool:
    return bool(words.tags[k] & {"fin", "inf"}) and last - k >= 2


def is_attribution(words: Words, pack: Pack, piece: Piece) -> bool:
    """ ", zegt X", "aldus X", "zo blijkt": a piece that only says whose words these are."""
    i, j = piece.i, piece.j
    while j > i and not words.words[j - 1][0].isalnum():
        j -= 1
    if (
        j - i < 1
        or j - i > SHORT
        or piece.joint not in (",", "'", '"', "”", "’", "''", "»", "-", "–")
    ):
        return False
    k = i
    while k + 1 < j and words.lower[k] in CLOSERS:
        k += 1
    if words.lower[k] == "zo" and k + 1 < j:
        return bool(words.tags[k + 1] & {"fin", "inf"})
    if words.lower[k] in ("aldus", "volgens", "luidt", "naar"):
        return j - k <= 7
    if _told(pack, words.lower[k:j]):
        return True
    tags = words.tags[k]
    if not tags & {"report", "report?"} or not tags & {"fin", "inf"}:
        return False
    rest = words.lower[k + 1 : j]
    if "dat" in rest[:6] or "niet" in rest:
        return False
    return bool(rest) or words.lower[k] in ("klinkt", "luidt")


def _told(pack: Pack, lower: list[str]) -> bool:
    """Valt te horen bij X; is de vrees; heeft de bond laten weten."""
    if len(lower) < 3 or "dat" in lower:
        return False
    if (
        lower[0] in ("is", "valt", "was", "viel")
        and "te" in lower
        and pack.lists["heard"] & set(lower)
    ):
        return True
    if lower[0] in ("is", "luidt", "was", "luidde", "leeft", "klinkt", "heerst"):
        return bool(pack.lists["told_nouns"] & set(lower[2:])) and "niet" not in lower
    return lower[0] in ("heeft", "hebben", "had", "hadden", "liet", "lieten", "laat", "laten") and (
        lower[-2 if lower[-1] in (".", ",") else -1] in pack.lists["told"]
    )


def _join(words: Words, pack: Pack, pieces: list[Piece]) -> list[Piece]:
    """Put pieces without a verb of their own back, and attributions beside what they attribute."""
    out: list[Piece] = []
    for piece in pieces:
        if not out:
            out.append(piece)
            continue
        last = out[-1]
        if _interrupts(words, pack, last, piece):
            last.inner = (piece.i, piece.j)
            last.j = piece.j
        elif _goes_on(words, pack, last, piece):
            last.j = piece.j
        elif piece.attribution:
            last.said = (piece.i, piece.j)
            last.j = piece.j
        elif _resumes(words, pack, last, piece) or _completes(words, pack, last, piece):
            last.j = piece.j
        else:
            out.append(piece)
    for at in range(len(out) - 1, -1, -1):
        piece = out[at]
        if piece.inner and piece.inner[1] < piece.j:
            opener = words.lower[piece.inner[0]]
            relative = opener in ("die", "dat", "wie")
            out.insert(at + 1, Piece(*piece.inner, joint=",", relative=relative))
    for piece in out:
        piece.subordinate = "subordinators" in words.tags[piece.i]
    return out


def _interrupts(words: Words, pack: Pack, last: Piece, piece: Piece) -> bool:
    """Rutte, die twijfelt: a relative clause after words that have no verb yet."""
    return (
        piece.joint == ","
        and not last.said
        and last.inner is None
        and last.j - last.i <= HEAD
        and words.lower[piece.i] in pack.lists["relatives"]
        and not finite(words, pack, last.i, last.j)
        and finite(words, pack, piece.i + 1, piece.j)
        and not (piece.j - piece.i > 3 and surely(words, pack, piece.i + 1))
    )


def _goes_on(words: Words, pack: Pack, last: Piece, piece: Piece) -> bool:
    """(Rutte, die twijfelt,) wil uitstel: the verb of the words before the interruption."""
    if piece.joint != "," or last.said or not words.tags[piece.i] & {"fin", "inf"}:
        return False
    stop = last.inner[0] if last.inner else last.j
    if last.inner[1] != last.j if last.inner else piece.attribution:
        return False
    return stop - last.i <= HEAD and not finite(words, pack, last.i, stop)


def _resumes(words: Words, pack: Pack, last: Piece, piece: Piece) -> bool:
    """De partijen zijn er, aldus een bron, bijna uit: the clause resumes."""
    if not last.said or last.said[1] != last.j or piece.joint not in (",", "-", "–"):
        return False
    if "splitters" in words.tags[piece.i] or words.lower[piece.i] in OPENERS:
        return False
    own = finite(words, pack, piece.i, piece.j)
    before = finite(words, pack, last.i, last.said[0])
    return not own or not before


def _completes(words: Words, pack: Pack, last: Piece, piece: Piece) -> bool:
    if piece.joint == ";":
        return False
    has_verb = finite(words, pack, piece.i, piece.j)
    if piece.joint in (":", "-", "–", "—"):
        return not has_verb and piece.j - piece.i < 4
    first = words.tags[piece.i]
    opens = last.i
    while opens + 1 < last.j and words.lower[opens] in OPENERS:
        opens += 1
    opening = words.lower[opens]
    dependent = (
        "subordinators" in words.tags[opens]
        or opening in ("dat", "hoe")
        or ("fin" in words.tags[opens] and last.joint != ",")
    )
    if dependent and (first & {"fin", "inf", "noun?"} or words.lower[piece.i] == "dan"):
        return not last.said and opening not in ("die", "maar", "want", "en")
    if not has_verb:
        return True
    return not finite(words, pack, last.i, last.j) and not last.said and last.j - last.i < 7

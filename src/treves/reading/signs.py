"""The signs of a clause: what stands in it, as short strings that the weights know."""

from __future__ import annotations

from treves.reading.pack import Hit, Pack
from treves.reading.resolve import Candidate, Clause
from treves.reading.text import Words

STOP_KINDS = frozenset(("determiners",))


def clause_signs(words: Words, pack: Pack, clause: Clause, place: float) -> set[str]:
    """Signs of the clause as a whole: marks, words, cues, where it stands in the report."""
    piece = clause.piece
    lower = words.lower[piece.i : piece.j]
    signs = {f"joint={piece.joint}", f"size={min(8, (piece.j - piece.i) // 3)}"}
    signs.add("place=" + ("early" if place < 0.15 else "late" if place > 0.85 else "middle"))
    if clause.verb < 0:
        signs.add("no-verb")
    else:
        signs.add("verb=" + words.lower[clause.verb])
    if piece.subordinate:
        signs.add("subordinate")
        signs.add("opens=" + words.lower[piece.i])
    signs.add("speaker=" + (clause.speaker_frame or "none"))
    if clause.quote >= 0:
        signs.add("quoted")
    if words.words[piece.j - 1] == "?" or (piece.j < len(words.words) and words.words[piece.j] == "?"):
        signs.add("question")
    people = sum(m.kind in ("person", "party") for m in clause.mentions)
    signs.add(f"named={min(people, 3)}")
    signs.add(f"mentions={min(len(clause.mentions), 4)}")
    signs |= _tags(pack, lower)
    signs |= _cues(clause.hits, signs)
    mask = [False] * (piece.j - piece.i)
    for mention in clause.mentions:
        for k in range(max(mention.i, piece.i), min(mention.j, piece.j)):
            mask[k - piece.i] = words.words[k][0].isupper()
    signs |= {f"w={_stem(word)}" for word, named in zip(lower, mask, strict=True) if not named and word.isalpha()}
    return signs


def _stem(word: str) -> str:
    return word if len(word) <= 7 else word[:7]


def _tags(pack: Pack, lower: list[str]) -> set[str]:
    signs = set()
    for word in lower:
        tags = pack.tags(word)
        for tag in ("negation", "hedge", "denial", "hearsay", "conditionals", "report", "modal"):
            if tag in tags:
                signs.add("has-" + tag)
        if word[0].isdigit():
            signs.add("has-number")
    return signs


def _cues(hits: list[Hit], signs: set[str]) -> set[str]:
    out = {f"cues={min(len(hits), 4)}"}
    negated = "has-negation" in signs
    sums: dict[str, float] = {}
    for hit in hits:
        cue = hit.cue
        out.add("cue=" + cue.id)
        if negated:
            out.add(f"not-cue={cue.stance}")
        sums[cue.stance] = sums.get(cue.stance, 0.0) + cue.weight
        for other in cue.also:
            sums[other] = sums.get(other, 0.0) + cue.weight / 3
    for stance, weight in sums.items():
        out.add(f"for={stance}")
        if weight >= 0.8:
            out.add(f"strong={stance}")
    if sums:
        out.add("best=" + max(sums, key=lambda stance: (sums[stance], stance)))
    return out


def actor_signs(clause: Clause, candidate: Candidate) -> set[str]:
    """Signs for the question: does this clause carry a claim of this actor?"""
    own = candidate.signs
    signs = {"a:" + sign for sign in own}
    signs.add("a:kind=" + candidate.kind)
    role = role_of(candidate)
    signs.add("a:role=" + role)
    base = clause.signs
    for sign in base:
        if not sign.startswith(("w=", "verb=")):
            signs.add("c:" + sign)
    for sign in ("quoted", "subordinate", "no-verb", "question"):
        if sign in base:
            signs.add(f"{role}&{sign}")
    frame = clause.speaker_frame or "none"
    signs.add(f"{role}&speaker={frame}")
    signs.add(f"{role}&cues={min(len(clause.hits), 2)}")
    has_subject = "subj" if clause.subject else "nosubj"
    signs.add(f"{role}&{has_subject}")
    if candidate.kind == "pron" or "via-pronoun" in own:
        signs.add(f"{role}&via")
    for sign in own:
        if sign.startswith("pre=") and sign != "pre=none":
            for hit in clause.hits:
                signs.add(f"{sign}&{hit.cue.stance}")
    return signs


def role_of(candidate: Candidate) -> str:
    """The part a candidate plays in the clause, in one word."""
    own = candidate.signs
    if candidate.name is None:
        return "null"
    if "subject" in own:
        return "subject"
    if "speaker" in own:
        return "speaker"
    if "in-said" in own:
        return "said"
    if "carried" in own:
        for sign in ("before-same", "spoke-same", "before", "spoke", "topic", "speaker-party"):
            if sign in own:
                return sign
        return "around"
    for sign in own:
        if sign.startswith("pre=") and sign != "pre=none":
            return "governed"
    return "other"


def stance_signs(clause: Clause, candidate: Candidate) -> set[str]:
    """Signs for the question: which stance?"""
    role = role_of(candidate)
    signs = set(clause.signs)
    signs.add("role=" + role)
    signs.add("kind=" + candidate.kind)
    for hit in clause.hits:
        signs.add(f"{role}&{hit.cue.stance}")
    return signs

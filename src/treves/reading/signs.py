"""The signs of a clause: what stands in it, as short strings that the weights know."""

from __future__ import annotations

import functools
import itertools

from treves.reading.meanings import Candidate, Clause
from treves.reading.pack import Hit
from treves.reading.text import Words

CUE_SCALE, ALSO = 4.0, 0.35
STEM, PART_SIZES = 7, (4, 5)
# How much a sign of the wording counts beside one of the clause: there are many of them.
PART_SCALE, PAIR_SCALE, DENIED_SCALE, ROLE_SCALE = 0.5, 0.7, 0.7, 0.5
# What stands for a name in a pair of words: D66 wil, Bakker wil are one.
NAME, NUMBER = "#", "0"
TELLING_TAGS = frozenset(
    ("negation", "hedge", "denial", "hearsay", "conditionals", "report", "modal")
)
ROLE_SIGNS = ("quoted", "subordinate", "no-verb", "verb-first", "has-report", "has-hearsay")
# What is looked at by the part that an actor plays: how a pronoun or a title was brought back.
BY_ROLE = ("via-", "rank", "det-", "possessive", "just-before")
NAMED = frozenset(("person", "party", "body", "org", "country", "place", "name", "opener"))


def note_signs(words: Words, clause: Clause, place: float) -> None:
    """Note the signs of the clause as a whole: marks, words, cues, where it stands in the report.

    What says which part its actor plays is noted once more by itself, as ``telling``: verb, cues
    and leading stance.
    """
    own = clause.piece.own()
    cues = _cues(clause.hits)
    signs = _shape(words, clause, place) | _tags(words, own) | set(cues)
    clause.telling = [
        f"joint={clause.piece.joint}",
        f"speaker={clause.speaker_frame or 'none'}",
        f"subject={clause.subject[0].kind if clause.subject else 'no'}",
        *(sign for sign in cues if sign.startswith(("cue=", "best="))),
    ]
    if not clause.hits:
        clause.telling.append("best=none")
    if clause.verb >= 0:
        clause.telling.append("verb=" + words.lower[clause.verb])
    clause.telling += [sign for sign in ROLE_SIGNS if sign in signs]
    clause.signs = signs
    clause.stems, clause.run = _words(words, clause, own)


def _shape(words: Words, clause: Clause, place: float) -> set[str]:
    """How a clause is built, and who is named in it."""
    piece = clause.piece
    signs = {f"joint={piece.joint}", f"size={min(8, (piece.j - piece.i) // 3)}"}
    signs.add("place=" + ("early" if place < 0.15 else "late" if place > 0.85 else "middle"))
    if clause.verb < 0:
        signs.add("no-verb")
    else:
        signs.add("verb=" + words.lower[clause.verb])
        if clause.verb <= piece.i + 1:
            signs.add("verb-first")
    if piece.subordinate:
        signs.add("subordinate")
        signs.add("opens=" + words.lower[piece.i])
    signs.add("speaker=" + (clause.speaker_frame or "none"))
    if clause.quote >= 0:
        signs.add("quoted")
    if words.words[piece.j - 1] == "?" or (
        piece.j < len(words.words) and words.words[piece.j] == "?"
    ):
        signs.add("question")
    people = sum(m.kind in ("person", "party") for m in clause.mentions)
    signs.add(f"named={min(people, 3)}")
    signs.add(f"mentions={min(len(clause.mentions), 4)}")
    return signs


def _words(words: Words, clause: Clause, own: list[int]) -> tuple[list[str], list[str]]:
    """The words of a clause that are no names, as stems; and its run of stems in order.

    In the run a name is one sign whoever it is, and so is a number.
    """
    held = {k for m in clause.mentions for k in range(m.i, m.j)}
    named = {k for m in clause.mentions if m.kind in NAMED for k in range(m.i, m.j)}
    stems: set[str] = set()
    run: list[str] = []
    for k in own:
        word = words.lower[k]
        stem = word[:STEM] if word.isalpha() else ""
        opens = k == clause.piece.i and k not in held
        if stem and (opens or not words.words[k][0].isupper()):
            stems.add(stem)
        if k in named:
            if run[-1:] != [NAME]:
                run.append(NAME)
        elif word[0].isdigit():
            run.append(NUMBER)
        elif stem:
            run.append(stem)
    return sorted(stems), run


def wording_signs(clause: Clause) -> dict[str, float]:
    """Signs of how a clause is worded: pairs of its words, and words that it denies."""
    signs: dict[str, float] = {}
    run = clause.run
    signs.update((f"pair={a} {b}", PAIR_SCALE) for a, b in itertools.pairwise(run))
    signs.update((f"pair={a} * {b}", PAIR_SCALE) for a, b in zip(run, run[2:], strict=False))
    if "has-negation" in clause.signs:
        signs.update((f"not&w={stem}", DENIED_SCALE) for stem in clause.stems)
        signs.update((f"not&cue={hit.cue.id}", DENIED_SCALE) for hit in clause.hits)
    return signs


def word_signs(clause: Clause) -> dict[str, float]:
    """The words of a clause and their parts; a reader has their sums by word (model.py)."""
    signs: dict[str, float] = {}
    for stem in clause.stems:
        signs["w=" + stem] = 1.0
        for part in parts(stem):
            signs[part] = signs.get(part, 0.0) + PART_SCALE
    return signs


@functools.lru_cache(maxsize=50_000)
def parts(stem: str) -> tuple[str, ...]:
    """Runs of letters in a stem: Dutch glues words together, and the parts still tell."""
    edged = f"<{stem}>" if len(stem) < STEM else f"<{stem}"
    runs = (edged[i : i + n] for n in PART_SIZES for i in range(len(edged) - n + 1))
    return tuple(dict.fromkeys("part=" + run for run in runs))


def _tags(words: Words, own: list[int]) -> set[str]:
    signs = {"has-" + tag for k in own for tag in words.tags[k] & TELLING_TAGS}
    if any(words.lower[k][0].isdigit() for k in own):
        signs.add("has-number")
    return signs


def _cues(hits: list[Hit]) -> list[str]:
    out = [f"cues={min(len(hits), 4)}"]
    sums: dict[str, float] = {}
    for hit in hits:
        cue = hit.cue
        out.append("cue=" + cue.id)
        if hit.negated:
            out.append(f"not-cue={cue.stance}")
        sums[cue.stance] = sums.get(cue.stance, 0.0) + cue.weight
        for other in cue.also:
            sums[other] = sums.get(other, 0.0) + cue.weight / 3
    for stance, weight in sums.items():
        out.append(f"for={stance}")
        if weight >= 0.8:
            out.append(f"strong={stance}")
    if sums:
        out.append("best=" + max(sums, key=lambda stance: (sums[stance], stance)))
    return out


def actor_signs(clause: Clause, candidate: Candidate) -> set[str]:
    """Signs for the question: if the clause carries a claim, is this its actor?"""
    role = role_of(candidate)
    own, by_role = actor_parts(clause, candidate)
    return {*own, f"role={role}", *(f"{role}&{sign}" for sign in (*by_role, *clause.telling))}


def actor_parts(clause: Clause, candidate: Candidate) -> tuple[set[str], list[str]]:
    """What speaks for an actor by itself, and what does by the part that the actor plays."""
    own, by_role = {f"kind={candidate.kind}", *candidate.signs}, [candidate.kind]
    for sign in candidate.signs:
        if sign.startswith("pre=") and sign != "pre=none":
            own.update([f"{sign}&{hit.cue.stance}" for hit in clause.hits])
        elif sign.startswith(BY_ROLE):
            by_role.append(sign)
    return own, by_role


def claim_signs(clause: Clause, candidate: Candidate) -> set[str]:
    """Signs for the question: does the clause carry a claim at all, its likeliest actor given?"""
    signs = set(clause.signs)
    role = role_of(candidate)
    cues = min(len(clause.hits), 3)
    signs |= {"role=" + role, "kind=" + candidate.kind, f"{role}&{candidate.kind}"}
    signs |= {f"{role}&cues={cues}", f"{role}&speaker={clause.speaker_frame or 'none'}"}
    strongest = max((hit.cue.weight for hit in clause.hits), default=0.0)
    signs.add(f"strongest={int(strongest * 5)}")
    signs.add(f"{candidate.kind}&strongest={int(strongest * 2.5)}")
    signs |= {"its:" + sign for sign in candidate.signs}
    return signs


def role_of(candidate: Candidate) -> str:
    """The part a candidate plays in the clause, in one word."""
    own = candidate.signs
    if candidate.name is None:
        return "null"
    if candidate.kind == "relative":
        return "relative"
    if "subject" in own:
        return "subject"
    if "speaker" in own:
        return "speaker"
    if "in-said" in own:
        return "said"
    if own & {"colon-speaker", "quote-speaker"}:
        return "speaker"
    if "carried" in own:
        for sign in ("before-same", "spoke-same", "before", "spoke", "topic", "speaker-party"):
            if sign in own:
                return sign
        return "around"
    for sign in own:
        if sign.startswith("pre=") and sign != "pre=none":
            return "governed"
    return "other"


def stance_signs(clause: Clause, candidate: Candidate) -> dict[str, float]:
    """Signs for the question: which stance? Cues add up, with the weights of the pack."""
    role = role_of(candidate)
    # Made when first asked for: a clause without a claim does without.
    clause.wording = clause.wording or wording_signs(clause)
    signs = clause.wording | dict.fromkeys(clause.signs, 1.0)
    signs["role=" + role] = 1.0
    signs["kind=" + candidate.kind] = 1.0
    signs.update((f"{role}&w={stem}", ROLE_SCALE) for stem in clause.stems)
    for hit in clause.hits:
        cue = hit.cue
        signs[f"{role}&{cue.stance}"] = 1.0
        kind = "against=" if hit.negated else "sum="
        signs[kind + cue.stance] = signs.get(kind + cue.stance, 0.0) + CUE_SCALE * cue.weight
        for other in cue.also:
            signs[kind + other] = signs.get(kind + other, 0.0) + CUE_SCALE * ALSO * cue.weight
    return signs

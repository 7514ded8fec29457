"""A report taken apart: sentences, clauses, candidates and signs. No decisions yet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from treves.reading.clauses import Piece, cues_of, cut
from treves.reading.meanings import Clause, candidate_of
from treves.reading.mentions import Finder, Mention
from treves.reading.pack import Pack
from treves.reading.registry import Registry
from treves.reading.resolve import Resolver
from treves.reading.signs import note_signs
from treves.reading.text import Words, sentences, trimmed

MOST_CANDIDATES = 14
MOST_SIBLINGS = 8
# Sentences looked at together: who speaks a quotation may be told after it. A report has far fewer;
# a longer text is taken apart piece by piece, so that it needs little memory.
TOGETHER = 400
# Answers to questions that make a report an interview.
INTERVIEW = 3
# Clauses of one sentence; what comes after is one clause.
MOST_CLAUSES = 60


@dataclass(frozen=True)
class Analysis:
    """Tokens, the token ranges of the sentences, whose politics it is, and the clauses in order.

    The clauses are made while one walks over them, once.
    """

    words: Words
    ranges: tuple[tuple[int, int], ...]
    country: str
    clauses: Iterator[Clause]


def analyse(text: str, pack: Pack, registry: Registry, day: str | None) -> Analysis:
    """Take a report apart."""
    words = pack.tokenise(text)
    ranges = tuple(trimmed(words, i, j) for i, j in sentences(words, pack.abbreviations))
    finder = Finder(words, pack, registry, day)
    finder.introduce(ranges)
    resolver = Resolver(words, pack, registry, finder.cast, day)
    _interviewed(words, resolver)
    clauses = _resolved(words, pack, finder, resolver, ranges)
    return Analysis(words, ranges, finder.cast.country, clauses)


def _resolved(
    words: Words,
    pack: Pack,
    finder: Finder,
    resolver: Resolver,
    ranges: Sequence[tuple[int, int]],
) -> Iterator[Clause]:
    for first in range(0, len(ranges), TOGETHER):
        part = enumerate(ranges[first : first + TOGETHER], first)
        groups = [_clauses_of(words, pack, finder, n, i, j) for n, (i, j) in part]
        _quote_speakers(words, resolver, groups)
        for group in groups:
            named = [(at, m) for at, clause in enumerate(group) for m in clause.mentions]
            for at, clause in enumerate(group):
                others = (m for place, m in named if place != at)
                resolver.resolve(clause, list(itertools.islice(others, MOST_SIBLINGS)))
                del clause.candidates[MOST_CANDIDATES - 1 : -1]
                place = clause.sentence / max(1, len(ranges))
                note_signs(words, clause, place)
                yield clause


def _clauses_of(
    words: Words, pack: Pack, finder: Finder, number: int, i: int, j: int
) -> list[Clause]:
    if not any(words.words[k][0].isalnum() for k in range(i, j)):
        return []
    mentions = finder.find(i, j)
    out: list[Clause] = []
    pieces = cut(words, pack, i, j)
    if len(pieces) > MOST_CLAUSES:
        pieces[MOST_CLAUSES - 1].j = pieces[-1].j
        del pieces[MOST_CLAUSES:]
    for piece in pieces:
        tokens = set(piece.own())
        own = [m for m in mentions if m.i in tokens]
        out.append(Clause(piece, own, cues_of(words, pack, piece, piece.j), number))
    return out


def _quote_speakers(words: Words, resolver: Resolver, drafts: list[list[Clause]]) -> None:
    """Who speaks each quotation, where an attribution or a colon says so."""
    pairs = [clause for group in drafts for clause in group]
    for at, clause in enumerate(pairs):
        piece = clause.piece
        inside = {words.quote[k] for k in range(piece.i, piece.j)} - {-1}
        if piece.said:
            named = [m for m in clause.mentions if piece.said[0] <= m.i < piece.said[1] and m.actor]
            for number in inside:
                if named:
                    resolver.announce(number, named[0])
        elif at and piece.joint == ":" and inside:
            named = [m for m in pairs[at - 1].mentions if m.actor]
            if named:
                for number in inside:
                    resolver.announce(number, named[0])


def _interviewed(words: Words, resolver: Resolver) -> None:
    """In an interview, who answers: quotations on a line of their own after a question."""
    starts = [
        k
        for k in range(1, len(words.words))
        if words.quote[k] >= 0
        and words.quote[k - 1] != words.quote[k]
        and "\n" in words.text[words.ends[k - 1] : words.starts[k]]
    ]
    answers = [k for k in starts if words.words[k - 1] == "?" and words.quote[k - 1] < 0]
    asked = next((actor for actor in resolver.cast.count if actor.kind == "person"), None)
    if asked is not None and len(answers) >= INTERVIEW:
        resolver.answers = {words.quote[k]: candidate_of(asked, "person") for k in starts}


def span_of(words: Words, piece: Piece) -> tuple[int, int]:
    """Characters of a clause, without loose marks at its edges."""
    i, j = piece.i, piece.j
    while j - 1 > i and words.words[j - 1] in (".", ",", ";", ":", "!", "?", "…", "-", "–"):
        j -= 1
    while i < j - 1 and words.words[i] in (".", ",", ";", ":", "-", "–", ")", "…"):
        i += 1
    if words.words[i] in ("maar", "en", "want", "Maar", "En", "dus") and j - i > 3 and i != 0:
        i += int(words.words[i].islower())
    return words.starts[i], words.ends[j - 1]


__all__ = ["Analysis", "Clause", "Mention", "analyse", "span_of"]

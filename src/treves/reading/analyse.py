"""A report taken apart: sentences, clauses, candidates and signs. No decisions yet."""

from __future__ import annotations

from dataclasses import dataclass

from treves.reading.clauses import Piece, cut
from treves.reading.meanings import Clause
from treves.reading.mentions import Finder, Mention
from treves.reading.pack import Pack
from treves.reading.registry import Registry
from treves.reading.resolve import Resolver
from treves.reading.signs import clause_signs, telling_signs
from treves.reading.text import Words, sentences, tokenise, trimmed

MOST_CANDIDATES = 14


@dataclass(frozen=True)
class Analysis:
    """Tokens, the token ranges of the sentences, the clauses in order, whose politics it is."""

    words: Words
    ranges: tuple[tuple[int, int], ...]
    clauses: tuple[Clause, ...]
    country: str = "NL"


def analyse(text: str, pack: Pack, registry: Registry, day: str | None) -> Analysis:
    """Take a report apart."""
    words = tokenise(text)
    ranges = [trimmed(words, i, j) for i, j in sentences(words, pack.abbreviations)]
    finder = Finder(words, pack, registry, day)
    finder.introduce(ranges)
    resolver = Resolver(words, pack, registry, finder.cast, day)
    drafts = [_clauses_of(words, pack, finder, n, i, j) for n, (i, j) in enumerate(ranges)]
    _quote_speakers(words, resolver, drafts)
    clauses: list[Clause] = []
    for number, group in enumerate(drafts):
        mentions = [m for clause in group for m in clause.mentions]
        for clause in group:
            own = {id(m) for m in clause.mentions}
            others = [m for m in mentions if id(m) not in own]
            resolver.resolve(clause, others[:8])
            del clause.candidates[MOST_CANDIDATES - 1 : -1]
            clause.signs = clause_signs(words, pack, clause, number / max(1, len(ranges)))
            clause.telling = telling_signs(clause.signs)
            clauses.append(clause)
    return Analysis(words, tuple(ranges), tuple(clauses), finder.cast.country)


def _clauses_of(
    words: Words, pack: Pack, finder: Finder, number: int, i: int, j: int
) -> list[Clause]:
    if not any(words.words[k][0].isalnum() for k in range(i, j)):
        return []
    mentions = finder.find(i, j)
    out: list[Clause] = []
    for piece in cut(words, pack, i, j):
        own = [m for m in mentions if piece.i <= m.i < piece.j]
        out.append(Clause(piece, own, pack.hits(words.lower, piece.i, piece.j), number))
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

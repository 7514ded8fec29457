"""A text as tokens, quotes and sentences, with the characters of the original kept.

Everything here is linear in the length of the text, whatever stands in it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’\-&/][^\W_]+)*['’]?(?=\W|$)?|,,|''|[^\w\s]|_")
QUOTE = re.compile(r",,|''|[\"“”„«»]|['‘’‚`]")
ELIDED = re.compile(r"['’‘](?:s|t|n|m|k|r|er|em|ns)\b", re.IGNORECASE)
DATELINE = re.compile(
    r"\s*(?:(?:[A-ZÀ-Þ][A-ZÀ-Þ'’\-/.]+(?: (?=[A-ZÀ-Þ]))?){1,4}(?:\s?\([^)\n]{1,40}\))?\s?[-–—]\s"
    r"|[A-ZÀ-Þ][\w\-]{1,30}(?:[ /][A-ZÀ-Þ][\w\-]{1,30})?\s\([^)\n]{1,30}\)\s?[-–—]\s"
    r"|\d{1,2}[.:]\d{2}(?: uur)?\s?[-–—:|•·]?\s?|[-–—•*]\s|date \d{4}-\d{2}\s)"
)
ENDS = frozenset(".!?…")
CLOSERS = frozenset("\"”»’')]") | {"''"}
LONGEST = 2000
MAX_QUOTE = 1500


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its characters, and how much of it the reader uses.

    ``state`` is ``claim`` (a claim was found), ``possible`` (something may be there), or
    ``background``.
    """

    span: tuple[int, int]
    state: str = "background"


@dataclass(slots=True)
class Words:
    """The tokens of a text in parallel lists.

    ``quote`` numbers the quotation a token is in; ``tags`` are those of a language pack
    (:meth:`Pack.tokenise`).
    """

    text: str
    words: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("i"))
    ends: array[int] = field(default_factory=lambda: array("i"))
    quote: array[int] = field(default_factory=lambda: array("i"))
    quotes: list[tuple[int, int]] = field(default_factory=list)
    tags: list[frozenset[str]] = field(default_factory=list)


def tokenise(text: str) -> Words:
    """Split a text into words and marks.

    >>> tokenise("CD&V'er: 70.000 te veel!").words
    ["CD&V'er", ':', '70.000', 'te', 'veel', '!']
    """
    out = Words(text)
    known: dict[str, tuple[str, str]] = {}
    for match in TOKEN.finditer(text):
        word, start = match.group(), match.start()
        if len(word) > 1 and word[-1] in "'’" and word != "''":
            _push(out, word[:-1], start, known)
            word, start = word[-1], start + len(word) - 1
        _push(out, word, start, known)
    out.quotes = find_quotes(text)
    out.quote = _mark_quotes(out)
    return out


def _push(out: Words, word: str, start: int, known: dict[str, tuple[str, str]]) -> None:
    # The same word is kept once, however often it stands in the text.
    both = known.get(word)
    if both is None:
        both = known[word] = (word, word.lower().replace("’", "'"))
    out.words.append(both[0])
    out.lower.append(both[1])
    out.starts.append(start)
    out.ends.append(start + len(word))


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Characters of each quotation, marks included; never longer than a long paragraph.

    >>> find_quotes("Dat is 'niet uit te leggen', zei hij 's avonds.")
    [(7, 27)]
    """
    spans: list[tuple[int, int]] = []
    open_at, opener = -1, ""
    for match in QUOTE.finditer(text):
        mark, start, end = match.group(), match.start(), match.end()
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if open_at >= 0 and (start - open_at > MAX_QUOTE or "\n\n" in text[open_at:start]):
            open_at = -1
        if open_at < 0:
            if _opens(mark, before, after) and not ELIDED.match(text, start):
                open_at, opener = start, mark
        elif _closes(mark, opener, before, after):
            spans.append((open_at, end))
            open_at = -1
    return spans


def _opens(mark: str, before: str, after: str) -> bool:
    if mark in ("”", "»", "''"):
        return False
    free = before.isspace() or before in "([-–—:/" or before == ","
    return free and not after.isspace()


def _closes(mark: str, opener: str, before: str, after: str) -> bool:
    if opener in '“„"«' and mark in '”“"»':
        return mark in "”»" or not after.isalnum()
    if opener == ",,":
        return mark in ("''", "”", '"')
    if opener in "'‘’‚`" and mark in "'’":
        return not before.isspace() and not after.isalnum()
    return False


def _mark_quotes(out: Words) -> array[int]:
    marks = array("i", [-1]) * len(out.words)
    k = 0
    for number, (start, end) in enumerate(out.quotes):
        while k < len(marks) and out.starts[k] < start:
            k += 1
        while k < len(marks) and out.starts[k] < end:
            marks[k] = number
            k += 1
    return marks


def sentences(words: Words, abbreviations: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """Token ranges of the sentences.

    >>> w = tokenise("Prof. Bos zei ja. 'En nu? Weg!' Toen niet.")
    >>> [" ".join(w.words[i:j]) for i, j in sentences(w, {"prof"})]
    ['Prof . Bos zei ja .', "' En nu ?", "Weg ! '", 'Toen niet .']
    """
    n, first, k = len(words.words), 0, 0
    line = 0
    while k < n:
        stop = _stops_here(words, k, abbreviations)
        last = k
        if stop:
            while (
                last + 1 < n
                and words.words[last + 1] in CLOSERS | ENDS
                and (words.starts[last + 1] == words.ends[last])
            ):
                last += 1
            stop = _next_may_start(words, last)
        if last + 1 < n:
            gap = words.text[words.ends[last] : words.starts[last + 1]]
            if "\n" in gap:
                short = words.ends[last] - line < 60
                line = words.starts[last + 1]
                blank = gap.count("\n") > 1
                stop = stop or blank or short
        if words.ends[last] - words.starts[first] > LONGEST:
            stop = True
        if stop:
            yield first, last + 1
            first = last + 1
        k = last + 1
    if first < n:
        yield first, n


def _stops_here(words: Words, k: int, abbreviations: Collection[str]) -> bool:
    if words.words[k] not in ENDS:
        return False
    if words.words[k] != "." or k == 0:
        return True
    before = words.lower[k - 1]
    glued = words.ends[k - 1] == words.starts[k]
    initial = len(before) == 1 and before.isalpha() and words.words[k - 1].isupper()
    return not (glued and (before in abbreviations or initial))


def _next_may_start(words: Words, k: int) -> bool:
    if k + 1 >= len(words.words):
        return True
    if words.starts[k + 1] == words.ends[k]:
        return False
    first = words.words[k + 1]
    return not first[0].islower() or first in ("'", "’")


def trimmed(words: Words, i: int, j: int) -> tuple[int, int]:
    """Drop a place line or a clock time in front of a sentence (DEN HAAG (ANP) -, 10.15 -)."""
    match = DATELINE.match(words.text, words.starts[i], words.ends[j - 1])
    if match:
        while i < j - 1 and words.starts[i] < match.end():
            i += 1
    return i, j

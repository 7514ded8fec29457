"""Which measure a sentence is about, and which point of its line it names."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from treves.case.model import Case, Issue

# Subjects that are about the talks and not about a measure: claims on them place no position.
PROCESS = frozenset(
    "deal collapse deadline procedure procedure_vote state_of_talks council_decision "
    "asylum_inflow resignation no_confidence elections other".split()
)


@dataclass(frozen=True)
class Codebook:
    """The issues of a case with every name that reports use for them."""

    issues: tuple[Issue, ...]

    @classmethod
    def of(cls, case: Case) -> Codebook:
        """The codebook that a case carries."""
        return cls(case.issues)

    @classmethod
    def read(cls, names: Mapping[str, Any]) -> Codebook:
        """A codebook from issue ids and their names: one name, a list, or an issue's own fields.

        >>> book = Codebook.read({"wage": "loon", "week": {"aliases": ["kortere werkweek"]}})
        >>> book.issue_of("De bond eist een kortere werkweek")
        'week'
        """
        return cls(tuple(_issue(str(id_), told) for id_, told in names.items()))

    def issue_of(self, text: str, label: str | None = None) -> str | None:
        """The issue a text is about: its label if that is one of ours, else by the longest name.

        >>> from treves.catalogue import load_example
        >>> book = Codebook.of(load_example("asylum"))
        >>> book.issue_of("over het nareizen wordt nog gepraat")
        'family_reunification'
        """
        if any(issue.id == label for issue in self.issues):
            return label
        found = [
            (len(name), issue.id)
            for issue in self.issues
            for name in (*issue.aliases, issue.title, issue.id, *self._spoken(issue))
            if _names(name, text)
        ]
        return max(found)[1] if found else None

    def point_of(self, issue_id: str, text: str) -> float | None:
        """The point of an issue's line that a text names, by the longest of its words."""
        issue = next(i for i in self.issues if i.id == issue_id)
        spoken: Iterable[tuple[float, str]] = [
            *((point, word) for point, words in issue.words.items() for word in words),
            *issue.points.items(),
        ]
        found = [(len(word), point) for point, word in spoken if _names(word, text)]
        return max(found)[1] if found else None

    def counts(self, text: str) -> Counter[str]:
        """How often a text names each issue."""
        low = text.casefold()
        return Counter(
            issue.id
            for issue in self.issues
            for name in dict.fromkeys((*issue.aliases, issue.title, *self._spoken(issue)))
            if name
            for _ in _pattern(name).finditer(low)
        )

    def label_of(self, issue_id: str, text: str) -> str | None:
        """The label of the point that a text names."""
        point = self.point_of(issue_id, text)
        if point is None:
            return None
        issue = next(i for i in self.issues if i.id == issue_id)
        return issue.points.get(point) or issue.words[point][0]

    def _spoken(self, issue: Issue) -> list[str]:
        return [word for words in issue.words.values() for word in words]


def _issue(id_: str, told: Any) -> Issue:
    if isinstance(told, Issue):
        return told
    if isinstance(told, str):
        return Issue(id=id_, aliases=(told,))
    if isinstance(told, Mapping):
        fields = {"title": str(told.get("title") or told.get("name") or "")}
        held = {name: told[name] for name in ("aliases", "points", "words") if name in told}
        return Issue.model_validate({"id": id_, **fields, **held})
    return Issue(id=id_, aliases=tuple(str(name) for name in told))


def _names(name: str, text: str) -> bool:
    """Whether a name stands in a text, from the start of a word, whatever its capitals."""
    if not name:
        return False
    return _pattern(name).search(text.casefold()) is not None


@functools.lru_cache(maxsize=10_000)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.casefold())}")

"""The error tree. Every error names the place, what is wrong and what to write instead.

TrevesError             anything a user can repair; the command line prints it and exits with 2
├── InputError          a file or text that cannot be used: a list of problems, all at once
│   ├── CaseError       in a case file
│   └── SourceError     in a report that was to be read
└── MissingExtra        an optional part of treves is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and how to mend it.

    ``line`` counts from 1; ``party`` and ``issue`` are ids where the problem belongs to one.
    """

    what: str
    instead: str = ""
    file: str = ""
    line: int | None = None
    party: str | None = None
    issue: str | None = None

    def __str__(self) -> str:
        place = self.file or "input"
        if self.line is not None:
            place += f":{self.line}"
        about = ", ".join(
            f"{name} {value}"
            for name, value in (("party", self.party), ("issue", self.issue))
            if value
        )
        text = f"{place}: {about + ': ' if about else ''}{self.what}"
        return f"{text}\n    write instead: {self.instead}" if self.instead else text


class TrevesError(Exception):
    """Base of all errors that a user can repair."""


class InputError(TrevesError):
    """Something given to treves cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CaseError(InputError):
    """A case file, or an edit of one, cannot be used."""


class SourceError(InputError):
    """A report cannot be read."""


class MissingExtra(TrevesError):
    """An optional part is not installed; says which extra brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part: pip install 'treves[{extra}]'")

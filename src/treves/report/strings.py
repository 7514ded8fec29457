"""The words of treves in each language: one data file per language, no sentence in the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from treves.errors import InputError, Problem
from treves.resources import resource

LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class Strings:
    """The sentences of one language, by dotted name."""

    lang: str
    table: Mapping[str, Any]

    def __call__(self, name: str, **values: object) -> str:
        """The sentence of that name with its blanks filled in.

        >>> strings("nl")("outcome.agreement")
        'een akkoord'
        """
        text = str(self.held(name))
        return text.format(**values) if values else text

    def held(self, name: str) -> Any:
        """The entry of that name, as it stands in the file; KeyError when there is none."""
        found: Any = self.table
        for part in name.split("."):
            found = found[part]
        return found


@cache
def strings(lang: str) -> Strings:
    """The sentences of a language; InputError lists the languages there are."""
    if lang not in LANGUAGES:
        raise InputError([Problem(f"no language {lang}", f"one of {', '.join(LANGUAGES)}")])
    text = resource("report", "languages", f"{lang}.yaml").read_text(encoding="utf-8")
    return Strings(lang, YAML(typ="safe").load(text))

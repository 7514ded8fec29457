"""The native case file: YAML that keeps the analyst's comments and knows its line numbers.

Case files are input from outside: size, depth, aliases and encoding are bounded before anything
is believed, and every problem is reported with its line.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from treves.case.checks import check, error_problems
from treves.case.model import FALLBACK_ALIASES, SETTER_ALIASES, Case, Rule
from treves.errors import CaseError, Problem

SUFFIXES = (".yaml", ".yml")
# Files of other formats, which are converted first: what YAML says of them helps nobody.
FOREIGN = (".csv", ".tsv", ".xlsx", ".xml")
MAX_BYTES = 2_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40
# More than any case needs, even when some brackets stand unclosed inside texts.
MAX_BRACKETS = 400

# Blocks that hold what happened afterwards. They never reach a forecast.
HELD_BACK = ("outcome", "coding")


@dataclass(frozen=True)
class Document:
    """A case together with the text it was read from and what the reader did on its own."""

    case: Case
    text: str
    notes: tuple[str, ...]
    findings: tuple[Problem, ...]


def load(path: str | Path) -> Case:
    """Read a case file.

    Raises CaseError with every problem found: file, line, party, issue, what to write instead.
    """
    return load_document(path).case


def load_document(path: str | Path) -> Document:
    """Read a case file and keep its text, so that it can be written back with its comments."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refusal(path.name, f"the file is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        known = "the path of a case file (treves convert makes one of other formats)"
        raise _refusal(str(path), reason, known) from error
    if path.suffix.lower() in FOREIGN:
        instead = f"treves convert {path.name} case.yaml, and then case.yaml"
        raise _refusal(path.name, "a case file is YAML, and this is another format", instead)
    return loads(raw, path.name)


def loads(raw: bytes | str, name: str = "case") -> Document:
    """Read a case from text. See :func:`load`."""
    text = _decoded(raw, name)
    data = _parsed(text, name)
    if not isinstance(data, CommentedMap):
        raise _refusal(name, "the file holds no case", "a mapping that starts with `id:`")
    plain = _Plain(name).of(data)
    notes = [
        f"{name}: block `{key}` is what happened afterwards; it is left out"
        for key in HELD_BACK
        if plain.pop(key, None) is not None
    ]
    notes += _alias_notes(plain, name)
    lines = Lines(name, data)
    try:
        case = Case.model_validate(plain)
    except ValidationError as error:
        raise CaseError(lines.placed(error_problems(error, plain))) from error
    found = lines.placed(check(case))
    errors = [p for p in found if p.instead]
    if errors:
        raise CaseError(errors)
    return Document(case, text, tuple(notes), tuple(p for p in found if not p.instead))


def dumps(case: Case, like: str | None = None) -> str:
    """Write a case as YAML; with ``like``, into that text, keeping its comments and order."""
    plain = case.model_dump(exclude_unset=True)
    yaml = _yaml()
    data: CommentedMap = CommentedMap()
    if like is not None:
        parsed = yaml.load(like)
        data = parsed if isinstance(parsed, CommentedMap) else data
        for key in HELD_BACK:
            data.pop(key, None)
        if "rule" in data and Rule.model_validate(_Plain("rule").of(data["rule"])) == case.rule:
            plain["rule"] = data["rule"]  # same rule: an older name for it stays as it was written
    _merge(data, plain)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


class Lines:
    """Finds the line of a place in a file, and puts it on problems."""

    def __init__(self, name: str, data: CommentedMap) -> None:
        self.name = name
        self.data = data

    def line(self, loc: tuple[str | int, ...]) -> int | None:
        """Line (from 1) of the deepest part of ``loc`` that stands in the file."""
        node: Any = self.data
        found: int | None = None
        for step in loc:
            if not isinstance(node, CommentedMap | CommentedSeq):
                break
            key = _key_in(node, step)
            if key is None:
                break
            position = node.lc.data.get(key) if node.lc.data else None
            if position:
                found = position[0] + 1
            node = node[key]
        return found

    def placed(self, problems: list[tuple[tuple[str | int, ...], Problem]]) -> list[Problem]:
        """The problems with file and line filled in, in the order of the file."""
        placed = [
            Problem(p.what, p.instead, self.name, self.line(loc), p.party, p.issue)
            for loc, p in problems
        ]
        return sorted(placed, key=lambda p: p.line or 0)


class _Plain:
    """Turns parsed YAML into plain values, with a budget against bombs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left = MAX_NODES

    def of(self, node: Any, depth: int = 0) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise _refusal(
                self.name,
                "the file expands to too many values (aliases that repeat each other?)",
                "the values themselves, without & and *",
            )
        if isinstance(node, CommentedMap):
            return {_scalar(k): self.of(v, depth + 1) for k, v in node.items()}
        if isinstance(node, CommentedSeq):
            return [self.of(v, depth + 1) for v in node]
        return _scalar(node)


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.allow_duplicate_keys = False
    yaml.representer.add_representer(type(None), _write_null)
    yaml.representer.ignore_aliases = lambda _: True  # a date used twice is written twice
    return yaml


def _write_null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _decoded(raw: bytes | str, name: str) -> str:
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        raise _refusal(name, f"the text is larger than {MAX_BYTES // 1_000_000} MB")
    if b"\x00" in raw:
        raise _refusal(name, "this is a binary file", "a text file in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        what = f"byte {error.start} is not UTF-8"
        raise CaseError([Problem(what, "save the file as UTF-8", name, line)]) from error


def _parsed(text: str, name: str) -> Any:
    if _bracket_depth(text) > MAX_BRACKETS:
        raise _refusal(name, "the file is nested too deeply")
    try:
        return _yaml().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        what, instead = _yaml_words(str(error.problem or error.context or error))
        raise CaseError([Problem(what, instead, name, line)]) from error
    except (RecursionError, YAMLError, ValueError, AttributeError, TypeError) as error:
        # ruamel lets a few malformed scalars and merge keys escape as built-in errors.
        nested = isinstance(error, RecursionError)
        what = "the file is nested too deeply" if nested else f"this is not YAML: {error}"[:300]
        raise _refusal(name, what, "see `treves new` for an example") from error


def _bracket_depth(text: str) -> int:
    """How deep brackets stand inside each other: the parser itself takes seconds to find out."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _yaml_words(problem: str) -> tuple[str, str]:
    if "\\t" in problem or "tab" in problem:
        return "a tab is used to indent", "spaces"
    if "duplicate key" in problem:
        return problem.split("\n")[0], "each key once"
    if "undefined alias" in problem:
        return problem, "the value itself"
    return f"this is not YAML: {problem}"[:300], "see `treves new` for an example of a case file"


def _refusal(name: str, what: str, instead: str = "a smaller case file") -> CaseError:
    return CaseError([Problem(what, instead, name)])


def _scalar(value: Any) -> Any:
    """Plain Python value of a YAML scalar (ruamel wraps them to remember their spelling)."""
    if value is None or isinstance(value, bool | dt.date):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)


def _alias_notes(plain: dict[str, Any], name: str) -> Iterator[str]:
    rule = plain.get("rule")
    fallback = rule.get("fallback") if isinstance(rule, dict) else None
    if fallback in FALLBACK_ALIASES:
        yield f"{name}: fallback `{fallback}` is read as `{FALLBACK_ALIASES[fallback]}`"
    elif fallback in SETTER_ALIASES:
        yield f"{name}: fallback `{fallback}` is read as rule `setter` by the chair"


def _key_in(node: CommentedMap | CommentedSeq, step: str | int) -> Any:
    if isinstance(node, CommentedSeq):
        return step if isinstance(step, int) and step < len(node) else None
    if step in node:
        return step
    return next((k for k in node if str(k) == str(step)), None)


def _merge(data: CommentedMap, plain: dict[Any, Any]) -> None:
    """Put plain values into parsed YAML, touching only what differs."""
    for key in [k for k in data if k not in plain]:
        del data[key]
    for key, value in plain.items():
        data[key] = _merged(data[key], value) if key in data else _fresh(value)


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        _merge(old, new)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, list | tuple):
        if len(old) == len(new):
            for k, value in enumerate(new):
                old[k] = _merged(old[k], value)
            return old
        fresh = _fresh(new)
        if isinstance(fresh, CommentedSeq) and old.fa.flow_style():
            fresh.fa.set_flow_style()
        return fresh
    return old if _same(old, new) else _fresh(new)


def _same(old: Any, new: Any) -> bool:
    # A label or id that YAML read as a number or truth value was stored as text.
    return bool(old == new) or (isinstance(new, str) and str(old) == new)


def _fresh(value: Any) -> Any:
    if isinstance(value, dict):
        node = CommentedMap()
        for key, item in value.items():
            node[key] = _fresh(item)
        return node
    if isinstance(value, list | tuple):
        sequence = CommentedSeq(_fresh(v) for v in value)
        if not any(isinstance(v, dict) for v in value):
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def plain(path: Path) -> Any:
    """A small YAML file as plain values, under the same bounds as a case file."""
    text = _decoded(path.read_bytes(), path.name)
    return _Plain(path.name).of(_parsed(text, path.name))

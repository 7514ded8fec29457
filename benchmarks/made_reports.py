"""Made reports: invented negotiations with their claims, written for fitting the Dutch reader.

python benchmarks/made_reports.py FILE...        what is wrong in them, if anything

Every party, person and organisation in them is invented, so that no words are put into anybody's
mouth. A file of ``data/reports_nl`` holds reports one after the other:

    === a1-01
    date: 2019-05-14
    party: VBN = Volksbelang | VBN'ers, liberalen
    person: Els van Dorp | VBN | v | premier
    org: Vakbond Samen | Samen
    TEXT
    ...
    CLAIMS
    demand, propose | VBN / Els van Dorp | outlet | asserted | - | exact words of the text

Parties, people and organisations listed are those that a registry would know; others are only
told in the text. A claim: stance, actor, kind of speaker, certainty, move, and the words. What
follows the first value of a field is another right reading; a question mark in front marks a claim
on which coders would differ.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from treves.case.evidence import CERTAINTIES, MOVES, SPEAKER_KINDS, STANCES, Source
from treves.reading.registry import Actor, Registry, Role, office, split_name, surname

FOLDER = Path(__file__).parent / "data" / "reports_nl"
FIELDS = ("stance", "actor", "speaker_kind", "certainty", "move")
ALLOWED: dict[str, tuple[str, ...]] = {
    "stance": STANCES,
    "speaker_kind": SPEAKER_KINDS,
    "certainty": CERTAINTIES,
    "move": ("-", *MOVES),
}


@dataclass(frozen=True)
class Made:
    """An invented report, who is who in it, and its claims in the shape of annotated ones."""

    source: Source
    registry: Registry
    claims: list[dict[str, Any]]
    problems: list[str]


def load_all(folder: Path = FOLDER) -> list[Made]:
    """All made reports of a folder."""
    return [made for path in sorted(folder.glob("*.txt")) for made in load(path)]


def load(path: Path) -> list[Made]:
    """The made reports of a file; what is wrong in one stands in its ``problems``."""
    parts = re.split(r"^=== (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [parse(name, told) for name, told in zip(parts[1::2], parts[2::2], strict=True)]


def parse(name: str, told: str) -> Made:
    """One made report."""
    head, _, rest = told.partition("\nTEXT\n")
    text, _, told = rest.partition("\nCLAIMS\n")
    text = text.strip()
    problems = [] if text and told else ["no TEXT or no CLAIMS"]
    date, entries = None, []
    for line in head.splitlines():
        key, _, value = line.partition(":")
        if key == "date":
            date = value.strip()
        elif key in ("party", "person", "org") and value.strip():
            entries.append(_actor(key, value))
        elif line.strip():
            problems.append(f"not understood: {line}")
    if not date or not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        problems.append("no date")
    lines = filter(str.strip, told.splitlines())
    claims = [_claim(line, text, problems) for line in lines]
    source = Source.of(text or "-", date=date, lang="nl", title=name)
    # No real cabinet governs here, or "the smallest coalition party" would be a real one.
    registry = replace(Registry.load().led_by(Registry.of(entries)), governments=())
    return Made(source, registry, [c for c in claims if c], problems)


def _actor(kind: str, value: str) -> tuple[Actor, list[str]]:
    parts = [part.strip() for part in value.split("|")]
    if kind == "party":
        id_, _, name = parts[0].partition("=")
        name = (name or id_).strip()
        others = _several(parts[1:2])
        return Actor(name, "party", id_.strip(), "", "NL"), [name, id_.strip(), *others]
    if kind == "org":
        return Actor(parts[0], "org", None, "", "NL"), [parts[0], *_several(parts[1:2])]
    name, party, sex, titles = (parts + [""] * 4)[:4]
    roles = tuple(Role(office(title, party), "1900") for title in _several([titles]))
    actor = Actor(name, "person", party or None, sex, "NL", "", "", roles)
    return actor, [name, surname(name)] if " " in name else [name]


def _several(parts: Sequence[str]) -> list[str]:
    return [one.strip() for part in parts for one in part.split(",") if one.strip()]


def _claim(line: str, text: str, problems: list[str]) -> dict[str, Any] | None:
    optional = line.startswith("?")
    parts = [part.strip() for part in line.lstrip("? ").split("|", 5)]
    if len(parts) != 6:
        problems.append(f"six parts wanted: {line}")
        return None
    quote = parts[5]
    start = text.find(quote)
    mark = re.search(r" #(\d)$", quote)
    if start < 0 and mark:
        quote = quote[: mark.start()]
        start = -1
        for _ in range(int(mark.group(1))):
            start = text.find(quote, start + 1)
    if start < 0 or not quote:
        problems.append(f"not in the text: {quote}")
        return None
    claim: dict[str, Any] = {"quote": quote, "span": [start, start + len(quote)]}
    for name, told in zip(FIELDS, parts, strict=False):
        values = [v.strip() for v in re.split(r"[/]" if name == "actor" else r"[,/]", told)]
        wrong = [v for v in values if name in ALLOWED and v not in ALLOWED[name]]
        if wrong or not all(values):
            problems.append(f"{name}: {told!r} in: {line}")
            return None
        known = [None if v == "-" else v for v in values]
        claim[name], claim[f"{name}_ok"] = known[0], known[1:]
    if optional:
        claim["optional"] = True
    return claim


def real_names(made: Made) -> list[str]:
    """Real parties and people that the text names."""
    own = {actor.name for actor in made.registry.actors[: -len(Registry.load().actors)]}
    words = split_name(made.source.text)
    found, k, base = [], 0, made.registry
    while k < len(words):
        match = base.match(words, k, len(words), made.source.date)
        if match and match[1].kind in ("party", "person") and words[k][0].isupper():
            if match[1].name not in own:
                found.append(" ".join(words[k : k + match[0]]))
            k += match[0]
        else:
            k += 1
    return found


def main(paths: Sequence[str]) -> int:
    bad = 0
    for made in (made for path in paths for made in load(Path(path))):
        problems = [*made.problems, *(f"a real name: {name}" for name in real_names(made))]
        size = len(made.source.text.split())
        sys.stdout.write(f"{made.source.title}: {size} words, {len(made.claims)} claims\n")
        sys.stdout.writelines(f"    {problem}\n" for problem in problems)
        bad += bool(problems)
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

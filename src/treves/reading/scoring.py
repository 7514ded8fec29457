"""How well a reader finds the claims that people found: levels, attributes, bootstrap.

Gold and found claims are matched one to one, separately at each level, so that a level never
depends on how a looser one was matched. Everything a coder marked as another right reading
(``*_ok``) counts as right; ``optional`` gold counts neither as missed nor as wrong.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from treves.case.evidence import Claim, Source
from treves.errors import Problem, SourceError
from treves.reading.registry import Registry, split_name

Gold = Mapping[str, Any]
Reader = Callable[[Source], Any]
LEVELS = ("sentence", "span", "actor", "stance", "full")
NAMES = {
    "sentence": "sentence with a claim",
    "span": "span",
    "actor": "+ actor",
    "stance": "+ stance (complete claim)",
    "full": "+ issue + certainty",
}
ATTRIBUTES = ("speaker_kind", "move", "date", "issue", "certainty", "stance")
ARTICLES = frozenset(["de", "het", "een", "the", "der", "die", "das"])


@dataclass(frozen=True)
class Counts:
    """Hits, found and gold of one level; precision, recall and their harmonic mean."""

    hits: float = 0
    found: float = 0
    gold: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.hits + other.hits, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the found that is right; nan when nothing was found."""
        return self.hits / self.found if self.found else float("nan")

    @property
    def recall(self) -> float:
        """Share of the gold that was found; nan when there is none."""
        return self.hits / self.gold if self.gold else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (self.found + self.gold) if self.found + self.gold else float("nan")


@dataclass(frozen=True)
class ReportScore:
    """One report: counts per level, right/total per attribute, certainty pairs."""

    name: str
    levels: Mapping[str, Counts]
    right: Mapping[str, tuple[int, int]]
    certainty: tuple[tuple[str, str], ...] = ()
    visible: tuple[int, int] = (0, 0)
    actors: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Score:
    """Scores of a set of reports."""

    reports: tuple[ReportScore, ...]

    def level(self, name: str) -> Counts:
        """Counts of a level, all reports together."""
        return _add(report.levels[name] for report in self.reports)

    def attribute(self, name: str) -> float:
        """Share right among the claims matched with their actor."""
        return _share(report.right[name] for report in self.reports)

    @property
    def right_actor(self) -> float:
        """Share of the claims matched by span whose actor is right."""
        return _share(report.actors for report in self.reports)

    @property
    def visible(self) -> float:
        """Share of gold claims in sentences marked claim or possible."""
        return _share(report.visible for report in self.reports)

    @property
    def certainty_f1(self) -> float:
        """Macro F1 of certainty over the labels that the gold has."""
        pairs = [pair for report in self.reports for pair in report.certainty]
        return macro_f1(pairs)

    def interval(
        self, level: str = "stance", draws: int = 1000, seed: int = 1
    ) -> tuple[float, float]:
        """Ninety per cent of the F1 of a level when the reports are drawn anew."""
        rng = np.random.default_rng(seed)
        table = np.array(
            [(c.hits, c.found, c.gold) for c in (r.levels[level] for r in self.reports)]
        )
        picks = rng.integers(0, len(table), size=(draws, len(table)))
        sums = table[picks].sum(axis=1)
        f1 = 2 * sums[:, 0] / np.maximum(1e-9, sums[:, 1] + sums[:, 2])
        low, high = np.quantile(f1, (0.05, 0.95))
        return float(low), float(high)

    def table(self) -> list[dict[str, Any]]:
        """One row per level: precision, recall, F1 and the interval of the F1."""
        rows = []
        for level in LEVELS:
            counts = self.level(level)
            low, high = self.interval(level)
            rows.append(
                {
                    "level": NAMES[level],
                    "precision": counts.precision,
                    "recall": counts.recall,
                    "f1": counts.f1,
                    "low": low,
                    "high": high,
                }
            )
        return rows

    def summary(self) -> dict[str, Any]:
        """Everything as one plain dict."""
        return {
            "reports": len(self.reports),
            "levels": self.table(),
            "right_actor": self.right_actor,
            "visible": self.visible,
            "certainty_f1": self.certainty_f1,
            **{name: self.attribute(name) for name in ATTRIBUTES},
        }


@dataclass
class Names:
    """Compares names as a coder would: case, accents, articles, surnames, party names."""

    registry: Registry = field(default_factory=Registry.load)
    _cache: dict[str, str] = field(default_factory=dict)

    def key(self, name: str | None) -> str:
        """A name in the form that is compared; the empty string for nobody."""
        if not name:
            return ""
        if name not in self._cache:
            actor = self.registry.find(name)
            self._cache[name] = fold(actor.name if actor else name)
        return self._cache[name]

    def same(self, found: str | None, gold: str | None) -> bool:
        """Whether two names mean the same.

        >>> Names().same("de Jonge", "Hugo de Jonge"), Names().same("Kaag", "Mark Rutte")
        (True, False)
        """
        a, b = self.key(found), self.key(gold)
        if a == b:
            return True
        if not a or not b:
            return False
        return _tail(a, b) or _tail(b, a)


def fold(name: str) -> str:
    """Lower case, no accents, no articles.

    >>> fold("De Yeşilgöz"), fold("het kabinet")
    ('yesilgoz', 'kabinet')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in split_name(plain) if word not in ARTICLES]
    return " ".join(words)


def _tail(short: str, whole: str) -> bool:
    """A family name stands for the whole name (de Jonge was folded to jonge)."""
    return len(short) > 2 and " " in whole and whole.endswith(" " + short)


def accepted(gold: Gold, name: str) -> list[Any]:
    """The gold's value of a field and every other value its coder allows."""
    return [gold.get(name), *gold.get(f"{name}_ok", ())]


def span_match(a: Sequence[int], b: Sequence[int]) -> float:
    """Overlap if the spans count as the same (IoU >= .3 or .65 of the shorter), else 0."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    if both <= 0:
        return 0.0
    shorter = max(1, min(a[1] - a[0], b[1] - b[0]))
    iou = both / (max(a[1], b[1]) - min(a[0], b[0]))
    return iou + 0.01 if iou >= 0.3 or both / shorter >= 0.65 else 0.0


class Matcher:
    """Compares the claims found in one report with its gold."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def actor(self, claim: Claim, gold: Gold) -> bool:
        """Whether the actor is right."""
        return any(self.names.same(claim.actor, name) for name in accepted(gold, "actor"))

    def level(self, claim: Claim, gold: Gold, level: str) -> bool:
        """Whether a claim agrees with a gold claim at a level, spans apart."""
        if level == "span":
            return True
        if not self.actor(claim, gold):
            return False
        if level == "actor":
            return True
        if claim.stance not in accepted(gold, "stance"):
            return False
        return level == "stance" or (
            issue_match(claim.issue, gold) and claim.certainty in accepted(gold, "certainty")
        )

    def match(
        self, claims: Sequence[Claim], gold: Sequence[Gold], level: str
    ) -> list[tuple[int, int]]:
        """One-to-one pairs (claim, gold) with the largest number of agreements at a level."""
        if not claims or not gold:
            return []
        worth = np.zeros((len(claims), len(gold)))
        for c, claim in enumerate(claims):
            for g, one in enumerate(gold):
                overlap = span_match(claim.span, one["span"])
                if overlap and self.level(claim, one, level):
                    worth[c, g] = 10 + overlap - (5 if one.get("optional") else 0)
                    if level == "span" and self.actor(claim, one):
                        worth[c, g] += 1 + (claim.stance in accepted(one, "stance"))
        rows, columns = linear_sum_assignment(-worth)
        return [(int(c), int(g)) for c, g in zip(rows, columns, strict=True) if worth[c, g] > 0]

    def score(self, name: str, reading: Any, gold: Sequence[Gold]) -> ReportScore:
        """Score one report."""
        claims = list(reading.claims)
        levels = {}
        for level in LEVELS[1:]:
            pairs = self.match(claims, gold, level)
            levels[level] = _counts(pairs, claims, gold)
        levels["sentence"] = _sentences(reading, claims, gold)
        spans = [(c, g) for c, g in self.match(claims, gold, "span") if not gold[g].get("optional")]
        actors = [(c, g) for c, g in self.match(claims, gold, "actor")]
        right = {a: _attribute(a, actors, claims, gold) for a in ATTRIBUTES}
        pairs_of_certainty = tuple(_certainty(claims[c], gold[g]) for c, g in actors)
        good = sum(self.actor(claims[c], gold[g]) for c, g in spans)
        return ReportScore(
            name, levels, right, pairs_of_certainty, _visible(reading, gold), (good, len(spans))
        )


def _counts(pairs: list[tuple[int, int]], claims: Sequence[Claim], gold: Sequence[Gold]) -> Counts:
    free = {c for c, g in pairs if gold[g].get("optional")}
    hits = len(pairs) - len(free)
    needed = sum(not one.get("optional") for one in gold)
    return Counts(hits, len(claims) - len(free), needed)


def _sentences(reading: Any, claims: Sequence[Claim], gold: Sequence[Gold]) -> Counts:
    hits = found = needed = 0
    for sentence in reading.sentences:
        has = any(_touches(claim.span, sentence.span) for claim in claims)
        must = any(_touches(g["span"], sentence.span) for g in gold if not g.get("optional"))
        may = any(_touches(g["span"], sentence.span) for g in gold if g.get("optional"))
        if may and not must:
            continue
        hits += has and must
        found += has
        needed += must
    return Counts(hits, found, needed)


def _touches(a: Sequence[int], b: Sequence[int]) -> bool:
    both = min(a[1], b[1]) - max(a[0], b[0])
    return both > 0 and both >= 0.5 * min(a[1] - a[0], b[1] - b[0])


def _visible(reading: Any, gold: Sequence[Gold]) -> tuple[int, int]:
    shown = [s.span for s in reading.sentences if s.state != "background"]
    needed = [g for g in gold if not g.get("optional")]
    seen = sum(any(_touches(g["span"], span) for span in shown) for g in needed)
    return seen, len(needed)


def _attribute(
    name: str, pairs: list[tuple[int, int]], claims: Sequence[Claim], gold: Sequence[Gold]
) -> tuple[int, int]:
    right = 0
    for c, g in pairs:
        value = getattr(claims[c], name)
        if name == "issue":
            right += issue_match(value, gold[g])
        elif name == "date":
            right += date_match(value, gold[g])
        else:
            right += value in accepted(gold[g], name)
    return right, len(pairs)


def _certainty(claim: Claim, gold: Gold) -> tuple[str, str]:
    value = claim.certainty
    allowed = accepted(gold, "certainty")
    return (value, value) if value in allowed else (value, str(gold.get("certainty")))


def date_match(value: str | None, gold: Gold) -> bool:
    """Whether a date agrees with the gold, exactly or to the precision the gold knows."""
    for day in accepted(gold, "date"):
        if value == day:
            return True
        if value and day and len(day) < 10 and value.startswith(day):
            return True
    return False


def issue_match(value: str | None, gold: Gold) -> bool:
    """Whether two issue labels share a telling word (labels are free, so this is fuzzy).

    >>> issue_match("nitrogen", {"issue": "nitrogen_2030"}), issue_match("wage", {"issue": "deal"})
    (True, False)
    """
    mine = _label_words(value)
    return any(mine & _label_words(label) for label in accepted(gold, "issue"))


def _label_words(label: str | None) -> set[str]:
    words = re.split(r"[_\W]+", (label or "").lower())
    return {word[:6] for word in words if word and word not in ("of", "the", "and", "with", "in")}


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Mean F1 over the labels that occur in the gold; pairs are (found, gold)."""
    pairs = list(pairs)
    scores = []
    for label in sorted({gold for _, gold in pairs}):
        hits = sum(found == gold == label for found, gold in pairs)
        total = sum(found == label for found, _ in pairs) + sum(g == label for _, g in pairs)
        scores.append(2 * hits / total if total else 0.0)
    return float(np.mean(scores)) if scores else float("nan")


def _add(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in counts:
        total = total + one
    return total


def _share(pairs: Iterable[tuple[int, int]]) -> float:
    right = total = 0
    for a, b in pairs:
        right, total = right + a, total + b
    return right / total if total else float("nan")


def load_pairs(folder: Path, lang: str | None = "nl") -> list[tuple[Source, list[dict[str, Any]]]]:
    """Sources with their gold from a folder, in either layout: `x.report.json` or `x.nl.txt`."""
    pairs = []
    for path in sorted(folder.glob("*.claims.json")):
        stem = path.name.removesuffix(".claims.json")
        gold = json.loads(path.read_text(encoding="utf-8"))
        claims = gold["claims"] if isinstance(gold, dict) else gold
        report = folder / f"{stem}.report.json"
        if report.exists():
            about = json.loads(report.read_text(encoding="utf-8"))
            if lang and about.get("lang", lang) != lang:
                continue
            source = Source.of(
                about["text"],
                outlet=about.get("outlet"),
                date=about.get("date"),
                lang=about.get("lang"),
                title=stem,
            )
        else:
            source = _plain(folder, stem, lang)
        pairs.append((source, claims))
    if not pairs:
        raise SourceError(
            [Problem("no annotated reports here", "a folder with x.claims.json", str(folder))]
        )
    return pairs


def _plain(folder: Path, stem: str, lang: str | None) -> Source:
    found = sorted(folder.glob(f"{stem}*.txt"))
    if not found:
        raise SourceError(
            [Problem(f"no text beside {stem}.claims.json", f"{stem}.nl.txt", str(folder))]
        )
    day = re.search(r"\d{4}-\d\d-\d\d", stem)
    text = found[0].read_text(encoding="utf-8")
    return Source.of(text, date=day.group() if day else None, lang=lang, title=stem)


def score_reports(
    reports: Path | str | Iterable[tuple[Source, Sequence[Gold]]], reader: Reader
) -> Score:
    """Read every report and compare with its gold.

    ``reports`` is a folder or pairs of a source and its gold claims; ``reader`` takes a Source
    and gives something with ``claims`` and ``sentences``.
    """
    pairs = load_pairs(Path(reports)) if isinstance(reports, str | Path) else list(reports)
    matcher = Matcher(Names())
    scored = [
        matcher.score(source.title or source.id, reader(source), gold) for source, gold in pairs
    ]
    return Score(tuple(scored))

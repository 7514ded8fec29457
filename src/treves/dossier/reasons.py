"""Why a forecast moved: what is new is left out, one group at a time, and the odds compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from treves.case.evidence import Record
from treves.case.model import Case
from treves.dossier.drafting import Hands, Terms, drafted, newest_day
from treves.dossier.records import Known
from treves.dossier.store import to_json
from treves.forecast.glance import glance

# Leaving one claim out asks for a difference on the same draws, not for another decimal.
LEAN_DRAWS = 500
# More groups than these are not run, or not even drafted, one by one: a party's go together.
MOST_RUNS = 16
MOST_DRAFTS = 64
# A change that no reader would notice is not worth a sentence.
NOTICEABLE = 0.002

STANCE_VERBS = {
    "demand": "asks for",
    "propose": "proposes",
    "support": "supports",
    "accept": "can live with",
    "oppose": "opposes",
    "reject": "rejects",
    "want_deal": "wants a deal",
    "threaten_vote": "threatens a vote",
    "threaten_leave": "threatens to leave",
    "expect": "expects",
    "concede": "gives way on",
    "other": "speaks of",
}
WITHOUT_OBJECT = ("want_deal", "threaten_vote", "threaten_leave")
REJECTED = "rejected in review: "
REVIEWED = "after review: "


class Reason(Record):
    """What moved a forecast: a group of claims alike, a coded case, or the calendar.

    ``effects`` holds per outcome how the probability would have changed back without it.
    """

    what: str
    effects: dict[str, float]
    outlet: str | None = None
    date: str | None = None
    source: str | None = None
    quote: str | None = None
    confided: bool = False
    claims: tuple[str, ...] = Field(default=(), description="Keys of the claims of the group.")


@dataclass(frozen=True)
class _Trial:
    """A case with something left out, and what was left out: keys of claims, or a path."""

    case: Case
    keys: tuple[str, ...] = ()
    path: str | None = None


def reasons(
    earlier: Known, known: Known, hands: Hands, day: dt.date | None, terms: Terms
) -> tuple[Reason, ...]:
    """What moved the forecast, the strongest first: each change since ``earlier`` left out once."""
    lean = Terms(terms.seed, min(terms.draws, LEAN_DRAWS), terms.prior)
    full_case = drafted(known, hands, day)
    full = _odds(full_case, lean)
    found = []
    for trial in _trials(earlier, known, hands, day, full_case):
        effects = _difference(full, full_case, trial.case, lean)
        if effects and trial.path is not None:
            found.append(_amended(trial.path, earlier, known, effects))
        elif effects:
            found.append(_told(trial.keys, earlier, known, full_case, effects))
    if earlier.base != known.base:
        case = drafted(replace(known, base=earlier.base), hands, day)
        effects = _difference(full, full_case, case, lean)
        if effects:
            found.append(Reason(what="the case was coded anew", effects=effects))
    found += _time_passed(earlier, hands, day, lean)
    return tuple(sorted(found, key=lambda r: -max(map(abs, r.effects.values()))))


def _time_passed(
    earlier: Known, hands: Hands, day: dt.date | None, lean: Terms
) -> Iterator[Reason]:
    """What the calendar did by itself: the same knowledge, looked at on a later day."""
    was = newest_day(earlier)
    if was is None or day is None or was == day:
        return
    now = drafted(earlier, hands, day)
    effects = _difference(_odds(now, lean), now, drafted(earlier, hands, was), lean)
    if effects:
        yield Reason(what="days went by", effects=effects, date=day.isoformat())


def _trials(
    earlier: Known, known: Known, hands: Hands, day: dt.date | None, full_case: Case
) -> list[_Trial]:
    """The case without each change that moves a number of it, claims alike together.

    Where none of a party's changes moves a number alone, they say the same: all are left out.
    """

    def without(keys: Sequence[str]) -> _Trial:
        claims = {k: c for k, c in known.claims.items() if k not in keys}
        claims |= {k: earlier.claims[k] for k in keys if k in earlier.claims}
        return _Trial(drafted(replace(known, claims=claims), hands, day), tuple(keys))

    fine, coarse = _groups(earlier, known)
    numbers = _numbers(full_case)
    tried = [without(keys) for keys in (fine if len(fine) <= MOST_DRAFTS else coarse)]
    moving = [trial for trial in tried if _numbers(trial.case) != numbers]
    told = {key for trial in moving for key in trial.keys}
    if len(moving) > MOST_RUNS:
        moving = [without(keys) for keys in coarse if told & set(keys)]
        told = {key for trial in moving for key in trial.keys}
    moving += [without(keys) for keys in coarse if not told & set(keys) and keys not in fine]
    for path in sorted({*earlier.amendments, *known.amendments}):
        if earlier.amendments.get(path) != known.amendments.get(path):
            held = {p: a for p, a in known.amendments.items() if p != path}
            held |= {p: a for p, a in earlier.amendments.items() if p == path}
            moving.append(_Trial(drafted(replace(known, amendments=held), hands, day), path=path))
    return moving


def _difference(
    full: Mapping[str, float], full_case: Case, case: Case, lean: Terms
) -> dict[str, float]:
    """How the outcomes differ from those of a case with less in it; empty if hardly at all."""
    if _numbers(case) == _numbers(full_case):
        return {}
    less = _odds(case, lean, full_case)
    effects = {name: round(full[name] - less[name], 6) for name in full}
    return effects if max(map(abs, effects.values())) >= NOTICEABLE else {}


def _odds(case: Case, terms: Terms, like: Case | None = None) -> Mapping[str, float]:
    """The odds alone, on the same draws as another case: what was left out makes the difference."""
    return glance(case, terms.seed, terms.draws, terms.prior, like).outcomes


def _numbers(case: Case) -> Any:
    """What a case says, without what it rests on."""
    return _without_evidence(case.model_dump(mode="json", exclude={"edits"}))


def _without_evidence(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_evidence(v) for k, v in value.items() if k != "evidence"}
    return [_without_evidence(v) for v in value] if isinstance(value, list) else value


def _groups(earlier: Known, known: Known) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Keys of the claims that are new or were reviewed: those alike together; those of a party."""
    either = {**earlier.claims, **known.claims}
    fine: dict[tuple[Any, ...], list[str]] = {}
    coarse: dict[tuple[Any, ...], list[str]] = {}
    for key, claim in either.items():
        if earlier.claims.get(key) != known.claims.get(key):
            fine.setdefault((claim.party, claim.issue, claim.stance), []).append(key)
            coarse.setdefault((claim.party,), []).append(key)
    return [tuple(keys) for keys in fine.values()], [tuple(keys) for keys in coarse.values()]


def _told(
    keys: Sequence[str], earlier: Known, known: Known, case: Case, effects: dict[str, float]
) -> Reason:
    """A group of claims in words, with its surest sentence."""
    held = {k: known.claims.get(k) or earlier.claims[k] for k in keys}
    key = max(held, key=lambda k: (held[k].certainty == "asserted", held[k].confidence))
    claim = held[key]
    source = next((s for s in known.sources if s.id == claim.source), None)
    about = claim.position or _title(case, claim.issue)
    what = f"{claim.party or claim.actor or 'somebody'} {STANCE_VERBS[claim.stance]}"
    if about and claim.stance not in WITHOUT_OBJECT:
        what += f" {about}"
    if key not in known.claims:
        what = f"{REJECTED}{what}"
    elif key in earlier.claims:
        what = f"{REVIEWED}{what}"
    return Reason(
        what=what,
        effects=effects,
        outlet=source.outlet if source else None,
        date=claim.date or (source.date if source else None),
        source=claim.source,
        quote=claim.quote,
        confided=source.confided if source else False,
        claims=tuple(keys),
    )


def _amended(path: str, earlier: Known, known: Known, effects: dict[str, float]) -> Reason:
    """A number that a person set, or took back."""
    new = known.amendments.get(path)
    if new is None:
        return Reason(what=f"{earlier.amendments[path].by} took back {path}", effects=effects)
    value = to_json(new.value)
    return Reason(
        what=f"{new.by} set {path} to {value}: {new.why}", effects=effects, date=new.at[:10]
    )


def _title(case: Case, issue: str | None) -> str:
    for known in case.issues:
        if known.id == issue:
            return known.title or known.id
    return (issue or "").replace("_", " ")

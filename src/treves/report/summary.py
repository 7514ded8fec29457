"""The one summary that terminal, page, notebook and workbench render. Nothing else is computed.

:func:`summarise` turns a case and its forecast into plain records in the order in which a reader
needs them: headline, how it ends, the gap, deals, who must move, what to find out next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from treves.case.calendar import decides
from treves.case.model import Case
from treves.case.provenance import basis_of
from treves.endgame.calibration import calibration
from treves.forecast.result import Forecast, IssueGap, PackageOdds, ZoneOdds
from treves.forecast.story import Story
from treves.report.brief import brief_of
from treves.report.colours import party_colours
from treves.report.history import Past, moments_of
from treves.report.numbers import Bases, combined, party_line
from treves.report.phrases import (
    exchange_words,
    opening_words,
    package_words,
    parts_of,
    parts_words,
    within,
)
from treves.report.records import (
    Day,
    Deal,
    Gap,
    IssueLine,
    Lever,
    OutcomeBar,
    Outside,
    Record,
    ReportView,
    Summary,
)
from treves.report.story import Teller, beyond, stories
from treves.report.strings import Strings, strings
from treves.report.telling import course_of, threat_of
from treves.report.words import (
    band,
    day,
    hundredths,
    in_ten,
    listed,
    percent,
    round_half_up,
    thousands,
    word_for,
)

__all__ = [
    "OUTCOME_ORDER",
    "Summary",
    "conflict_order",
    "deals_of",
    "exchange_words",
    "opening_words",
    "package_words",
    "summarise",
    "zone_words",
]

OUTCOME_ORDER = ("agreement", "vote_passed", "postponed", "party_leaves", "collapse")
# Shares of draws above and below which a party is said to accept or to refuse a package.
ACCEPTS, REFUSES = 0.75, 0.25
SHOWN_DEALS = 3
MORE_DEALS = 10
# Below this share of the draws a package is no deal that anybody could count on.
POSSIBLE = 0.005


def summarise(
    case: Case,
    forecast: Forecast,
    lang: str = "en",
    history: Sequence[Forecast | Past] = (),
    story: Story | None = None,
    readings: Sequence[ReportView] = (),
    confided: bool = False,
) -> Summary:
    """What to show of a forecast, in plain words and numbers.

    lang: language of the sentences (``en``, ``nl``); titles and labels stay as the case has them.
    history: earlier forecasts of the same dispute, for how the forecast moved. story: the endgame
    explained, for the course of the talks and whether a threat is a bluff. readings: reports to
    show with their claims marked. Sentences told in confidence are only counted, unless
    ``confided``; reports told in confidence must be left out of ``readings`` by the caller.

    Raises InputError on a language that is not there.

    >>> from treves.catalogue import load_example
    >>> from treves.forecast.run import run
    >>> case = load_example("asylum")
    >>> summarise(case, run(case, draws=64), lang="nl").headline[:34]
    'De kans op een akkoord uiterlijk v'
    """
    say = strings(lang)
    order = conflict_order(case, forecast.zone)
    basis = Bases({b.path: b for b in basis_of(case)}, confided)
    deals = deals_of(case, forecast.zone, order, lang)
    shown = _worth_showing(deals)
    levers = _levers(case, forecast, say)
    made = Summary(
        title=case.title or case.id,
        stamp=_stamp(case, forecast, say),
        headline=headline(case, forecast, lang),
        outcomes=tuple(_outcome(forecast, name, say) for name in OUTCOME_ORDER),
        leaves=_leaves(forecast),
        issues=_issue_lines(case, forecast, order, basis, say),
        deals=shown,
        zone=zone_words(forecast.zone, lang),
        tension=_tension(case, forecast, say),
        must_move=_must_move(case, forecast, say),
        questions=tuple(_question(forecast, lever, say) for lever in levers),
        basis=_basis_words(forecast, say),
        method=say(
            "basis.method", version=forecast.version, seed=forecast.seed, prior=forecast.prior
        ),
        notes=_silent(case, say) + combined(case, say),
        lang=lang,
        country=case.country or "",
        order=tuple(order),
        colours=party_colours(case, order),
        more_deals=deals[len(shown) : MORE_DEALS],
        blockers=_blockers(deals, say),
        opening=opening_words(case, forecast.zone, lang),
        exchange=exchange_words(case, forecast.zone, lang),
        stories=stories(Teller(case, forecast, basis, say, story), order),
        levers=levers,
        moments=moments_of(case, forecast, history, lang, confided),
        days=_days(case, say),
        outside=_outside(case, say),
        rule=_rule(case, say),
        kinds=tuple(forecast.basis.items()),
        record=_record(say),
        limits=tuple(say.held("limits")),
        versions=_versions(forecast, say),
        threat=threat_of(story.bluff, say) if story and story.bluff else None,
        course=course_of(story, say) if story else None,
        readings=tuple(readings),
    )
    return replace(made, brief=brief_of(made, say))


def _stamp(case: Case, forecast: Forecast, say: Strings) -> str:
    date, draws = day(case.day, say.lang), thousands(forecast.draws, say.lang)
    return say("headline.stamp", day=date, year=case.day.year, draws=draws)


def _leaves(forecast: Forecast) -> tuple[tuple[str, float], ...]:
    """Who breaks, the likeliest first; below one in a hundred nobody is named."""
    named = [(party, share) for party, share in forecast.leaves.items() if share >= 0.01]
    return tuple(sorted(named, key=lambda item: -item[1]))


def headline(case: Case, forecast: Forecast, lang: str = "en") -> str:
    """The forecast in one sentence with its uncertainty."""
    name, say = forecast.headline, strings(lang)
    kind = name
    if name == "collapse":
        kind = "collapse_government" if case.government else "collapse_talks"
    probability = forecast.outcomes[name]
    return say(
        "headline.unsure" if probability < 0.4 else "headline.likely",
        what=say(f"by_horizon.{kind}", until=day(forecast.horizon, lang)),
        word=word_for(probability, lang),
        chance=in_ten(probability, lang),
        band=band(*forecast.intervals[name], lang),
    )


def deals_of(case: Case, zone: ZoneOdds, order: list[str], lang: str = "en") -> tuple[Deal, ...]:
    """The packages of a zone in words, likeliest first; of those alike in words, the likeliest."""
    found: dict[tuple[str, ...], Deal] = {}
    for odds in zone.packages:
        alike = tuple(
            i.nearest_label(odds.values[i.id]) or f"{odds.values[i.id]}" for i in case.issues
        )
        if alike not in found:
            found[alike] = _deal(case, odds, order, strings(lang))
    return tuple(found.values())


def conflict_order(case: Case, zone: ZoneOdds) -> list[str]:
    """Parties along the main line of conflict: by position on the issue with the widest gap."""
    gaps = zone.gaps
    main = max(case.issues, key=lambda i: gaps[i.id].size if i.id in gaps else -100.0)

    def place(party: str) -> float:
        position = case.stance(party, main.id).position
        return -position.mode if position else 1.0

    return sorted((p.id for p in case.parties), key=place)


def zone_words(zone: ZoneOdds, lang: str = "en") -> str:
    """How likely it is that there is a deal at all; after a search, what it can have missed."""
    say, looked_at = strings(lang), thousands(zone.packages_looked_at, lang)
    share = percent(zone.share_in_box)
    if zone.left_out is None:
        return say("deals.zone", share=share, coverage=say("deals.packages", count=looked_at))
    whole = thousands(zone.packages_in_all, lang)
    found = say("deals.some_packages", count=looked_at, whole=whole)
    told = [
        say("deals.zone", share=share, coverage=found),
        say(
            "deals.left_out",
            most=percent(zone.left_out),
            draws=thousands(zone.draws_searched, lang),
        ),
    ]
    # The search looks for what everybody accepts, whatever a rule would let through.
    if any(package.carried is not None for package in zone.packages):
        told.append(say("deals.by_rule"))
    return ". ".join(told)


def _worth_showing(deals: tuple[Deal, ...]) -> tuple[Deal, ...]:
    """The best deals; where none is possible, only the one that comes nearest."""
    possible = tuple(d for d in deals if d.probability >= POSSIBLE)
    return possible[:SHOWN_DEALS] or deals[:1]


def _outcome(forecast: Forecast, name: str, say: Strings) -> OutcomeBar:
    probability = forecast.outcomes[name]
    low, high = forecast.intervals[name]
    chance = say(
        "headline.interval", chance=in_ten(probability, say.lang), band=band(low, high, say.lang)
    )
    return OutcomeBar(
        name, probability, low, high, say(f"outcome.{name}"), percent(probability), chance
    )


def _issue_lines(
    case: Case, forecast: Forecast, order: list[str], basis: Bases, say: Strings
) -> tuple[IssueLine, ...]:
    lines = []
    for issue in case.issues:
        gap = forecast.zone.gaps.get(issue.id)
        lines.append(
            IssueLine(
                issue=issue.id,
                title=issue.title or issue.id,
                points=tuple(sorted(issue.points.items())),
                parties=tuple(party_line(case, p, issue, basis, say) for p in order),
                gap=_gap_words(gap, say) if gap else "",
                span=_span(gap) if gap else None,
                status_quo=issue.status_quo,
            )
        )
    return tuple(lines)


def _gap_words(gap: IssueGap, say: Strings) -> str:
    if gap.size > 0:
        return say(
            "gap.gap",
            size=round_half_up(gap.size),
            chance=in_ten(1.0 - gap.overlap, say.lang),
            who=listed([p for p in (gap.holds_lower, gap.holds_upper) if p], say.lang),
        )
    return say(
        "gap.room",
        low=round_half_up(gap.lower),
        high=round_half_up(gap.upper),
        chance=in_ten(gap.overlap, say.lang),
    )


def _span(gap: IssueGap) -> Gap:
    # `lower` is the highest of the lower edges: beyond `upper`, the lowest upper edge, in a gap.
    ends = sorted((gap.lower, gap.upper))
    holders = tuple(p for p in (gap.holds_lower, gap.holds_upper) if p)
    return Gap(gap.size > 0, ends[0], ends[1], gap.overlap, holders)


def _deal(case: Case, odds: PackageOdds, order: list[str], say: Strings) -> Deal:
    blocked = ""
    if odds.blocker and odds.blocking_issue:
        issue = within(case, odds.blocking_issue)
        blocked = say("deals.blocked", party=odds.blocker, issue=issue)
    parts = parts_of(case, odds.values)
    asked = [p for p in order if p in odds.accepts]
    return Deal(
        words=parts_words(parts),
        probability=odds.probability,
        parties=tuple((p, _verdict(odds.accepts[p])) for p in asked),
        blocked_by=blocked,
        figure=percent(odds.probability),
        parts=parts,
        shares=tuple((p, odds.accepts[p]) for p in asked),
        carried=odds.carried,
    )


def _verdict(share: float) -> str:
    if share >= ACCEPTS:
        return "accepts"
    return "refuses" if share <= REFUSES else "unsure"


def _blockers(deals: tuple[Deal, ...], say: Strings) -> str:
    """Who blocks most of the packages that are listed and not safe."""
    counted = Counter(d.blocked_by for d in deals if d.blocked_by and d.probability < ACCEPTS)
    if not counted:
        return ""
    return say("deals.blockers", blocked=counted.most_common(1)[0][0])


def _tension(case: Case, forecast: Forecast, say: Strings) -> str:
    """Where worth and red lines disagree: all would rather have a package that somebody refuses."""
    stakes = forecast.stakes
    needed = [p.id for p in case.parties if p.role == "coalition"]
    if not forecast.endings or not all(
        stakes[p].likely_package > stakes[p].collapse for p in needed
    ):
        return ""
    values = forecast.endings[0].values
    refusing = [p.id for p in case.parties if beyond(case, p.id, values)]
    if not refusing:
        return ""
    package = package_words(case, values)
    return say("deals.tension", package=package, who=listed(refusing, say.lang))


def _must_move(case: Case, forecast: Forecast, say: Strings) -> tuple[str, ...]:
    words = []
    for issue in case.issues:
        gap = forecast.zone.gaps.get(issue.id)
        if gap is None or gap.size <= 0 or not (gap.holds_lower and gap.holds_upper):
            continue
        words.append(
            say(
                "deals.move",
                issue=within(case, issue.id),
                lower_party=gap.holds_lower,
                lower=round_half_up(gap.lower),
                upper_party=gap.holds_upper,
                upper=round_half_up(gap.upper),
                size=round_half_up(gap.size),
            )
        )
    return tuple(words)


def _levers(case: Case, forecast: Forecast, say: Strings) -> tuple[Lever, ...]:
    found: dict[str, Lever] = {}
    for q in forecast.questions:
        issue = within(case, q.issue) if q.issue else ""
        text = say(f"question.{q.field}", party=q.party, issue=issue)
        path = ".".join(part for part in (q.party, q.issue, q.field) if part)
        swing = 100.0 * q.swing
        words = say("question.points", points=max(1, round_half_up(swing)))
        found.setdefault(text, Lever(text, swing, path, words))
    return tuple(found.values())


def _question(forecast: Forecast, lever: Lever, say: Strings) -> str:
    outcome = forecast.headline.replace("_", " ")
    if say.lang != "en":
        outcome = say(f"outcome.{forecast.headline}")
    points = max(1, round_half_up(lever.swing))
    return say("question.swing", text=lever.text, outcome=outcome, points=points)


def _basis_words(forecast: Forecast, say: Strings) -> str:
    kinds = forecast.basis
    return say("basis.counts", total=sum(kinds.values()), **kinds)


def _silent(case: Case, say: Strings) -> tuple[str, ...]:
    silent = [p.id for p in case.parties if not case.positions.get(p.id)]
    return (say("basis.silent", who=listed(silent, say.lang)),) if silent else ()


def _days(case: Case, say: Strings) -> tuple[Day, ...]:
    found = []
    for meeting in sorted(case.calendar, key=lambda m: m.date):
        if meeting.date >= case.day:
            what = say("day.decides" if decides(meeting) else "day.later")
            name = meeting.label or say.held("day.kinds").get(meeting.kind, meeting.kind)
            label = f"{name} ({what})"
            found.append(Day(meeting.date.isoformat(), day(meeting.date, say.lang), label))
    return tuple(found)


def _outside(case: Case, say: Strings) -> tuple[Outside, ...]:
    found = []
    for fact in case.facts:
        value = thousands(round_half_up(fact.value.mode), say.lang)
        if not fact.value.mode.is_integer():
            value = f"{fact.value.mode:g}"
        words = say(
            f"fact.{fact.comparator}", quantity=fact.quantity, value=value, unit=fact.unit or ""
        )
        bears = tuple(say(f"fact.{b.direction}", party=b.party) for b in fact.bears_on)
        found.append(Outside(words.strip(), bears, fact.source or ""))
    return tuple(found)


def _rule(case: Case, say: Strings) -> str:
    rule = case.rule
    decision = say(
        f"rule.{rule.decision}",
        quota=f"{rule.quota or 0:g}",
        holders=listed(list(rule.holders), say.lang),
        chair=rule.chair or case.chair or "",
    )
    fallback = say(f"rule.{rule.fallback}")
    return say(
        "rule.sentence",
        body=case.body or case.title or case.id,
        decision=decision,
        fallback=f"; {fallback}" if fallback else "",
    )


def _record(say: Strings) -> Record:
    """How good the odds were on the coded crises, from the file that the fit wrote."""
    fitted = calibration()
    scores = fitted["scores"]["collapse, all"]
    tree, base = scores["tree"], scores["base rate"]
    low, high = tree["brier 95%"]
    numbers = {"brier": hundredths(tree["brier"], say.lang)}
    numbers["base"] = hundredths(base["brier"], say.lang)
    return Record(
        say("record.short", cases=fitted["cases"], **numbers),
        (
            say("record.fitted", cases=fitted["cases"]),
            say(
                "record.brier",
                low=hundredths(low, say.lang),
                high=hundredths(high, say.lang),
                **numbers,
            ),
            say("record.auc", auc=round_half_up(100 * tree["auc"])),
        ),
    )


def _versions(forecast: Forecast, say: Strings) -> tuple[str, ...]:
    library = forecast.outcomes_by_prior.get("library", {})
    odds = ", ".join(
        f"{say(f'outcome.{name}')} {percent(library[name])}"
        for name in OUTCOME_ORDER
        if library.get(name, 0.0) > 0
    )
    made = say("page.made", draws=thousands(forecast.draws, say.lang), hash=forecast.case_hash[:19])
    return (say("page.world", odds=odds), made) if odds and forecast.prior == "world" else (made,)

"""The forecast that lives: what moved it, what would have been said then, who tampered."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.dossier.hands import HANDS, TERMS, clock, new_store

from treves.case.evidence import Source
from treves.case.model import Case
from treves.catalogue import folder, sources_of
from treves.dossier import living, schema
from treves.dossier.drafting import Terms
from treves.dossier.living import Step, add_base, add_own, add_report, rebuild, renew
from treves.dossier.records import begin_dispute
from treves.dossier.reviews import Review, add_review
from treves.dossier.room import Room
from treves.dossier.store import Store
from treves.dossier.verify import verify
from treves.errors import CaseError, InputError
from treves.forecast.glance import glance
from treves.forecast.result import Forecast, Prior

REPORTS = sources_of(folder("asylum"))
DAYS = ("2023-07-05", "2023-07-06", "2023-07-07")
DATED = [s.model_copy(update={"date": d}) for s, d in zip(REPORTS, DAYS, strict=True)]


@pytest.fixture(scope="module")
def early(asylum: Case) -> Case:
    """The case as it could have been coded before the first of the reports."""
    return asylum.model_copy(
        update={
            "as_of": dt.date(2023, 7, 4),
            "moves": tuple(m for m in asylum.moves if m.date < dt.date(2023, 7, 4)),
            "facts": (),
        }
    )


def follow(path: Path, base: Case, reports: list[Source]) -> tuple[Store, list[Step]]:
    store = new_store(path, base)
    renew(store, "asylum", HANDS, "tester", TERMS)
    return store, [add_report(store, "asylum", s, HANDS, "tester", TERMS) for s in reports]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, early: Case) -> tuple[Store, list[Step]]:
    return follow(tmp_path_factory.mktemp("d") / "d.db", early, DATED)


def test_a_report_moves_the_forecast_and_the_sentence_is_named(
    followed: tuple[Store, list[Step]],
) -> None:
    _, steps = followed
    step = steps[2]
    assert step.is_new
    assert step.claims > 5
    assert step.before is not None
    assert step.forecast is not None
    assert step.before != step.forecast.outcomes
    strongest = next(r for r in step.reasons if r.quote)
    assert strongest.quote
    assert strongest.quote in DATED[2].text
    assert strongest.outlet == "NU.nl"
    assert set(strongest.effects) == set(step.forecast.outcomes)
    sizes = [max(map(abs, r.effects.values())) for r in step.reasons]
    assert sizes == sorted(sizes, reverse=True)


def test_an_effect_is_the_forecast_with_and_without_the_sentence(
    followed: tuple[Store, list[Step]],
) -> None:
    store, steps = followed
    reason = next(r for r in steps[2].reasons if r.claims)
    with store.adding("review", "anna", "asylum") as batch:
        for key in reason.claims:
            add_review(batch, "asylum", Review(key, "rejected", "anna", batch.at, {}))
    without = renew(store, "asylum", HANDS, "anna", TERMS)
    full, less = steps[2].forecast, without.forecast
    assert full is not None
    assert less is not None
    assert full.of is not None
    assert less.of is not None
    whole = glance(full.of, TERMS.seed, TERMS.draws)
    rest = glance(less.of, TERMS.seed, TERMS.draws, like=full.of)
    for name, effect in reason.effects.items():
        assert whole.outcomes[name] - rest.outcomes[name] == pytest.approx(effect, abs=1e-6)
        # The forecasts, each with draws of its own, say about the same.
        assert full.outcomes[name] - less.outcomes[name] == pytest.approx(effect, abs=0.01)
    (told,) = without.reasons
    assert (told.claims, told.quote) == (reason.claims, reason.quote)
    assert told.what == f"rejected in review: {reason.what}"


def test_the_same_report_twice_changes_nothing(tmp_path: Path, early: Case) -> None:
    store, _ = follow(tmp_path / "d.db", early, DATED[:1])
    again = add_report(store, "asylum", DATED[0], HANDS, "tester", TERMS)
    assert not again.is_new
    assert again.note == "it changes no number"
    assert len(store.rows(select(schema.forecasts))) == 2


def test_the_same_case_on_other_terms_or_by_another_treves_is_forecast_anew(
    tmp_path: Path, early: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "d.db", early)
    first = renew(store, "asylum", HANDS, "tester", TERMS)
    assert renew(store, "asylum", HANDS, "tester", TERMS).note == "it changes no number"
    library = renew(store, "asylum", HANDS, "tester", replace(TERMS, prior="library"))
    assert library.forecast is not None
    assert first.forecast is not None
    assert library.forecast.outcomes != first.forecast.outcomes
    monkeypatch.setattr(living, "__version__", "later")
    assert renew(store, "asylum", HANDS, "tester", replace(TERMS, prior="library")).forecast


def test_what_was_known_then_holds_nothing_from_later(
    tmp_path: Path, followed: tuple[Store, list[Step]], early: Case
) -> None:
    for k, day in enumerate(DAYS[:2], 1):
        then = dt.date.fromisoformat(day)
        only, _ = follow(tmp_path / f"{k}.db", early, DATED[:k])
        short = rebuild(only, "asylum", then, HANDS, TERMS)
        whole = rebuild(followed[0], "asylum", then, HANDS, TERMS)
        assert whole.to_json() == short.to_json()
        made = followed[1][k - 1].forecast
        assert made is not None
        assert whole.outcomes == made.outcomes


def test_a_case_coded_later_and_a_later_review_are_not_known_before(
    tmp_path: Path, early: Case, asylum: Case
) -> None:
    store, _ = follow(tmp_path / "d.db", early, DATED[:2])
    then = dt.date.fromisoformat(DAYS[0])
    before = rebuild(store, "asylum", then, HANDS, TERMS).to_json()
    add_base(store, "asylum", asylum, HANDS, "tester", TERMS)
    key = store.rows(select(schema.claims.c.key))[0]["key"]
    with store.adding("review", "anna", "asylum") as batch:
        add_review(batch, "asylum", Review(key, "rejected", "anna", batch.at, {}))
    Room(store, "asylum", HANDS, TERMS).edit("CU.collapse", 0.9, "anna", "heard later")
    assert rebuild(store, "asylum", then, HANDS, TERMS).to_json() == before
    now = rebuild(store, "asylum", store.clock().date(), HANDS, TERMS)
    assert now.to_json() != before
    with pytest.raises(CaseError, match="too few parties"):
        rebuild(store, "asylum", dt.date(2020, 1, 1), HANDS, TERMS)


def test_without_a_coded_case_reports_are_kept_until_one_can_be_begun(tmp_path: Path) -> None:
    store = new_store(tmp_path / "d.db")
    thin = Source.of("De VVD eist een strengere asielwet.", date="2023-07-01", lang="nl")
    step = add_report(store, "asylum", thin, HANDS, "tester", TERMS)
    assert step.is_new
    assert step.forecast is None
    assert "too few parties" in step.note
    assert add_report(store, "asylum", DATED[1], HANDS, "tester", TERMS).forecast is not None


def test_days_that_go_by_are_told_apart_from_what_was_said(tmp_path: Path, early: Case) -> None:
    calm = Source.of("Er is niets te melden.", date="2023-07-08", lang="nl")
    _, (step,) = follow(tmp_path / "d.db", early, [calm])
    assert step.claims == 0
    assert [r.what for r in step.reasons] == ["days went by"]


def test_an_untouched_ledger_verifies_and_its_forecasts_come_out_again(
    followed: tuple[Store, list[Step]],
) -> None:
    found, seen = verify(followed[0])
    assert found == []
    assert seen["again"] >= 4
    assert seen["head"].startswith("sha256:")


EDITS = {
    "forecasts": (
        "UPDATE forecasts SET body_json = replace(body_json, '0.', '0.9') WHERE seq = 2",
        ("forecasts row 2", "was changed", "is not the hash of what it says"),
    ),
    "texts": ("UPDATE texts SET text = text || '!' WHERE seq = 1", ("texts row 1", "was changed")),
    "claims": (
        "UPDATE claims SET stance = 'accept', body_json = replace(body_json, 'a', 'b')"
        " WHERE seq = 3",
        ("claims row 3", "was changed"),
    ),
    "gone": ("DELETE FROM claims WHERE seq = 4", ("log entry", "1 of its rows are gone")),
    "log": ("UPDATE log SET by = 'nobody' WHERE seq = 2", ("log entry 2 was changed",)),
    "entry": ("DELETE FROM log WHERE seq = 2", ("log entry 2 is gone", "the entry before it")),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_row_is_found_and_named(
    edit: str, tmp_path: Path, followed: tuple[Store, list[Step]]
) -> None:
    raw = sqlite3.connect(followed[0].path)
    copy = sqlite3.connect(tmp_path / "copy.db")
    raw.backup(copy)
    table = "log" if edit in ("log", "entry") else "claims" if edit == "gone" else edit
    for verb in ("update", "delete"):
        copy.execute(f"DROP TRIGGER {table}_no_{verb}")
    command, words = EDITS[edit]
    copy.execute(command)
    copy.commit()
    copy.close()
    found, _ = verify(Store.open(tmp_path / "copy.db"), rerun=False)
    text = "\n".join(found)
    assert all(word in text for word in words), text


def test_a_forecast_that_was_made_up_with_all_its_hashes_is_found_by_running_it_again(
    tmp_path: Path, early: Case
) -> None:
    from treves.dossier import drafting

    store = new_store(tmp_path / "d.db", early)
    honest = drafting.run

    def liar(case: Case, seed: int, draws: int, prior: Prior) -> Forecast:
        made = honest(case, seed, draws, prior)
        return made.model_copy(update={"outcomes": {**made.outcomes, "collapse": 0.9}})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafting, "run", liar)
        renew(store, "asylum", HANDS, "tester", TERMS)
    (fault,) = verify(store)[0]
    assert "forecasts row 1" in fault
    assert "differs at outcomes.collapse" in fault


def test_ones_own_forecast_stands_in_the_same_chain(tmp_path: Path, early: Case) -> None:
    store, _ = follow(tmp_path / "d.db", early, DATED[:1])
    odds = {"agreement": 0.3, "collapse": 0.7}
    days = (dt.date(2023, 7, 5), dt.date(2023, 7, 7))
    mine = add_own(store, "asylum", "anna", odds, days)
    last = store.rows(select(schema.forecasts))[-1]
    assert (last["id"], last["kind"], last["by"]) == (mine, "mine", "anna")
    assert json.loads(last["outcomes_json"]) == odds
    assert verify(store)[0] == []


def test_an_unknown_dispute_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "d.db", create=True, clock=clock())
    begin_dispute(store, "asylum", "me", None)
    with pytest.raises(InputError, match="no dispute climate"):
        add_report(store, "climate", DATED[0], HANDS, "me", Terms(draws=64))

"""Work in the background: progress, cancelling, bounds; results computed once."""

from __future__ import annotations

import threading
import time

import pytest

from treves.catalogue import load_example
from treves.errors import InputError, Problem
from treves.web.jobs import MOST_OF_ONE, WORKERS, Busy, Jobs, NotThere, Step
from treves.web.memo import Gate, Memo, Superseded
from treves.web.works import vary


def test_a_job_says_how_far_it_is_and_is_cancelled() -> None:
    told: list[str] = []
    jobs = Jobs(lambda job: told.append(job.words))
    begun = threading.Event()

    def work(step: Step) -> None:
        for k in range(1000):
            step(f"part {k}", k / 1000)
            begun.set()
            time.sleep(0.01)

    job = jobs.start("d", "work", work)
    assert begun.wait(5)
    assert jobs.cancel(job.id).wait(5).state == "cancelled"
    assert "part 0" in told
    assert job.record()["result"] is None
    jobs.close()


def test_a_sensitivity_is_cancelled_midway() -> None:
    jobs = Jobs(lambda job: told.append((job.words, job.progress)))
    told: list[tuple[str, float | None]] = []
    case = load_example("asylum")

    def work(step: Step) -> None:
        def heard(words: str, share: float | None) -> None:
            step(words, share)
            if len(told) > 3:  # somebody presses Cancel while the third number is varied
                jobs.cancel(job_id[0])

        vary(case, heard)

    job_id = ["1"]
    job = jobs.start("d", "sensitivity", work)
    assert job.id == job_id[0]
    assert job.wait(60).state == "cancelled"
    assert any(words.startswith("varying VVD") and share == 0.0 for words, share in told)
    assert not any(words.startswith("looking for") for words, _ in told)
    jobs.close()


def test_a_job_that_fails_says_why() -> None:
    jobs = Jobs()

    def refused(_: Step) -> None:
        raise InputError([Problem("no report", "a report")])

    assert "no report" in jobs.start("d", "x", refused).wait(5).error
    assert "ZeroDivisionError" in jobs.start("d", "x", lambda _: 1 / 0).wait(5).error
    with pytest.raises(NotThere):
        jobs.get("77")
    jobs.close()


def test_too_many_jobs_are_refused_and_waiting_ones_cancelled() -> None:
    jobs, gate = Jobs(), threading.Event()
    held = [jobs.start("d", "x", lambda _: gate.wait(10)) for _ in range(MOST_OF_ONE)]
    with pytest.raises(Busy):
        jobs.start("d", "x", lambda _: None)
    jobs.start("other", "x", lambda _: None)
    assert jobs.cancel(held[-1].id).state == "cancelled"
    gate.set()
    assert [job.wait(5).state for job in held[:WORKERS]] == ["done"] * WORKERS
    jobs.close()


def test_a_result_is_made_once_for_all_who_ask_at_once() -> None:
    memo, made = Memo(10), []

    def make() -> int:
        time.sleep(0.1)
        made.append(1)
        return len(made)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(memo.get("k", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 8


def test_an_error_is_told_to_all_and_not_kept() -> None:
    memo = Memo(10)
    with pytest.raises(ZeroDivisionError):
        memo.get("k", lambda: 1 // 0)
    assert memo.get("k", lambda: 5) == 5


def test_of_a_session_only_the_newest_request_is_answered() -> None:
    gate = Gate(1)
    order: list[str] = []

    def ask(name: str, session: str) -> None:
        try:
            with gate.place(session):
                order.append(name)
        except Superseded:
            order.append(f"{name} dropped")

    threads = []
    with gate.place():
        for name, session in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")):
            threads.append(threading.Thread(target=ask, args=(name, session)))
            threads[-1].start()
            time.sleep(0.02)
    for thread in threads:
        thread.join(5)
    assert sorted(order) == ["a1 dropped", "a2 dropped", "a3", "b1"]

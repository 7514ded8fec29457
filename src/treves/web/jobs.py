"""Work that takes longer than a click: it says how far it is and can be cancelled."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from treves.errors import InputError, Problem, TrevesError

State = Literal["waiting", "running", "done", "failed", "cancelled"]
OVER = ("done", "failed", "cancelled")
WORKERS = 2
# A job takes seconds: more waiting than this is a mistake or an attack.
MOST_WAITING, MOST_OF_ONE = 40, 8
KEPT = 200


class Busy(TrevesError):
    """Too much work is waiting already."""


class Cancelled(Exception):
    """Raised inside a job when somebody does not want it any more."""


class NotThere(InputError):
    """Something that was asked for by name is not there."""

    @classmethod
    def called(cls, kind: str, name: str) -> NotThere:
        """The error for a thing of a kind; the name is quoted at a bounded length."""
        return cls([Problem(f"there is no {kind} {name[:80]}", "one that is listed")])


Step = Callable[[str, float | None], None]
Task = Callable[[Step], Any]


@dataclass
class Job:
    """One piece of work; ``progress`` is a share from 0 to 1, None where it is not known."""

    id: str
    dossier: str
    what: str
    state: State = "waiting"
    progress: float | None = None
    words: str = ""
    result: Any = None
    error: str = ""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _over: threading.Event = field(default_factory=threading.Event, repr=False)

    def record(self) -> dict[str, Any]:
        """The job as plain data."""
        names = ("id", "dossier", "what", "state", "progress", "words", "result", "error")
        return {name: getattr(self, name) for name in names}

    def wait(self, timeout: float | None = None) -> Job:
        """The same job, over or after so many seconds."""
        self._over.wait(timeout)
        return self

    def step(self, words: str, progress: float | None = None) -> None:
        """Say how far the work is; raises Cancelled when it is no longer wanted."""
        if self._stop.is_set():
            raise Cancelled
        self.words, self.progress = words, progress


class Jobs:
    """The work of a desk: a few threads, a bounded queue, the last results kept.

    >>> jobs = Jobs()
    >>> jobs.start("d", "sum", lambda step: 1 + 1).wait(5).result
    2
    """

    def __init__(self, told: Callable[[Job], None] = lambda _: None) -> None:
        self._told = told
        self._held: dict[str, Job] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="treves-job")

    def start(self, dossier: str, what: str, task: Task) -> Job:
        """Begin some work. Raises Busy when too much is waiting."""
        with self._lock:
            open_ = [job for job in self._held.values() if job.state not in OVER]
            own = sum(job.dossier == dossier for job in open_)
            if len(open_) >= MOST_WAITING or own >= MOST_OF_ONE:
                raise Busy(f"{len(open_)} jobs are waiting: try again when some are done")
            job = Job(str(next(self._numbers)), dossier, what)
            self._held[job.id] = job
            over = [j.id for j in self._held.values() if j.state in OVER]
            for old in over[: max(0, len(self._held) - KEPT)]:
                del self._held[old]
        self._pool.submit(self._run, job, task)
        return job

    def done(self, dossier: str, what: str, result: Any) -> Job:
        """Work that needs no doing: its result is known."""
        job = Job("0", dossier, what, "done", 1.0, result=result)
        job._over.set()
        return job

    def get(self, id_: str) -> Job:
        """The job of that id. Raises NotThere."""
        try:
            return self._held[id_]
        except KeyError:
            raise NotThere.called("job", id_) from None

    def of(self, dossier: str) -> list[Job]:
        """The jobs of a dossier, oldest first."""
        with self._lock:
            return [job for job in self._held.values() if job.dossier == dossier]

    def cancel(self, id_: str) -> Job:
        """Ask a job to stop; what it was doing is dropped at its next step."""
        job = self.get(id_)
        job._stop.set()
        if job.state == "waiting":
            self._close(job, "cancelled")
        return job

    def close(self) -> None:
        """Stop everything."""
        for job in list(self._held.values()):
            job._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Job, task: Task) -> None:
        if job.state == "cancelled":
            return
        job.state = "running"
        self._told(job)

        def step(words: str, progress: float | None = None) -> None:
            job.step(words, progress)
            self._told(job)

        try:
            job.result = task(step)
            job.progress = 1.0
            self._close(job, "done")
        except Cancelled:
            self._close(job, "cancelled")
        except TrevesError as error:
            job.error = str(error)
            self._close(job, "failed")
        except Exception as error:  # a thread that dies silently would leave the job running
            job.error = f"this should not have happened ({type(error).__name__}: {error})"
            self._close(job, "failed")

    def _close(self, job: Job, state: State) -> None:
        job.state = state
        job._over.set()
        self._told(job)

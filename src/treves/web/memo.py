"""Results kept by what they are of, each computed once however many ask at the same time."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from treves.errors import TrevesError


class Superseded(TrevesError):
    """A newer request of the same session made this one pointless."""


class Memo:
    """The last ``size`` results; who asks for one that is being made waits for it.

    >>> memo = Memo(2)
    >>> memo.get("a", lambda: 1), memo.get("a", lambda: 2), memo.held("b")
    (1, 1, None)
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result of a key; made now if nobody has. An error is raised and not kept."""
        with self._lock:
            future = self._held.get(key)
            mine = future is None
            if future is None:
                future = self._held[key] = Future()
            self._held.move_to_end(key)
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        if mine:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._held.pop(key, None)
                future.set_exception(error)
        return future.result()

    def held(self, key: Hashable) -> Any | None:
        """The result of a key if it is there already."""
        future = self._held.get(key)
        done = future is not None and future.done() and future.exception() is None
        return future.result() if future is not None and done else None


class Gate:
    """Lets as many compute at once as there are cores; of one session only the newest request.

    Sliders send faster than a game can be solved: what was overtaken while it waited is dropped.
    """

    def __init__(self, places: int | None = None) -> None:
        self._places = threading.BoundedSemaphore(places or os.cpu_count() or 2)
        self._lock = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()

    @contextmanager
    def place(self, session: str | None = None) -> Iterator[None]:
        """A place to compute in. Raises Superseded when overtaken by the same session."""
        ticket = self._ticket(session) if session else 0
        with self._places:
            if session and self._newest.get(session, ticket) != ticket:
                raise Superseded("a newer change is being computed")
            yield

    def _ticket(self, session: str) -> int:
        with self._lock:
            ticket = self._newest.get(session, 0) + 1
            self._newest[session] = ticket
            self._newest.move_to_end(session)
            while len(self._newest) > 10_000:
                self._newest.popitem(last=False)
        return ticket

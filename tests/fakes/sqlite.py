"""SQLite that answers at once: the loop waits for it, so virtual time stands still."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import aiosqlite.core
import pytest

LONGEST_SECONDS = 30


def answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every statement is over before anything else happens."""
    monkeypatch.setattr(aiosqlite.core.Connection, "_execute", _execute)
    monkeypatch.setattr(aiosqlite.core.Connection, "_connect", _connect)


async def _execute(
    self: Any, function: Callable[..., Any], *given: Any, **named: Any
) -> Any:
    if not self._running or not self._connection:
        raise ValueError("Connection closed")
    return _in_its_thread(self, partial(function, *given, **named))


async def _connect(self: Any) -> Any:
    if self._connection is None:
        self._connection = _in_its_thread(self, self._connector)
    return self


def _in_its_thread(connection: Any, function: Callable[[], Any]) -> Any:
    done: Future[Any] = Future()

    def work() -> None:
        try:
            done.set_result(function())
        except BaseException as error:  # it is raised where it was asked for
            done.set_exception(error)

    connection._tx.put_nowait((None, work))
    return done.result(LONGEST_SECONDS)

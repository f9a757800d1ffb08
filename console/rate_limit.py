"""How many requests a caller may send: a bucket each, which fills up steadily."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from console.caller import caller_of
from console.errors import refusal
from console.middleware import OPEN_FOLDER, OPEN_PATHS

CALLERS_REMEMBERED = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """Lets `burst` requests of a caller through at once, and `per_second` in the long run."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second, self._burst, self._now = per_second, burst, now
        self._callers: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, caller: str) -> float:
        """Take one; returns the seconds until there is one again, 0 when there was."""
        bucket = self._bucket(caller)
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / self._per_second

    def _bucket(self, caller: str) -> _Bucket:
        now = self._now()
        bucket = self._callers.get(caller)
        if bucket is None:
            bucket = self._callers[caller] = _Bucket(left=self._burst, at=now)
        filled = bucket.left + (now - bucket.at) * self._per_second
        bucket.left, bucket.at = min(self._burst, filled), now
        self._callers.move_to_end(caller)
        if len(self._callers) > CALLERS_REMEMBERED:
            self._callers.popitem(last=False)
        return bucket


class RateLimit:
    """Refuses with 429 what a caller sends too fast; metrics, health and files are free."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self._app, self._buckets = app, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it."""
        app = self._app
        if scope["type"] == "http" and not _always_open(scope["path"]):
            seconds = self._buckets.take(caller_of(scope))
            app = _too_fast(math.ceil(seconds)) if seconds else app
        await app(scope, receive, send)


def _always_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)


def _is_free(path: str) -> bool:
    """Health and metrics; and files, for a page needs several at once."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)


def _too_fast(seconds: int) -> ASGIApp:
    return refusal(
        429,
        "too_many_requests",
        f"Too many requests; wait {seconds} s, and send fewer: live events "
        "(/api/v1/events) tell what happens without asking.",
        headers={"retry-after": str(seconds)},
    )

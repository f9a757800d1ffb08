"""Watches the hotline while calls come: every few seconds, as a shift manager would."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was so at a moment, in seconds since the first call was due."""

    seconds: float
    on_phones: int
    waiting: int
    longest_wait_seconds: float


class Watch:
    """The looks, from the first to the last."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api
        self.looks: list[Look] = []

    async def work(self, seconds: float, spoilt: Callable[[], bool]) -> None:
        """Look until the time is over, or something has gone wrong."""
        begin = time.monotonic()
        while (since := time.monotonic() - begin) < seconds and not spoilt():
            try:
                self.looks.append(await asyncio.to_thread(self._look, since))
            except (ServiceUnreachable, RequestRefused, httpx.HTTPError) as error:
                logger.warning("the hotline does not answer: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self, since: float) -> Look:
        agents, (queue,) = self._api.get("/agents"), self._api.get("/queues")
        for agent in agents:
            self._go_on(agent)
        there = [a for a in agents if a["state"] not in ("paused", "logged_out")]
        return Look(
            seconds=round(since, 1),
            on_phones=len(there),
            waiting=queue["waiting"],
            longest_wait_seconds=queue["longest_wait_seconds"],
        )

    def _go_on(self, agent: dict[str, Any]) -> None:
        """Who missed a call is asked to go on; who is at another post stays there."""
        if agent["state"] == "paused" and agent["reason"] != "other_post":
            path = f"/agents/{agent['id']}/state"
            self._api.post(path, {"state": "ready"})

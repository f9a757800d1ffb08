"""The shift manager: logs agents in, ends the pauses of those who missed a call, watches.

He works as a person would, over the HTTP API and `/metrics`.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from acd.adjustments.posts import AT_ANOTHER_POST
from config.settings import Settings
from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable
from hotline.demo.arrivals import Arrivals
from hotline.demo.board import AgentLine, Board, Figures
from hotline.demo.script import EVENING, RESTING, SEAT

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
SHIFT_BEGINS_SECONDS = 12.0
"""At the latest; sooner when the first citizen has had enough of waiting."""
LATER = {SEAT, *(id_ for id_, _ in (*EVENING, *RESTING))}
AHEAD_SECONDS = 60.0
PAUSE_SECONDS = 3.0
"""How long an agent who missed a call sits before he is asked to go on."""


class ShiftManager:
    """Reads the hotline's figures on to the board, and sets agents' states."""

    def __init__(self, api: ApiClient, metrics: httpx.Client, board: Board) -> None:
        self._api, self._metrics, self._board = api, metrics, board
        self._paused: set[str] = set()
        self._begun = asyncio.Event()

    async def work(self, agents: Sequence[str], begin: asyncio.Event) -> None:
        """Log these agents in at that event, and look after them until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_ahead(), name="look ahead")
            tasks.create_task(self._receive_recalled(), name="recalled people")
            await self._look_after(agents, begin)

    async def _look_ahead(self) -> None:
        """Have the rest of the day foreseen, once everybody is there."""
        await self._begun.wait()
        try:
            await asyncio.to_thread(self._api.post, "/staffing", {}, AHEAD_SECONDS)
        except (ServiceUnreachable, RequestRefused) as error:
            logger.warning("nothing was foreseen: %s", error)

    async def _receive_recalled(self) -> None:
        """Who said that he is there in ten minutes is there after a few seconds."""
        arrivals = Arrivals()
        while True:
            for person in arrivals.now(self._board.rung, time.monotonic()):
                self._board.tell(f"{person} was recalled, and logs in")
                try:
                    await self._set_state(person, "logged_in")
                except (ServiceUnreachable, RequestRefused) as error:
                    logger.warning("a recalled agent is not logged in: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look_after(self, agents: Sequence[str], begin: asyncio.Event) -> None:
        while True:
            try:
                self._board.figures = await asyncio.to_thread(self._look)
                late = self._board.elapsed > SHIFT_BEGINS_SECONDS
                if not self._begun.is_set() and (begin.is_set() or late):
                    await self._begin_shift(agents)
                    self._begun.set()
                await self._end_pauses()
            except (ServiceUnreachable, httpx.HTTPError) as error:
                logger.warning("the hotline does not answer: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _begin_shift(self, agents: Sequence[str]) -> None:
        self._board.tell(f"the shift begins: {len(agents)} agents log in")
        for agent in agents:
            await self._set_state(agent, "logged_in")

    async def _end_pauses(self) -> None:
        paused = [a for a in self._board.figures.agents if a.state == "paused"]
        for agent in paused:
            if agent.id not in self._paused:
                self._paused.add(agent.id)
                self._board.tell(f"agent {agent.id} is paused: {_plain(agent.reason)}")
            elif agent.seconds >= PAUSE_SECONDS:
                await self._set_state(agent.id, "ready")
                self._paused.discard(agent.id)
                self._board.tell(f"the shift manager sets agent {agent.id} ready again")

    async def _set_state(self, agent: str, state: str) -> None:
        path, body = f"/agents/{agent}/state", {"state": state}
        await asyncio.to_thread(self._api.post, path, body)

    def _look(self) -> Figures:
        known, queues = self._api.get("/agents"), self._api.get("/queues")
        agents = [
            each
            for each in known
            if each["id"] not in LATER and each["reason"] != AT_ANOTHER_POST
        ]
        metrics = self._metrics.get("/metrics").text
        return _figures(agents, queues, _samples(metrics))


@contextmanager
def shift_manager(settings: Settings, board: Board) -> Iterator[ShiftManager]:
    """The shift manager of a running hotline."""
    with ApiClient(settings) as api, _web(api.url) as web:
        yield ShiftManager(api, web, board)


def _web(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False)


def _samples(text: str) -> dict[tuple[str, str], float]:
    """Every sample by its name and its labels' values, joined by commas."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _figures(
    agents: Iterable[dict[str, Any]],
    queues: Iterable[dict[str, Any]],
    samples: dict[tuple[str, str], float],
) -> Figures:
    (queue,) = queues
    waits = samples.get(("hotline_queue_wait_seconds_count", "general,connected"), 0)
    waited = samples.get(("hotline_queue_wait_seconds_sum", "general,connected"), 0)
    in_time = ("hotline_calls_connected_within_15_seconds_total", "queue_entry")
    return Figures(
        agents=tuple(map(_agent, agents)),
        waiting=queue["waiting"],
        talking=queue["talking"],
        longest_wait_seconds=queue["longest_wait_seconds"],
        outcomes={
            labels: int(value)
            for (name, labels), value in samples.items()
            if name == "hotline_calls_total"
        },
        connected=int(samples.get(("hotline_calls_connected_total", ""), 0)),
        in_15_seconds=int(samples.get(in_time, 0)),
        mean_wait_seconds=waited / waits if waits else 0.0,
    )


def _agent(agent: dict[str, Any]) -> AgentLine:
    since = datetime.fromisoformat(agent["since"])
    return AgentLine(
        id=agent["id"],
        name=agent["name"],
        state=agent["state"],
        reason=agent["reason"],
        seconds=max(0.0, (datetime.now(UTC) - since).total_seconds()),
    )


def _plain(word: str) -> str:
    return word.replace("_", " ")

"""The live calls and their talks by call id, and the way for commands into a talk."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from acd.call import Call
from acd.talk_commands import CallNotLive, CallNotTalking, TalkCommand
from acd.talk_events import SupervisionMode
from acd.talk_inbox import Asked, TalkInbox


class ThirdState(StrEnum):
    """Where a talk's third party is."""

    ABSENT = "absent"
    CALLED = "called"
    CONSULTED = "consulted"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkView:
    """A live talk as seen from outside. `since` is aware UTC.

    `agent_here` is false once he has handed the citizen over. `third_party` is the id of
    the configured one who is called or here, "" for another or none. `supervision` is
    null while no supervisor is with it.
    """

    call_id: str
    agent_id: str
    queue: str
    since: datetime
    agent_here: bool
    on_hold: bool
    muted: bool
    recording_paused: bool
    third_state: ThirdState
    third_party: str
    supervision: SupervisionMode | None


class LiveTalk(Protocol):
    """A talk as `CallControl` needs it."""

    inbox: TalkInbox[TalkView]

    def view(self) -> TalkView:
        """What it is like now."""


class CallControl:
    """Finds talks; commands are answered by the talk's own coroutine."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self._talks: dict[str, LiveTalk] = {}

    @contextmanager
    def live(self, call: Call) -> Iterator[None]:
        """A call is here inside the `with` block."""
        self.calls[call.id] = call
        try:
            yield
        finally:
            del self.calls[call.id]

    @contextmanager
    def talking(self, call_id: str, talk: LiveTalk) -> Iterator[None]:
        """A call's talk goes on inside the `with` block."""
        self._talks[call_id] = talk
        try:
            yield
        finally:
            del self._talks[call_id]
            talk.inbox.close()

    def talks(self) -> list[TalkView]:
        """The talks that go on, the oldest first."""
        return [talk.view() for talk in self._talks.values()]

    def talk(self, call_id: str) -> TalkView:
        """One talk; `CallNotLive` or `CallNotTalking` when there is none."""
        return self._talk(call_id).view()

    async def ask(self, call_id: str, command: TalkCommand) -> TalkView:
        """Let a talk do something; returns what it is like then.

        Raises the `TalkRefusal` that the talk answers with.
        """
        talk = self._talk(call_id)
        answer: asyncio.Future[TalkView] = asyncio.get_running_loop().create_future()
        talk.inbox.put(Asked(command, answer))
        return await answer

    def _talk(self, call_id: str) -> LiveTalk:
        if talk := self._talks.get(call_id):
            return talk
        if call_id in self.calls:
            raise CallNotTalking(f"Call {call_id} has no talk with an agent now.")
        raise CallNotLive(f"No call with the id {call_id} is here now.")

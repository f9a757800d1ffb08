"""Contacts that are shown to agents before anybody dials: each to accept or to skip.

Who looks at a contact is ready all the while: a citizen who calls comes first, and takes
the contact from him.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from acd.events import (
    AgentState,
    AgentStateChanged,
    Event,
    PreviewEnd,
    PreviewEnded,
    PreviewOffered,
)
from config.bus import EventBus
from config.clock import LoopClock
from outbound.contact import Contact
from telephony.numbers import mask

PREVIEW_SECONDS = 60.0
"""So long a contact is shown to one agent."""
SKIPPED_FOR = timedelta(minutes=30)
"""A contact whom an agent skipped is shown to nobody for so long."""


class PreviewRefused(Exception):
    """The contact cannot be accepted or skipped now; the text says why."""

    error_id = "preview_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A contact that is shown to an agent, with his number masked."""

    agent_id: str
    contact: Contact
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What accepting and skipping do; `call` refuses in words, "" when it has begun."""

    call: Callable[[Contact, str], str]
    put_off: Callable[[Contact, datetime], Awaitable[None]]


class Previews:
    """The contacts that are shown now, one to an agent and each to one agent."""

    def __init__(self, bus: EventBus, clock: LoopClock, wishes: Wishes) -> None:
        self._bus, self._clock, self._wishes = bus, clock, wishes
        self._shown: dict[str, tuple[Preview, asyncio.TimerHandle]] = {}
        self._unsubscribe = bus.subscribe(AgentStateChanged, self._agent_changed)

    def close(self) -> None:
        """Show nothing any more."""
        self._unsubscribe()
        self.keep(())

    def all(self) -> list[Preview]:
        """What is shown now, by agent."""
        shown = sorted(self._shown.items())
        return [_masked(preview) for _, (preview, _) in shown]

    def has(self, contact_id: str) -> bool:
        """Whether the contact is shown to somebody."""
        return any(it.contact.id == contact_id for it, _ in self._shown.values())

    def is_shown_to(self, agent_id: str) -> bool:
        """Whether the agent looks at a contact."""
        return agent_id in self._shown

    def offer(self, agent_id: str, contact: Contact) -> None:
        """Show a contact to an agent who is ready."""
        now = self._clock.now()
        expires_at = now + timedelta(seconds=PREVIEW_SECONDS)
        preview = Preview(
            agent_id=agent_id, contact=contact, offered_at=now, expires_at=expires_at
        )
        timer = asyncio.get_running_loop().call_later(
            PREVIEW_SECONDS, self._end, agent_id, PreviewEnd.EXPIRED
        )
        self._shown[agent_id] = preview, timer
        self._tell(
            PreviewOffered(
                at=now,
                agent_id=agent_id,
                campaign=contact.campaign,
                contact_id=contact.id,
                order_id=contact.order_id,
                expires_at=expires_at,
            )
        )

    def keep(self, campaigns: Collection[str]) -> None:
        """Withdraw what is shown of other campaigns: they are not called now."""
        for agent_id, (preview, _) in tuple(self._shown.items()):
            if preview.contact.campaign not in campaigns:
                self._end(agent_id, PreviewEnd.WITHDRAWN)

    def accept(self, agent_id: str, contact_id: str) -> None:
        """Ring the agent, then the contact. `PreviewRefused`."""
        contact = self._found(agent_id, contact_id)
        if words := self._wishes.call(contact, agent_id):
            raise PreviewRefused(words)
        self._end(agent_id, PreviewEnd.ACCEPTED)

    async def skip(self, agent_id: str, contact_id: str) -> None:
        """Another contact for him, and this one later. `PreviewRefused`."""
        contact = self._found(agent_id, contact_id)
        await self._wishes.put_off(contact, self._clock.now() + SKIPPED_FOR)
        self._end(agent_id, PreviewEnd.SKIPPED)

    def _found(self, agent_id: str, contact_id: str) -> Contact:
        shown = self._shown.get(agent_id)
        if shown is None or shown[0].contact.id != contact_id:
            raise PreviewRefused("this contact is not shown to the agent now")
        return shown[0].contact

    def _agent_changed(self, event: AgentStateChanged) -> None:
        if event.new is not AgentState.READY:
            self._end(event.agent_id, PreviewEnd.WITHDRAWN)

    def _end(self, agent_id: str, end: PreviewEnd) -> None:
        if agent_id not in self._shown:
            return
        preview, timer = self._shown.pop(agent_id)
        timer.cancel()
        self._tell(
            PreviewEnded(
                at=self._clock.now(),
                agent_id=agent_id,
                campaign=preview.contact.campaign,
                contact_id=preview.contact.id,
                end=end,
            )
        )

    def _tell(self, event: Event) -> None:
        self._bus.publish(event)


def _masked(preview: Preview) -> Preview:
    contact = replace(preview.contact, number=mask(preview.contact.number))
    return replace(preview, contact=contact)

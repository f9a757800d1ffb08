"""A follow-up call's place in the queue, whose agents are rung for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from acd.agent_offer import AgentOffer
from acd.call_backs.place import Place, PlaceLost
from acd.equipment import Equipment
from acd.leg_log import LegLog
from acd.messages import CallerEnters, CallerLeaves
from acd.ringing import Ringing

T = TypeVar("T")


async def at_a_place(
    entry: CallerEnters,
    caller: str,
    is_confidential: bool,
    legs: LegLog,
    equipment: Equipment,
    serve: Callable[[Place], Awaitable[T]],
) -> T | None:
    """Enter the queue, serve while the place is kept, and leave; None when it is lost.

    `caller` is the number that the agents' phones show, masked if `is_confidential`.
    """
    ringing = Ringing(
        caller,
        legs,
        equipment,
        is_confidential=lambda: is_confidential,
        on_change=lambda _: None,
    )
    with equipment.link.mailbox(entry.call_id) as mailbox:
        equipment.link.send(entry)
        place = Place(entry.queue, mailbox, ringing, near_head=0)
        try:
            return await _served(place, serve, entry.call_id)
        finally:
            equipment.link.send(CallerLeaves(call_id=entry.call_id))


async def _served(
    place: Place, serve: Callable[[Place], Awaitable[T]], call_id: str
) -> T | None:
    served: T | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            keeping = tasks.create_task(place.keep(tasks), name=f"place of {call_id}")
            served = await serve(place)
            keeping.cancel()
            await place.leave()
    except* PlaceLost:
        pass
    finally:
        await place.leave()
    return served


async def in_time(place: Place, seconds: float) -> AgentOffer | None:
    """The agent who picks up within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await place.agent()
    except TimeoutError:
        return None

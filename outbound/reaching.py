"""A citizen is rung until he answers, or the network says that he will not."""

import asyncio
from typing import Any

from acd.placing import CallPlacer, CallRequest, NotAnswered, OnLeg, PlacedCall, WhyNot
from outbound.hearing import Hearing


async def placed_unless_announced(
    placer: CallPlacer, request: CallRequest, on_leg: OnLeg, hearing: Hearing
) -> PlacedCall:
    """Place the call; withdraw it when the network has announced for long enough.

    Who answers in that very moment is answered.
    """
    async with asyncio.TaskGroup() as group:
        placing = group.create_task(
            placer.place(request, on_leg=on_leg), name=request.purpose
        )
        both: set[asyncio.Future[Any]] = {placing, hearing.announced}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        placing.cancel()
    if not placing.cancelled():
        return placing.result()
    return NotAnswered(
        why=WhyNot.NO_ANSWER, words="the network announced that it will not be answered"
    )

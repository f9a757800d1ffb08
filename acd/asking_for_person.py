"""A flow's wish for a person, carried out: the citizen waits, talks, and comes back."""

import logging
from dataclasses import replace

from acd.call import ServedCall
from acd.equipment import Equipment
from acd.neighbour_help import helped, neighbour_for
from acd.saying import say
from acd.waiting import Waiting
from ivr_flows.actions import EnterQueue, QueueLeft, QueueOutcome
from ivr_flows.sentences import Sentence

logger = logging.getLogger(__name__)

CALL_BACK_HINT = "call_back_hint"
"""The sentence that offers a call-back."""


async def queued(
    call: ServedCall, request: EnterQueue, equipment: Equipment
) -> QueueLeft | None:
    """How he left the queue; None, after parting words, when the flow knows no way on."""
    request, since = _possible(call, request, equipment), None
    if neighbour := neighbour_for(call, request, equipment):
        since = equipment.now()
        if await helped(call, request, neighbour, equipment):
            return QueueLeft(outcome=QueueOutcome.TALKED)
    waiting = Waiting(call, request, equipment)
    outcome = await waiting.until_served(since=since)
    if outcome is QueueOutcome.TALKED or outcome in request.exits:
        return QueueLeft(outcome=outcome)
    words = Sentence(words=waiting.parting, language=request.language)
    await say(call, words, equipment)
    return None


def _possible(
    call: ServedCall, request: EnterQueue, equipment: Equipment
) -> EnterQueue:
    """In a queue that there is, and with the offer of a call-back only if one can be made."""
    queue, help_queue = request.queue, equipment.help_queue
    if queue not in equipment.link.queue_names:
        if queue:
            logger.warning("call %s: the flow's queue is not there", call.id)
        request = replace(request, queue=help_queue)
    if words := equipment.plan_words.sentences(request.language):
        request = replace(request, announce=(*words, *request.announce))
    if equipment.call_backs.can_call:
        return request
    remind = tuple(s for s in request.remind if s.words != CALL_BACK_HINT)
    return replace(request, call_back_key="", remind=remind)

"""A flow's wish for a person, carried out: the citizen waits, talks, and comes back."""

import logging
from dataclasses import replace

from acd.call import ServedCall
from acd.equipment import Equipment
from acd.waiting import Waiting
from ivr_flows.actions import EnterQueue, QueueLeft, QueueOutcome
from ivr_flows.prompts import PromptError
from ivr_flows.sentences import Sentence
from telephony.calls import TelephonyError

logger = logging.getLogger(__name__)

CALL_BACK_HINT = "call_back_hint"
"""The sentence that offers a call-back."""


async def queued(
    call: ServedCall, request: EnterQueue, equipment: Equipment
) -> QueueLeft | None:
    """How he left the queue; None, after parting words, when the flow knows no way on."""
    request = _possible(call, request, equipment)
    waiting = Waiting(call, request, equipment)
    outcome = await waiting.until_served()
    if outcome is QueueOutcome.TALKED or outcome in request.exits:
        return QueueLeft(outcome=outcome)
    await _part(
        call, Sentence(words=waiting.parting, language=request.language), equipment
    )
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
    if equipment.call_backs.can_call:
        return request
    remind = tuple(s for s in request.remind if s.words != CALL_BACK_HINT)
    return replace(request, call_back_key="", remind=remind)


async def _part(call: ServedCall, words: Sentence, equipment: Equipment) -> None:
    """Nobody is hung up on without words."""
    try:
        await call.leg.play(await equipment.prompts.speech([words]))
    except (PromptError, TelephonyError) as error:
        logger.warning("call %s: no parting words: %s", call.id, error)

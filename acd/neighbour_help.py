"""A citizen who newly asks for a person is put through to a neighbour hotline."""

from acd.call import ServedCall
from acd.equipment import Equipment
from acd.events import Outcome
from acd.neighbours import Neighbour
from acd.saying import say
from acd.talking import Talking
from ivr_flows.actions import EnterQueue
from ivr_flows.sentences import Sentence

WORDS = "neighbour_helps"


def neighbour_for(
    call: ServedCall, request: EnterQueue, equipment: Equipment
) -> Neighbour | None:
    """Who serves him in our place; None for who goes before others or was here before."""
    is_new = call.outcome is Outcome.ABANDONED_IN_IVR
    if not is_new or request.priority > 0:
        return None
    return equipment.neighbours.next()


async def helped(
    call: ServedCall, request: EnterQueue, neighbour: Neighbour, equipment: Equipment
) -> bool:
    """Whether the neighbour answered and served him; else he is still here, unserved."""
    call.queue, call.outcome = request.queue, Outcome.ABANDONED_IN_QUEUE
    await say(call, Sentence(words=WORDS, language=request.language), equipment)
    call.outcome = Outcome.ABANDONED_WHILE_RINGING
    talking = Talking(call, equipment, request.queue)
    return await talking.with_neighbour(neighbour)

"""A sentence for one citizen, outside of his flow; nobody is lost for want of it."""

import logging

from acd.call import ServedCall
from acd.equipment import Equipment
from ivr_flows.prompts import PromptError
from ivr_flows.sentences import Sentence
from telephony.calls import TelephonyError

logger = logging.getLogger(__name__)


async def say(call: ServedCall, words: Sentence, equipment: Equipment) -> None:
    """Say it to the end, if it can be said; he who hangs up meanwhile is gone."""
    try:
        await call.leg.play(await equipment.prompts.speech([words]))
    except (PromptError, TelephonyError) as error:
        logger.warning("call %s: a sentence is not said: %s", call.id, error)

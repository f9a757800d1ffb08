"""Test calls: how the hotline serves one, and what is told of them.

They are no citizens' calls: nothing of one is counted, recorded or kept.
"""

import asyncio
import logging
from dataclasses import dataclass

from acd.equipment import Equipment
from acd.event import Event
from ivr_flows.language import Flow
from ivr_flows.runner import FlowRun, StepTaken
from telephony.calls import Leg, LegGone, while_alive

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineTested(Event):
    """A test call was placed; it was answered and `heard`, or `fault` says why not.

    `fault` is a `CallTestFault`, "" when all is well. `answer_seconds` is 0 without an
    answer; `sip_code` the last one, 0 when there was none.
    """

    heard: bool
    fault: str
    sip_code: int
    answer_seconds: float
    sound_seconds: float


async def serve_test_call(leg: Leg, flow: Flow, equipment: Equipment) -> None:
    """Answer, and say what a citizen hears until his flow wants something of us."""
    logger.info("leg %s is a test call", leg.id)
    try:
        async with asyncio.timeout(LIMIT_SECONDS), while_alive(leg):
            await leg.answer()
            await _run(leg, flow, equipment).next_request()
    except (LegGone, TimeoutError):
        pass
    except Exception:
        logger.exception("test call on leg %s failed", leg.id)
    finally:
        await leg.hang_up()


def _run(leg: Leg, flow: Flow, equipment: Equipment) -> FlowRun:
    return FlowRun(
        flow,
        leg,
        equipment.prompts,
        clock=equipment.clock,
        on_step=_nothing_is_kept,
        context=equipment.flow_context,
        messages_dir=equipment.messages_dir,
    )


def _nothing_is_kept(step: StepTaken) -> None:
    """The steps of a test call enter no record."""

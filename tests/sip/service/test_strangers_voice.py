"""Nobody hears a stranger: not even one whose phone knows nothing of a restart."""

import pytest

from tests.sip.service.acts import (
    AGENT_HZ,
    CITIZEN_HZ,
    SILENT,
    answered_by,
    dial_and_press,
    hears,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.tones import FRAME, level_of

pytestmark = pytest.mark.sip

LATER_HZ = 730.0
MOST_LOST = 5 * FRAME
"""What may reach a stranger before the phone that is meant sends its first packet."""


async def test_new_calls_after_a_kill_hear_nobody_of_before(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    """The phones of before know of no kill: they still send to where their calls were."""
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk))
    if "tuned build" not in hotline.log:
        pytest.skip(
            "needs the tuned PJSIP (make pjsip): the wheel takes the first voice"
        )
    before = await dial_and_press(citizen, hotline)
    talk_before = await answered_by(desk, hotline)
    await hears(talk_before, CITIZEN_HZ)
    await hotline.kill()
    await hotline.start()
    desk.spare[-1].sending = False  # a phone is silent until it is picked up
    caller = await dial_and_press(citizen, hotline, hz=LATER_HZ)
    talk = await answered_by(desk, hotline)
    talk.voice.sending = True
    talk_before.voice.forget()
    await hears(talk, LATER_HZ)
    await hears(caller, AGENT_HZ)
    assert level_of(await talk.voice.listen(1), CITIZEN_HZ) < SILENT, "a stranger"
    assert len(talk_before.voice.heard()) <= MOST_LOST, "a stranger listens"
    before.voice.close()

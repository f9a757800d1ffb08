"""Real SIP calls between test phones and the endpoint, recorded by a real archive.

`python -m tests.unit.recordings.real_calls FOLDER` holds one until it is killed; it
prints `talking` when both sides speak.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from recordings.entry import Recording
from recordings.recorder import CallRecording
from telephony.calls import Leg
from tests.sip.conftest import Desk, open_desk
from tests.sip.phone import PhoneCall
from tests.unit.recordings.archives import House, house_in


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A citizen and an agent, both being recorded."""

    recording: CallRecording
    citizen: PhoneCall
    agent: PhoneCall
    legs: tuple[Leg, Leg]


@asynccontextmanager
async def desk_and_house(folder: Path) -> AsyncIterator[tuple[Desk, House]]:
    """The real endpoint and an archive."""
    async with house_in(folder, format="wav") as house, open_desk() as desk:
        yield desk, house


async def begin(desk: Desk, house: House, *, agent_after_seconds: float) -> Talk:
    """A call that is answered, recorded, and after a while has an agent too."""
    citizen = await (await desk.phone("127.0.0.2")).dial()
    leg = await desk.call()
    await leg.answer()
    recording = await house.archive.open(
        "C1", leg=leg, caller="1", called="2", started_at=house.clock.now()
    )
    await asyncio.sleep(agent_after_seconds)
    phone = await desk.phone("127.0.0.3")
    agent_leg = await desk.endpoint.originate(phone.uri, from_user="1")
    agent = await phone.expect_call()
    agent.answer()
    await agent_leg.answered
    await recording.add(agent_leg, role="agent", name="1001")
    return Talk(
        recording=recording, citizen=citizen, agent=agent, legs=(leg, agent_leg)
    )


async def end(talk: Talk, house: House) -> Recording:
    """The citizen hangs up; what is stored of the call."""
    talk.citizen.hang_up()
    await talk.legs[0].ended
    await talk.recording.close()
    await talk.legs[1].hang_up()
    await house.archive.settled()
    entry = await house.archive.find("C1")
    assert entry is not None
    return entry


async def main(folder: Path) -> None:
    """A talk without end."""
    async with desk_and_house(folder) as (desk, house):
        talk = await begin(desk, house, agent_after_seconds=0)
        talk.citizen.voice.hz, talk.agent.voice.hz = 1000, 1500
        print("talking", flush=True)  # noqa: T201
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

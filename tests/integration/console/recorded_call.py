"""A call with its story in the records, and a recording of the project's own recorder."""

from recordings.entry import Recording
from tests.fakes import call_events as story
from tests.fakes.call_events import START
from tests.fakes.console import SmallService
from tests.unit.recordings.studio import TalkingLeg, silence, tone


async def recorded_call(
    service: SmallService, call_id: str, seconds: float = 4.0
) -> Recording:
    """The citizen speaks the first half, the agent the second one; paused between."""
    await service.record(*story.answered_call(call_id))
    citizen, agent = TalkingLeg(), TalkingLeg()
    async with service.archive as archive:
        recording = await archive.open(
            call_id, leg=citizen, caller="x", called="12345", started_at=START
        )
        await recording.add(agent, role="agent", name="1001")
        await recording.pause()
        await recording.resume()
        citizen.say(tone(seconds / 2))
        citizen.say(silence(seconds / 2))
        agent.say(silence(seconds / 2))
        agent.say(tone(seconds / 2, 660))
        await recording.close()
        await archive.settled()
        found = await archive.find(call_id)
    assert found is not None
    assert found.path, found.reason
    return found

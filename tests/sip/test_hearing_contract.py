"""Who hears whom in a talk, by hold, mute and supervisors: on the fake and the real one."""

import pytest

from telephony.calls import LegGone
from tests.sip.stages import Stage
from tests.sip.test_audio_contract import two_legs
from tests.sip.test_endpoint_contract import stage

__all__ = ["stage"]


async def test_three_parties_each_hear_the_two_others(stage: Stage) -> None:
    caller, agent, third = await _three_legs(stage)
    async with stage.endpoint.bridge(caller, agent, third, music=stage.sounds["music"]):
        await stage.peer(caller).hears("agent", "third")
        await stage.peer(agent).hears("caller", "third")
        await stage.peer(third).hears("caller", "agent")


async def test_leg_on_hold_hears_music_and_the_others_only_each_other(
    stage: Stage,
) -> None:
    caller, agent, third = await _three_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, third, music=stage.sounds["music"]
    ) as bridge:
        await bridge.hold(caller)
        await stage.peer(caller).hears("music")
        await stage.peer(agent).hears("third")
        await stage.peer(third).hears("agent")
        assert not caller.held
        await bridge.unhold(caller)
        await stage.peer(caller).hears("agent", "third")
        await stage.peer(agent).hears("caller", "third")


async def test_leg_that_left_the_bridge_on_hold_is_heard_in_the_next(
    stage: Stage,
) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await bridge.hold(caller)
        await bridge.mute(agent)
    async with stage.endpoint.bridge(caller, agent, music=stage.sounds["music"]):
        await stage.peer(caller).hears("agent")
        await stage.peer(agent).hears("caller")


async def test_muted_leg_hears_and_is_not_heard(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await bridge.mute(agent)
        await stage.peer(caller).hears()
        await stage.peer(agent).hears("caller")
        await bridge.unmute(agent)
        await stage.peer(caller).hears("agent")


async def test_supervisor_listens_whispers_and_barges_in(stage: Stage) -> None:
    caller, agent, supervisor = await _three_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await bridge.listen(supervisor)
        await stage.peer(supervisor).hears("caller", "agent")
        await stage.peer(caller).hears("agent")
        await stage.peer(agent).hears("caller")
        await bridge.whisper(supervisor, to=agent)
        await stage.peer(supervisor).hears("caller", "agent")
        await stage.peer(caller).hears("agent")
        await stage.peer(agent).hears("caller", "third")
        await bridge.barge(supervisor)
        await stage.peer(caller).hears("agent", "third")
        await bridge.listen(supervisor)
        await stage.peer(caller).hears("agent")


async def test_ringing_tone_sounds_while_there_is_nobody_to_hear(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await agent.start_music(stage.sounds["low"])
        await stage.peer(agent).hears("caller")
        await bridge.hold(caller)
        await stage.peer(agent).hears("low")
        await agent.stop_music()
        await stage.peer(agent).hears()


async def test_hold_and_mute_outlive_a_hold_by_the_peer(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await bridge.hold(caller)
        await stage.peer(agent).hold()
        await stage.peer(agent).resume()
        await stage.peer(caller).hears("music")
        await stage.peer(agent).hears()


async def test_leg_that_is_gone_cannot_be_held_or_muted_or_listen(stage: Stage) -> None:
    caller, agent = await two_legs(stage)
    async with stage.endpoint.bridge(
        caller, agent, music=stage.sounds["music"]
    ) as bridge:
        await stage.peer(agent).hang_up()
        await agent.ended
        for asked in (
            bridge.hold(agent),
            bridge.unhold(agent),
            bridge.mute(agent),
            bridge.unmute(agent),
            bridge.listen(agent),
            bridge.whisper(agent, to=caller),
            bridge.barge(agent),
        ):
            with pytest.raises(LegGone):
                await asked


async def _three_legs(stage: Stage) -> tuple:  # type: ignore[type-arg]
    caller, agent = await two_legs(stage)
    third = await stage.place("third")
    await stage.peer(third).answer()
    await third.answered
    return caller, agent, third

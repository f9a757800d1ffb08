"""Who heard whom, and who is on which channel of the recording. Pure."""

from collections.abc import Collection, Iterator, Mapping

from hotline.demo.found import Channels
from hotline.demo.reports import Moment
from hotline.demo.script import Script, agent_tone_hz
from hotline.demo.verdict import Pair
from hotline.demo.witness import LegStory
from recordings.entry import Recording, State

HEARD_PART = 0.35
"""A voice that should be heard must be for this part of the time, at least.

On a machine that is busy with other things much audio is lost; the hotline warns of it.
"""
SHORTEST_SECONDS = 1.5
"""Nobody is asked to have heard anything in less."""
STRANGER_SECONDS = 0.5
"""A voice that should not be heard may be taken for one for less than this."""

_KEPT = frozenset({State.CLOSED, State.TRUNCATED})
"""Audio that a busy machine lost is told as a warning; the voices must be there."""

Seconds = Mapping[int, float]


def citizen_faults(pair: Pair) -> Iterator[str]:
    """The citizen must have heard his agent, and nobody else."""
    if pair.talk:
        yield from _ear_faults(
            "the citizen", pair.citizen, pair.talk, agent_tones(pair)
        )


def agent_faults(pair: Pair) -> Iterator[str]:
    """Each agent must have heard his citizen, and nobody else."""
    for ring in pair.rings:
        if ring.at(Moment.ANSWERED):
            who = f"agent {ring.agent}"
            yield from _ear_faults(who, ring, ring, {citizen_tone(pair)})


def _ear_faults(
    who: str, ear: LegStory, talk: LegStory, voices: Collection[int]
) -> Iterator[str]:
    if ear.heard is not None:
        yield from voice_faults(f"{who} heard", ear.heard, voices, talk.talked_seconds)
    elif talk.talked_seconds >= SHORTEST_SECONDS:
        yield f"what {who} heard was not measured"


def recording_faults(
    pair: Pair, recording: Recording | None, channels: Channels | None
) -> Iterator[str]:
    """The citizen must be on the left, his agents on the right, and nobody else."""
    if not recording or recording.state not in _KEPT or channels is None:
        state = f"{recording.state} ({recording.reason})" if recording else "missing"
        yield f"its recording is {state}"
        return
    if channels.fault:
        yield channels.fault
        return
    own, seconds = {citizen_tone(pair)}, pair.citizen.talked_seconds
    yield from voice_faults("the left channel has", channels.left, own, seconds)
    talked = sum(ring.talked_seconds for ring in pair.rings)
    agents = agent_tones(pair)
    yield from voice_faults("the right channel has", channels.right, agents, talked)


def voice_faults(
    who: str, heard: Seconds, voices: Collection[int], seconds: float
) -> Iterator[str]:
    """`voices` are the tones that must be heard, for most of `seconds`; no others."""
    own = sum(heard.get(hz, 0.0) for hz in voices)
    if voices and seconds >= SHORTEST_SECONDS and own < HEARD_PART * seconds:
        yield f"{who} the voice that belongs there for {own:.1f} s of {seconds:.1f} s"
    for hz, foreign in heard.items():
        if hz not in voices and foreign >= STRANGER_SECONDS:
            yield f"{who} a voice that does not belong there ({hz} Hz) for {foreign:.1f} s"


def citizen_tone(pair: Pair) -> int:
    """The tone in the citizen's voice."""
    citizen = Script().citizen_of(pair.citizen.number)
    assert citizen is not None, "the demo's own citizens are in its script"
    return citizen.tone_hz


def agent_tones(pair: Pair) -> set[int]:
    """The tones of the agents who spoke with him."""
    return {agent_tone_hz(r.agent) for r in pair.rings if r.at(Moment.ANSWERED)}

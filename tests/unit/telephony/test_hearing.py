"""Who should hear what: every combination, without any sound."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from telephony.pjsua.hearing import Ear, Prompt, Room, sources

MUSIC, OTHER_MUSIC = Path("music.wav"), Path("queue.wav")


def _room(*ears: Ear) -> Room:
    room = Room(music=MUSIC)
    for ear in ears:
        ear.enter(room)
    return room


def test_two_legs_hear_each_other() -> None:
    a, b = Ear(), Ear()
    _room(a, b)
    assert sources(a) == {b}
    assert sources(b) == {a}


def test_prompt_goes_before_bridge_and_music() -> None:
    a, b = Ear(), Ear()
    _room(a, b)
    a.prompt = Prompt((Path("p.wav"),))
    assert sources(a) == {a.prompt}
    assert sources(b) == {a}


def test_music_sounds_when_nothing_else_does() -> None:
    assert sources(Ear(music=OTHER_MUSIC)) == {OTHER_MUSIC}
    assert sources(Ear()) == set()


def test_entering_a_bridge_ends_prompt_and_music() -> None:
    a = Ear(music=OTHER_MUSIC, prompt=Prompt(()))
    _room(a)
    assert sources(a) == set()
    a.leave()
    assert sources(a) == set()


def test_held_leg_hears_nothing_and_is_not_heard() -> None:
    a, b = Ear(), Ear(held=True)
    _room(a, b)
    assert sources(b) == set()
    assert sources(a) == {MUSIC}


def test_those_who_can_still_talk_hear_no_music_while_a_third_is_held() -> None:
    a, b, c = Ear(), Ear(), Ear(held=True)
    _room(a, b, c)
    assert sources(a) == {b}
    assert sources(b) == {a}


def test_leg_without_audio_hears_nothing() -> None:
    assert sources(Ear(reachable=False, music=OTHER_MUSIC)) == set()


def test_leg_that_moves_to_another_bridge_leaves_the_first() -> None:
    a, b, c = Ear(), Ear(), Ear()
    _room(a, b)
    _room(a, c)
    assert sources(b) == set()
    assert sources(a) == {c}


def test_parked_leg_hears_the_music_of_its_bridge_and_nobody_hears_it() -> None:
    a, b, c = Ear(), Ear(), Ear()
    _room(a, b, c)
    a.park(True)
    assert sources(a) == {MUSIC}
    assert sources(b) == {c}
    a.park(False)
    assert sources(b) == {a, c}


def test_ringing_tone_fills_the_silence_of_a_bridge() -> None:
    a, b = Ear(), Ear()
    _room(a, b)
    a.music = OTHER_MUSIC
    assert sources(a) == {b}
    b.park(True)
    assert sources(a) == {OTHER_MUSIC}


def test_whisper_reaches_one_alone_and_listening_nobody() -> None:
    citizen, agent, supervisor = Ear(), Ear(), Ear()
    room = _room(citizen, agent)
    supervisor.enter(room, frozenset({agent}))
    assert sources(citizen) == {agent}
    assert sources(agent) == {citizen, supervisor}
    supervisor.enter(room, frozenset())
    assert sources(agent) == {citizen}
    supervisor.enter(room)
    assert sources(citizen) == {agent, supervisor}


def test_leaving_a_bridge_forgets_hold_mute_and_audience() -> None:
    a = Ear()
    _room(a)
    a.park(True)
    a.mute(True)
    a.leave()
    assert (a.parked, a.muted, a.audience) == (False, False, None)


LEGS = st.tuples(
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2)
)


@given(st.lists(LEGS, max_size=8))
def test_nobody_hears_himself_another_bridge_or_one_who_is_not_to_be_heard(
    legs: list[tuple[bool, bool, bool, bool, int]],
) -> None:
    rooms = [Room(music=MUSIC), Room(music=OTHER_MUSIC)]
    ears = []
    for reachable, held, parked, muted, number in legs:
        ear = Ear(reachable=reachable, held=held)
        if number < len(rooms):
            ear.enter(rooms[number])
        ear.park(parked)
        ear.mute(muted)
        ears.append(ear)
    for ear in ears:
        for source in sources(ear):
            if isinstance(source, Ear):
                assert source is not ear
                assert source.room is ear.room
                assert source.reachable
                assert not (source.held or source.parked or source.muted)

"""The script: the same for everybody who reads it, and nobody sounds like another."""

from hotline.demo.script import (
    AGENTS,
    FIRST_CITIZEN,
    OPENING_CALLS,
    FirstRing,
    Script,
    Story,
    agent_tone_hz,
    all_tones_hz,
)

MANY = 500


def test_same_seed_gives_the_same_citizens_and_another_seed_others() -> None:
    first, again, other = Script(1), Script(1), Script(2)
    assert [first.citizen(i) for i in range(MANY)] == [
        again.citizen(i) for i in range(MANY)
    ]
    assert [first.citizen(i) for i in range(20)] != [
        other.citizen(i) for i in range(20)
    ]


def test_citizen_is_known_by_his_number_and_strangers_are_not() -> None:
    script = Script()
    for index in (0, 7, 12_345):
        assert script.citizen_of(script.citizen(index).number) == script.citizen(index)
    for stranger in ("", "anonymous", "13700000000", "²", "053112345678"):
        assert script.citizen_of(stranger) is None


def test_opening_shows_every_story_and_every_kind_of_ringing() -> None:
    opening = [Script().citizen(i) for i in range(OPENING_CALLS)]
    assert {citizen.story for citizen in opening} == set(Story)
    assert {citizen.first_ring for citizen in opening} == set(FirstRing)
    assert opening[0].number == FIRST_CITIZEN
    assert opening[0].story is Story.LEAVES_IN_QUEUE


def test_all_stories_go_on_after_the_opening() -> None:
    later = [Script().citizen(i) for i in range(OPENING_CALLS, MANY)]
    assert {citizen.story for citizen in later} == set(Story)


def test_nobody_who_could_meet_another_has_his_tone() -> None:
    script = Script()
    for first in range(100):
        near = {script.citizen(first + n).tone_hz for n in range(13)}
        assert len(near) == 13
    agents = {agent_tone_hz(agent) for agent, _ in AGENTS}
    assert len(agents) == len(AGENTS)
    assert not agents & {script.citizen(i).tone_hz for i in range(MANY)}
    assert agents <= set(all_tones_hz())


def test_only_the_first_phone_that_rings_is_let_ring_or_refuses() -> None:
    script = Script()
    hesitant = next(
        c
        for c in map(script.citizen, range(MANY))
        if c.story is Story.PRESSES_ONE and c.first_ring is FirstRing.UNANSWERED
    )
    assert script.turn(hesitant.number, 0).does is FirstRing.UNANSWERED
    assert script.turn(hesitant.number, 1).does is FirstRing.ANSWERED


def test_nobody_answers_a_citizen_who_means_to_leave_while_a_phone_rings() -> None:
    script = Script()
    hasty = next(
        c
        for c in map(script.citizen, range(MANY))
        if c.story is Story.LEAVES_WHILE_RINGING
    )
    for rung_before in range(3):
        assert script.turn(hasty.number, rung_before).does is FirstRing.UNANSWERED


def test_stranger_who_dials_in_is_answered_until_he_hangs_up() -> None:
    turn = Script().turn("053187654321", 0)
    assert turn.does is FirstRing.ANSWERED
    assert turn.talk_seconds is None

"""A question by voice on a fake leg, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import LoopClock
from config.settings import Settings
from ivr_flows.actions import HangUp
from ivr_flows.given import Given
from ivr_flows.listener import Listener
from ivr_flows.prompts import Prompts
from ivr_flows.runner import FlowRun, StepTaken
from telephony.calls import LegGone, while_alive
from tests.fakes.leg import FakeLeg
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speech import FakeSynthesiser
from tests.unit.ivr_flows.flows import flow_of

pytestmark = pytest.mark.looptime

FLOW = """\
steps:
  solved:
    do: survey
    say: 请按键请按键请按键请按键
    say_spoken: 您的问题解决了吗十字
    spoken: solved
    answers: {1: "yes", 2: "no"}
    tries: 2
    timeout_seconds: 4
    person: end
    refuses: end
  end: {do: hang_up}
"""
"""By voice the question lasts 1.0 s, by keys 1.2 s; 4 s of silence end it."""


WHY = """\
steps:
  why: {do: open_question, say: 请您说说原因好吗谢谢, max_seconds: 20, silence_seconds: 3}
  end: {do: hang_up}
"""
"""The question lasts 1.0 s."""


class Studio:
    """A leg, a recogniser, and the run of the flow between them."""

    def __init__(self, folder: Path, prompts: Prompts) -> None:
        self.leg, self.recogniser = FakeLeg(None), FakeRecogniser()
        self.steps: list[StepTaken] = []
        self._folder, self._prompts = folder, prompts
        self.run = self.run_of(FLOW, self.listener())

    def run_of(self, flow: str, listener: Listener | None) -> FlowRun:
        """A run of a flow on the leg."""
        self.run = FlowRun(
            flow_of(self._folder, flow),
            self.leg,
            self._prompts,
            clock=LoopClock(),
            on_step=self.steps.append,
            messages_dir=self._folder / "messages",
            listener=listener,
        )
        return self.run

    def listener(self) -> Listener:
        """An ear for the citizen."""
        return Listener({"zh": self.recogniser}, self._folder / "citizen.wav")

    def after(self, seconds: float, act: object, *given: object) -> None:
        """Something happens later."""
        assert callable(act)
        asyncio.get_running_loop().call_later(seconds, act, *given)

    @property
    def told(self) -> list[tuple[str, float]]:
        """How the question ended, and after how many seconds."""
        return [(step.result, round(step.seconds, 2)) for step in self.steps[:1]]

    @property
    def given(self) -> Given:
        """How it was answered."""
        return self.run.given["solved"]


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with Prompts(Settings(), tmp_path / "prompts", FakeSynthesiser()) as prompts:
        for sentence in (
            "请按键请按键请按键请按键",
            "您的问题解决了吗十字",
            "请您说说原因好吗谢谢",
        ):
            await prompts.files(sentence, language="zh")
        studio = Studio(tmp_path, prompts)
        await studio.leg.answer()
        yield studio


async def test_words_after_the_question_answer_it(studio: Studio) -> None:
    studio.after(2.0, studio.recogniser.begins)
    studio.after(3.0, studio.recogniser.hears, "解决 了", 0.9)
    assert await studio.run.next_request() == HangUp()
    assert studio.told == [("yes", 3.0)]
    given = studio.given
    assert (given.answer, given.by_voice, given.transcript) == ("yes", True, "解决 了")
    assert given.confidence == pytest.approx(0.9 * 0.95, abs=0.001)


async def test_speech_cuts_the_question(studio: Studio) -> None:
    silences: list[bool] = []
    studio.after(0.4, studio.recogniser.begins)
    studio.after(0.5, lambda: silences.append(studio.leg.playing is None))
    studio.after(1.5, studio.recogniser.hears, "没有 解决")
    await studio.run.next_request()
    assert (silences, studio.told) == ([True], [("no", 1.5)])


async def test_key_cuts_the_question_and_answers_it(studio: Studio) -> None:
    studio.after(0.4, studio.leg.press, "2")
    await studio.run.next_request()
    assert studio.told == [("no", 0.4)]
    given = studio.given
    assert (given.by_voice, given.transcript, given.confidence) == (False, "", 1)


async def test_key_wins_over_words_that_are_not_over(studio: Studio) -> None:
    studio.after(0.4, studio.recogniser.begins)
    studio.after(0.6, studio.leg.press, "1")
    await studio.run.next_request()
    assert (studio.told, studio.given.by_voice) == ([("yes", 0.6)], False)


async def test_silent_citizen_is_asked_twice_by_voice_and_once_by_keys(
    studio: Studio,
) -> None:
    studio.after(11.5, studio.leg.press, "1")
    await studio.run.next_request()
    assert len(studio.recogniser.asked) == 2
    assert studio.told == [("yes", 11.5)]
    assert not studio.given.by_voice


async def test_who_says_nothing_at_all_gives_no_answer(studio: Studio) -> None:
    await studio.run.next_request()
    assert studio.told == [("timeout", 2 * 5.0 + 5.2)]
    assert studio.run.given == {}


async def test_what_was_not_understood_is_kept_for_a_person_to_hear(
    studio: Studio,
) -> None:
    studio.after(2, studio.recogniser.hears, "解决 了 没有", 0.7)
    await studio.run.next_request()
    given = studio.given
    assert (given.answer, given.transcript) == ("unclear", "解决 了 没有")
    assert studio.run.answers == {}


async def test_dead_recogniser_leaves_its_question_to_the_keys(studio: Studio) -> None:
    studio.after(0.5, studio.recogniser.die)
    studio.after(0.9, studio.leg.press, "2")
    await studio.run.next_request()
    assert (studio.told, studio.given.by_voice) == ([("no", 0.9)], False)


async def test_recogniser_that_dies_while_he_speaks_leaves_him_the_keys(
    studio: Studio,
) -> None:
    studio.after(0.5, studio.recogniser.begins)
    studio.after(0.9, studio.recogniser.die)
    studio.after(3, studio.leg.press, "1")
    await studio.run.next_request()
    assert studio.told == [("yes", 3)]


async def test_question_is_not_begun_by_voice_when_nobody_listens(
    studio: Studio,
) -> None:
    studio.recogniser.dead = True
    studio.after(0.1, studio.leg.press, "1")
    await studio.run.next_request()
    assert len(studio.leg.heard) == 1
    assert studio.told == [("yes", 0.1)]


async def test_recogniser_that_falls_silent_is_not_waited_for(studio: Studio) -> None:
    studio.after(0.5, studio.recogniser.begins)
    await studio.run.next_request()
    assert studio.told == [("timeout", 0.5 + 15 + 2 * 5.2)]


async def test_citizen_who_hangs_up_while_he_is_heard_ends_the_run(
    studio: Studio,
) -> None:
    studio.after(0.5, studio.recogniser.begins)
    studio.after(0.8, studio.leg.peer_hangs_up)
    with pytest.raises(LegGone):
        async with while_alive(studio.leg):
            await studio.run.next_request()
    assert studio.told == [("unfinished", 0.8)]


async def test_words_of_his_own_end_with_a_pause(studio: Studio) -> None:
    run = studio.run_of(WHY, studio.listener())
    studio.after(2, studio.recogniser.begins)
    studio.after(9, studio.recogniser.hears, "")
    await run.next_request()
    assert studio.told == [("recorded", 9)]
    assert run.given["why"].by_voice
    assert studio.recogniser.asked == [()]


async def test_key_ends_words_of_his_own(studio: Studio) -> None:
    run = studio.run_of(WHY, studio.listener())
    studio.after(0.5, studio.recogniser.begins)
    studio.after(4, studio.leg.press, "#")
    await run.next_request()
    assert studio.told == [("recorded", 4)]


async def test_who_has_nothing_to_say_is_led_on(studio: Studio) -> None:
    run = studio.run_of(WHY, studio.listener())
    await run.next_request()
    assert (studio.told, run.given) == ([("silent", 4)], {})


async def test_without_an_ear_words_of_his_own_end_with_a_key(studio: Studio) -> None:
    run = studio.run_of(WHY, None)
    studio.after(7, studio.leg.press, "#")
    await run.next_request()
    assert studio.told == [("recorded", 7)]


async def test_words_of_his_own_are_waited_for_when_the_recogniser_dies(
    studio: Studio,
) -> None:
    run = studio.run_of(WHY, studio.listener())
    studio.after(2, studio.recogniser.die)
    await run.next_request()
    assert studio.told == [("recorded", 22)]


async def test_open_question_is_asked_though_nobody_listens(studio: Studio) -> None:
    run = studio.run_of(WHY, studio.listener())
    studio.recogniser.dead = True
    studio.after(5, studio.leg.press, "#")
    await run.next_request()
    assert (len(studio.leg.heard), studio.told) == (1, [("recorded", 5)])

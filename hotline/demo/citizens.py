"""The citizens' process: dials the hotline again and again, and does what is scripted."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from config.logging import set_up_logging
from hotline.demo.phone_line import PhoneLine, open_line
from hotline.demo.reports import Moment, Order, Step, Word
from hotline.demo.script import SEAT, Citizen, Script, Story
from hotline.demo.voices import CITIZENS_SAY, write_voice
from telephony.calls import Leg, LegGone, while_alive
from telephony.pjsua.leg import PjsuaLeg

MOST_AT_ONCE = 12
LEGS_OF_A_CALL = 2
"""In the hotline: the citizen's and his agent's."""
LINE_RESTS_SECONDS = 1.0
"""Before the place of a call is taken again: the hotline needs a moment to close it."""
LONGEST_TALK_SECONDS = 30.0
SURVEY_SECONDS = 15.0
SEAT_TALK_SECONDS = 90.0
"""Whoever watches, and sits there, needs time to hold, to ask and to hand over."""


@dataclass(slots=True)
class News:
    """What the agents' process says of one citizen's call."""

    rings: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    talk_over: asyncio.Event = field(default_factory=asyncio.Event)
    at_the_seat: bool = False

    def hear(self, step: Step) -> None:
        """Remember what an agent did."""
        match step.moment:
            case Moment.RANG:
                self.rings.set()
            case Moment.ANSWERED:
                self.at_the_seat |= step.agent == SEAT
                self.answered.set()
            case Moment.HUNG_UP:
                self.talk_over.set()


class CitizenCall:
    """One citizen's call, from dialling to hanging up."""

    def __init__(
        self, line: PhoneLine, citizen: Citizen, finish: asyncio.Event
    ) -> None:
        self._line, self._citizen, self._finish = line, citizen, finish
        self._story: asyncio.Timeout | None = None
        self._leaves = False
        self.news = News()

    async def live(self) -> None:
        """Call, do what the citizen means to do, and report all of it."""
        endpoint, hotline = self._line.endpoint, self._line.settings.hotline_port
        leg = await endpoint.originate(
            f"sip:12345@127.0.0.1:{hotline}", from_user=self._citizen.number
        )
        self._note(leg, Moment.DIALLED)
        self._line.note_end(leg, self._citizen.number)
        try:
            async with while_alive(leg):
                await self._until_told_to_leave(leg)
                self._note(leg, Moment.HUNG_UP)
        except LegGone:
            pass
        finally:
            await leg.hang_up()
        await self._line.measure(leg)

    def leave(self) -> None:
        """Hang up as soon as there is something to hang up."""
        self._leaves = True
        if self._story:
            self._story.reschedule(asyncio.get_running_loop().time())

    async def _until_told_to_leave(self, leg: PjsuaLeg) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self._leaves else None) as self._story:
                await self._follow_story(leg)
        self._story = None

    async def _follow_story(self, leg: PjsuaLeg) -> None:
        await asyncio.wait({leg.answered})
        self._note(leg, Moment.ANSWERED)
        await leg.start_music(await asyncio.to_thread(self._voice))
        if self._citizen.story is not Story.PRESSES_NOTHING:
            await asyncio.sleep(self._citizen.thinking_seconds)
        if self._citizen.story is Story.LEAVES_IN_GREETING:
            return
        if self._citizen.story is not Story.PRESSES_NOTHING:
            self._note(leg, Moment.PRESSED)
            await leg.press("1")
        if await self._a_person_answers():
            await self._speak(leg)

    async def _a_person_answers(self) -> bool:
        news, patience = self.news, self._citizen.patience_seconds
        if self._citizen.story is Story.LEAVES_WHILE_RINGING:
            await _within(LONGEST_TALK_SECONDS, news.rings)
        await _within(patience, news.answered)
        return news.answered.is_set()

    async def _speak(self, leg: PjsuaLeg) -> None:
        """Until one of them hangs up; after the agent the machine asks how it was."""
        await self._line.listen(leg)
        if self.news.at_the_seat:
            await _within(SEAT_TALK_SECONDS, self._finish)
            return
        if not self._citizen.agent_hangs_up:
            await asyncio.sleep(self._citizen.talk_seconds)
            return
        await _within(LONGEST_TALK_SECONDS, self.news.talk_over)
        await leg.stop_recording()
        await asyncio.sleep(self._citizen.thinking_seconds)
        await leg.press("1")
        await asyncio.wait({leg.ended}, timeout=SURVEY_SECONDS)

    def _note(self, leg: Leg, moment: Moment) -> None:
        self._line.note(leg, moment, self._citizen.number)

    def _voice(self) -> Path:
        settings, hz = self._line.settings, self._citizen.tone_hz
        n = self._citizen.sentence % len(CITIZENS_SAY)
        file = settings.heard_dir / f"citizen-{n}-{hz}.wav"
        if not file.exists():
            write_voice(file, CITIZENS_SAY[n : n + 1], hz, settings.speech_dir)
        return file


class Citizens:
    """All of them: who dials next, and whom the agents' news is for."""

    def __init__(self, line: PhoneLine, script: Script | None = None) -> None:
        self._line = line
        self._script = script or Script()
        self._calls: dict[str, CitizenCall] = {}
        self._begin, self._finish = asyncio.Event(), asyncio.Event()
        at_once = line.endpoint.legs_allowed // LEGS_OF_A_CALL
        self._places = asyncio.Semaphore(min(MOST_AT_ONCE, at_once))

    async def run(self) -> None:
        """Dial until told to finish, and return when the last call is over."""
        async with asyncio.TaskGroup() as everything:
            orders = everything.create_task(self._take_orders(), name="orders")
            await self._begin.wait()
            async with asyncio.TaskGroup() as calls:
                await self._dial(calls)
            orders.cancel()

    async def _dial(self, calls: asyncio.TaskGroup) -> None:
        for index in count():
            citizen = self._script.citizen(index)
            await _within(citizen.pause_seconds, self._finish)
            await self._places.acquire()
            if self._finish.is_set():
                return
            calls.create_task(self._serve(citizen), name=f"call {index}")

    async def _serve(self, citizen: Citizen) -> None:
        call = self._calls[citizen.number] = CitizenCall(
            self._line, citizen, self._finish
        )
        try:
            await call.live()
        finally:
            del self._calls[citizen.number]
        await _within(LINE_RESTS_SECONDS, self._finish)
        self._places.release()

    async def _take_orders(self) -> None:
        async for message in self._line.orders():
            match message:
                case Order(word=Word.BEGIN):
                    self._begin.set()
                case Order(word=Word.FINISH):
                    self._end_dialling()
                case Order(word=Word.LEAVE):
                    self._leave()
                case Step(number=number) if number in self._calls:
                    self._calls[number].news.hear(message)
        self._leave()

    def _end_dialling(self) -> None:
        self._finish.set()
        self._begin.set()

    def _leave(self) -> None:
        self._end_dialling()
        for call in self._calls.values():
            call.leave()


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for an event, but no longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def main() -> None:
    """The process."""
    async with open_line(sys.argv[1:]) as line:
        await Citizens(line).run()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())

"""The telephone company's process: whom the hotline rings, answering as they do."""

import asyncio
import sys
import time
from pathlib import Path

from config.logging import set_up_logging
from hotline.demo.line_sounds import line_noise, voicemail
from hotline.demo.outside import OPT_OUT, SPOKEN, Does, Habit, habit_of
from hotline.demo.phone_line import PhoneLine, open_line
from hotline.demo.questions import question_heard
from hotline.demo.reports import Called, Moment, Order, Word
from hotline.demo.voices import OUTSIDE_SAY, speech_file
from telephony.calls import Leg, LegGone, while_alive
from telephony.numbers import user_of
from telephony.pjsua.leg import PjsuaLeg

RING_SECONDS, THINK_SECONDS = 1.0, 0.5
LISTEN_SECONDS, QUIET_LOOKS = 0.2, 6
ASKED_IN_VAIN = 2
"""Who says nothing hangs up when he is asked for the second time."""
MEASURE_SECONDS = 5.0


class OutsideCall:
    """One call to somebody outside, from the first ringing to its end."""

    def __init__(self, line: PhoneLine, leg: Leg) -> None:
        assert isinstance(leg, PjsuaLeg), "the endpoint's own"
        assert leg.invitation is not None, "an incoming leg has an invitation"
        self._line, self._leg = line, leg
        self._number = user_of(leg.invitation.request_uri)
        self._habit = habit_of(self._number)

    async def live(self) -> None:
        """Do as he does when he is rung, and report all of it."""
        self._leg.ended.add_done_callback(lambda _: self._note(Moment.ENDED))
        try:
            async with while_alive(self._leg):
                await self._take(self._habit)
        except LegGone:
            pass
        finally:
            await self._leg.hang_up()
        await self._leg.stop_recording()
        self._heard.unlink(missing_ok=True)

    def cut(self) -> None:
        """The demo does not wait for its end any longer."""
        self._note(Moment.CUT)

    async def _take(self, habit: Habit) -> None:
        self._note(Moment.RANG)
        await self._leg.ring()
        if habit.does is Does.LETS_IT_RING:
            await asyncio.wait({self._leg.ended})
        await asyncio.sleep(RING_SECONDS)
        if habit.does is Does.IS_BUSY:
            self._note(Moment.REJECTED)
            await self._leg.reject(486)
            return
        await self._leg.answer()
        self._note(Moment.ANSWERED)
        await self._answered(habit)

    async def _answered(self, habit: Habit) -> None:
        if habit.does is Does.VOICEMAIL:
            greeting = self._folder, self._line.settings.speech_dir
            await self._leg.start_music(await asyncio.to_thread(voicemail, *greeting))
            await asyncio.wait({self._leg.ended})
        await self._leg.start_recording(self._heard)
        if habit.does is Does.SAYS_NOTHING:
            await self._say_nothing()
        else:
            await self._reply(habit)

    async def _say_nothing(self) -> None:
        await self._leg.start_music(await asyncio.to_thread(line_noise, self._folder))
        for _ in range(ASKED_IN_VAIN):
            await self._until_over(await self._question())
        self._note(Moment.HUNG_UP)

    async def _reply(self, habit: Habit) -> None:
        """Answer each question that he has a key for, as often as it is asked."""
        await self._speak(0)
        while True:
            question = await self._question()
            await asyncio.sleep(THINK_SECONDS)
            if key := habit.keys.get(question):
                await self._press(question, key)
            await self._until_over(question)
            if key and question == habit.leaves_after:
                self._note(Moment.HUNG_UP)
                return

    async def _press(self, question: str, key: str) -> None:
        if key == SPOKEN:
            await self._until_over(question)
            await self._speak(1)
        self._note(Moment.PRESSED, question, key)
        await self._leg.press(key)
        if key == OPT_OUT:
            await asyncio.wait({self._leg.ended})

    async def _speak(self, sentence: int) -> None:
        words = OUTSIDE_SAY[sentence]
        await self._leg.play([speech_file(self._line.settings.speech_dir, words)])

    async def _question(self) -> str:
        """The question that is asked now, or next."""
        while True:
            if asked := await self._sounds():
                return asked
            await asyncio.sleep(LISTEN_SECONDS)

    async def _until_over(self, question: str) -> None:
        """Until another one is asked, or it is quiet for longer than a line stutters."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            sounds = await self._sounds()
            if sounds not in ("", question):
                return
            quiet = 0 if sounds else quiet + 1
            await asyncio.sleep(LISTEN_SECONDS)

    async def _sounds(self) -> str:
        return await asyncio.to_thread(question_heard, self._heard)

    @property
    def _folder(self) -> Path:
        return self._line.settings.heard_dir

    @property
    def _heard(self) -> Path:
        return self._folder / f"{self._leg.id}.wav"

    def _note(self, moment: Moment, question: str = "", key: str = "") -> None:
        self._line.tell(
            Called(
                leg=self._leg.id,
                number=self._number,
                moment=moment,
                at=time.monotonic(),
                question=question,
                key=key,
            )
        )


class Telecom:
    """All whom the hotline rings, on one SIP address."""

    def __init__(self, line: PhoneLine) -> None:
        self._line = line
        self._calls: dict[asyncio.Task[None], OutsideCall] = {}

    async def run(self) -> None:
        """Take calls until told to finish; whoever is told to leave hangs up."""
        async with asyncio.TaskGroup() as group:
            self._line.endpoint.on_call = lambda leg: self._take(leg, group)
            await self._until_told_to_finish()
            if self._calls:
                await asyncio.wait(self._calls, timeout=MEASURE_SECONDS)
            self._leave()

    def _take(self, leg: Leg, group: asyncio.TaskGroup) -> None:
        call = OutsideCall(self._line, leg)
        task = group.create_task(call.live(), name=f"leg {leg.id}")
        self._calls[task] = call
        task.add_done_callback(self._calls.pop)

    def _leave(self) -> None:
        for task, call in list(self._calls.items()):
            call.cut()
            task.cancel()

    async def _until_told_to_finish(self) -> None:
        async for message in self._line.orders():
            match message:
                case Order(word=Word.LEAVE):
                    self._leave()
                case Order(word=Word.FINISH):
                    return


async def main() -> None:
    """The process."""
    async with open_line(sys.argv[1:]) as line:
        await Telecom(line).run()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())

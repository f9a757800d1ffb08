"""The agents' process: their phones ring, and they treat each call as scripted."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from config.logging import set_up_logging
from hotline.demo.phone_line import PhoneLine, open_line
from hotline.demo.reports import Moment, Order, Word
from hotline.demo.script import FirstRing, Script, Turn, agent_tone_hz
from hotline.demo.voices import AGENTS_SAY, write_voice
from telephony.calls import Leg, LegGone, while_alive
from telephony.numbers import user_of

MEASURE_SECONDS = 5.0
"""What the last talks may take to end and to be measured."""


class AgentCall:
    """One ringing of one agent's phone, and the talk that may come of it."""

    def __init__(self, line: PhoneLine, leg: Leg) -> None:
        invitation = leg.invitation
        assert invitation is not None, "an incoming leg has an invitation"
        self._line, self._leg = line, leg
        self.agent = user_of(invitation.request_uri)
        self.number = user_of(invitation.from_uri)

    async def live(self, turn: Turn) -> None:
        """Do what the script says, and report all of it."""
        self._line.note_end(self._leg, self.number, agent=self.agent)
        try:
            async with while_alive(self._leg):
                await self._take(turn)
        except LegGone:
            pass
        finally:
            await self._leg.hang_up()
        await self._line.measure(self._leg)

    async def _take(self, turn: Turn) -> None:
        self._note(Moment.RANG)
        await self._leg.ring()
        if turn.does is FirstRing.UNANSWERED:
            await asyncio.wait({self._leg.ended})
        await asyncio.sleep(turn.after_seconds)
        if turn.does is FirstRing.REJECTED:
            self._note(Moment.REJECTED)
            await self._leg.reject(486)
        else:
            await self._talk(turn.talk_seconds)

    async def _talk(self, seconds: float | None) -> None:
        voice = await asyncio.to_thread(self._voice)
        await self._leg.answer()
        self._note(Moment.ANSWERED)
        await self._line.listen(self._leg)
        await self._leg.start_music(voice)
        if seconds is None:
            await asyncio.wait({self._leg.ended})
        else:
            await asyncio.sleep(seconds)
            self._note(Moment.HUNG_UP)

    def _note(self, moment: Moment) -> None:
        self._line.note(self._leg, moment, self.number, agent=self.agent)

    def _voice(self) -> Path:
        settings = self._line.settings
        file = settings.heard_dir / f"agent-{self.agent}.wav"
        if not file.exists():
            hz = agent_tone_hz(self.agent)
            write_voice(file, AGENTS_SAY, hz, settings.speech_dir)
        return file


class Agents:
    """All of them, on one SIP address."""

    def __init__(self, line: PhoneLine, script: Script | None = None) -> None:
        self._line = line
        self._script = script or Script()
        self._rung: Counter[str] = Counter()
        self._calls: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take calls until told to finish; talks that are still going on are cut."""
        async with asyncio.TaskGroup() as group:
            self._line.endpoint.on_call = lambda leg: self._take(leg, group)
            await self._until_told_to_finish()
            if self._calls:
                await asyncio.wait(self._calls, timeout=MEASURE_SECONDS)
            for call in self._calls:
                call.cancel()

    def _take(self, leg: Leg, group: asyncio.TaskGroup) -> None:
        call = AgentCall(self._line, leg)
        rung_before = self._rung[call.number]
        turn = self._script.turn(call.number, rung_before, call.agent)
        self._rung[call.number] += 1
        task = group.create_task(call.live(turn), name=f"leg {leg.id}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _until_told_to_finish(self) -> None:
        async for message in self._line.orders():
            if isinstance(message, Order) and message.word is not Word.BEGIN:
                return


async def main() -> None:
    """The process."""
    async with open_line(sys.argv[1:]) as line:
        await Agents(line).run()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())

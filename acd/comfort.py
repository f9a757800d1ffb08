"""What a waiting citizen hears: music, welcome, position, wait, and reminders."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from acd.equipment import Equipment
from acd.messages import TellPosition
from ivr_flows.actions import EnterQueue
from ivr_flows.prompts import PromptError
from ivr_flows.sentences import Sentence
from telephony.calls import Leg, TelephonyError

logger = logging.getLogger(__name__)

BEHIND_THE_INVITE_SECONDS = 0.02
"""Each order to the endpoint takes time: an agent who is free is rung first. Nobody
hears that the music comes so much later."""

Files = Callable[[], Awaitable[list[Path]]]
"""What is to be said; made into files only when its turn comes."""


class Comfort:
    """Sounds on one waiting leg, one announcement at a time.

    What comes while another is said is left out: the next one will be truer. Only after
    the welcome comes what came meanwhile, for that is his first position. Its tasks
    belong to the group that `begin` is given.
    """

    def __init__(
        self, call_id: str, leg: Leg, request: EnterQueue, equipment: Equipment
    ) -> None:
        self._call_id, self._leg = call_id, leg
        self._request, self._equipment = request, equipment
        self._queue = request.queue
        self._tasks: asyncio.TaskGroup | None = None
        self._announcement: asyncio.Task[None] | None = None
        self._reminding: asyncio.Task[None] | None = None
        self._after_welcome: Files | None = None
        self._in_talk = False

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Music, what the flow says at first, and its reminders from then on."""
        self._tasks = tasks
        tasks.create_task(self._play_music(), name=f"music {self._call_id}")
        self._after_welcome = None
        if welcome := self._request.announce:
            self._announcement = tasks.create_task(
                self._welcome(partial(self._equipment.prompts.speech, welcome)),
                name=f"welcome {self._call_id}",
            )
        if self._request.remind:
            self._reminding = tasks.create_task(
                self._remind(), name=f"reminders {self._call_id}"
            )

    def end(self) -> None:
        """Say no more; the music is left to whoever comes next."""
        self._tasks = None
        for task in (self._announcement, self._reminding):
            if task:
                task.cancel()

    def tell(self, command: TellPosition) -> None:
        """Tell the position, and the wait when the engine trusts its estimate."""
        if self._request.announce_position:
            self._announce(partial(self._position, command))

    def change_queue(self, queue: str) -> None:
        """The music is the other queue's from now on."""
        self._queue = queue
        if self._tasks:
            self._tasks.create_task(self._play_music(), name=f"music {self._call_id}")

    def answer(self, words: str) -> None:
        """Say this sentence of the catalogue at once: he has pressed a key.

        After it comes what comes meanwhile, for that is his new position.
        """
        if self._announcement:
            self._announcement.cancel()
        if self._tasks and not self._in_talk:
            said = [Sentence(words=words, language=self._request.language)]
            self._after_welcome = None
            self._announcement = self._tasks.create_task(
                self._welcome(partial(self._equipment.prompts.speech, said)),
                name=f"answer {self._call_id}",
            )

    def hush(self) -> None:
        """Stop what is being said and announce nothing: somebody speaks with him."""
        self._in_talk = True
        if self._announcement:
            self._announcement.cancel()

    def resume(self) -> None:
        """Announce again."""
        self._in_talk = False

    async def _play_music(self) -> None:
        await asyncio.sleep(BEHIND_THE_INVITE_SECONDS)
        await self._leg.start_music(self._equipment.music[self._queue])

    async def _remind(self) -> None:
        while True:
            await asyncio.sleep(self._request.remind_every_seconds)
            self._say(self._request.remind)

    def _say(self, sentences: tuple[Sentence, ...]) -> None:
        if sentences:
            self._announce(partial(self._equipment.prompts.speech, sentences))

    async def _position(self, command: TellPosition) -> list[Path]:
        prompts, language = self._equipment.prompts, self._request.language
        files = await prompts.queue_position(command.position, language=language)
        if command.wait_seconds is not None:
            wait = await prompts.queue_wait(command.wait_seconds, language=language)
            files = [*files, *wait]
        return files

    def _announce(self, files: Files) -> None:
        if self._announcement and not self._announcement.done():
            self._after_welcome = files
            return
        if self._in_talk or self._tasks is None:
            return
        self._announcement = self._tasks.create_task(
            self._play(files), name=f"announcement {self._call_id}"
        )

    async def _welcome(self, files: Files) -> None:
        await asyncio.sleep(2 * BEHIND_THE_INVITE_SECONDS)
        await self._play(files)
        if self._after_welcome:
            await self._play(self._after_welcome)

    async def _play(self, files: Files) -> None:
        try:
            await self._leg.play(await files())
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: no announcement: %s", self._call_id, error)

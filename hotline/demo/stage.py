"""The demo's stage: hotline, agents and citizens, started and ended in order."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from config.settings import Settings, load_settings
from hotline.demo.board import Board
from hotline.demo.campaign import begin_follow_ups, follow_ups_over
from hotline.demo.citizens import MOST_AT_ONCE
from hotline.demo.company import Company
from hotline.demo.folder import DemoError, DemoFolder
from hotline.demo.past import city_of
from hotline.demo.phone_line import PhoneSettings
from hotline.demo.places import Places, free_places
from hotline.demo.processes import Child
from hotline.demo.questions import record_questions
from hotline.demo.reports import Called, Heard, Message, Moment, Opened, Step, Word
from hotline.demo.script import AGENTS, FIRST_CITIZEN
from hotline.demo.staff import employ
from hotline.demo.store import remember
from hotline.demo.voices import (
    AGENTS_SAY,
    CITIZENS_SAY,
    OUTSIDE_SAY,
    VOICEMAIL_SAYS,
    speech_file,
)
from hotline.demo.way_in import AGENT_DESK, SHIFT_DESK, WALLBOARD, link_for
from telephony.speech.synthesis import Synthesiser, SynthesisError

START_SECONDS = 600.0
LOOK_SECONDS = 0.25
LAST_CALLS_SECONDS, DRAIN_SECONDS, LEAVE_SECONDS = 90.0, 45.0, 10.0
LEGS_OF_A_CALL = 2
SMALL_BUILD_LEGS = 100
VOICE = "sit/cmn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The processes, ready for calls; no agent is logged in yet.

    `first_left` is set when the first citizen has gone. Without a `telecom` the hotline
    has no line out.
    """

    company: Company
    hotline: Child
    agents: Child
    citizens: Child
    telecom: Child | None
    settings: Settings
    first_left: asyncio.Event

    async def end_calls(self, board: Board) -> None:
        """Let nobody dial any more, and wait until everybody has hung up."""
        board.phase = "no new calls; the last talks end (Ctrl-C again ends at once)"
        self.citizens.order(Word.FINISH)
        async with asyncio.TaskGroup() as ends:
            ends.create_task(self._end_citizens(board), name="citizens end")
            ends.create_task(self._end_follow_ups(board), name="follow-ups end")

    async def _end_citizens(self, board: Board) -> None:
        if await self.company.until_gone(self.citizens, LAST_CALLS_SECONDS):
            return
        if not self.company.trouble.is_set():
            board.troubles.append(
                f"calls went on for {LAST_CALLS_SECONDS:g} s after the last was dialled"
            )
        self.citizens.order(Word.LEAVE)
        await self._gone(self.citizens, LEAVE_SECONDS, board)

    async def _end_follow_ups(self, board: Board) -> None:
        """Who is still rung when all others have hung up is left alone."""
        if not self.telecom:
            return
        over = follow_ups_over(self.settings, LAST_CALLS_SECONDS)
        ending = asyncio.create_task(over, name="follow-ups")
        trouble = asyncio.create_task(self.company.trouble.wait(), name="trouble")
        await asyncio.wait({ending, trouble}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ending, trouble):
            task.cancel()
        await asyncio.wait({ending, trouble})
        if not ending.cancelled() and not ending.result():
            board.troubles.append(
                f"follow-up calls went on for {LAST_CALLS_SECONDS:g} s"
            )
        self.telecom.order(Word.LEAVE)

    async def close(self, board: Board) -> None:
        """End the hotline as its operator does, and then the other phones."""
        board.phase = "the hotline closes its books"
        self.hotline.signal(signal.SIGTERM)
        await self._gone(self.hotline, DRAIN_SECONDS, board)
        for phones in filter(None, (self.agents, self.telecom)):
            phones.order(Word.FINISH)
            await self._gone(phones, LEAVE_SECONDS, board)

    async def _gone(self, child: Child, seconds: float, board: Board) -> None:
        if not await self.company.until_gone(child, seconds, in_trouble=True):
            board.troubles.append(
                f"the process of the {child.name} did not end within {seconds:g} s"
            )


@asynccontextmanager
async def opened_stage(
    folder: DemoFolder, board: Board, stop: asyncio.Event
) -> AsyncIterator[Stage]:
    """Start everybody; `DemoError` or `Interrupted` when it comes to nothing."""
    with free_places() as places:
        async with Company(folder, board, stop) as company:
            yield await _opened(company, folder, board, places)


async def _opened(
    company: Company, folder: DemoFolder, board: Board, places: Places
) -> Stage:
    phones = Phones(company, board)
    agents = await phones.start("agents", places.agents_phones(folder))
    citizens = await phones.start("citizens", places.citizens_phones(folder))
    phones.citizens = citizens
    legs = await company.unless_trouble(agents.opened)
    await company.unless_trouble(citizens.opened)
    board.small_build = legs < SMALL_BUILD_LEGS
    telecom = None if board.small_build else await _telecom(phones, folder, places)
    at_once = legs // LEGS_OF_A_CALL
    staff = [id_ for id_, _ in AGENTS[:at_once]]
    city = city_of(datetime.now(UTC), min(1.0, at_once / MOST_AT_ONCE))
    config = places.settings(folder, len(staff), city.zone.key)
    folder.config.write_text(config, encoding="utf-8")
    settings = load_settings(folder.config)
    board.phase = "the city's last days are made up"
    await company.unless_trouble(remember(settings, city, staff))
    words = ("-m", "hotline", "run", "--config", str(folder.config))
    hotline = await company.employ("hotline", *words)
    await company.unless_trouble(ready(folder, board, places.console_url))
    await asyncio.to_thread(employ, settings, places, city, staff)
    await asyncio.to_thread(_show_ways_in, settings, board)
    board.sip_uri = places.sip_uri
    if telecom:
        await company.unless_trouble(telecom.opened)
        await asyncio.to_thread(begin_follow_ups, settings, city)
    return Stage(
        company=company,
        hotline=hotline,
        agents=agents,
        citizens=citizens,
        telecom=telecom,
        settings=settings,
        first_left=phones.first_left,
    )


def _show_ways_in(settings: Settings, board: Board) -> None:
    board.wallboard = link_for(settings, WALLBOARD)
    if not board.small_build:
        board.shift_desk = link_for(settings, SHIFT_DESK)
        board.agent_desk = link_for(settings, AGENT_DESK)


async def _telecom(phones: "Phones", folder: DemoFolder, places: Places) -> Child:
    """Whom the hotline rings, and what he hears of it."""
    try:
        await record_questions(folder.questions, folder.speech)
    except SynthesisError as error:
        raise DemoError(str(error)) from None
    return await phones.start("telecom", places.telecom_phones(folder))


class Phones:
    """Starts phone processes, modules of a package, and passes on what they report."""

    def __init__(
        self, company: Company, board: Board, package: str = "hotline.demo"
    ) -> None:
        self._company, self._board, self._package = company, board, package
        self.citizens: Child | None = None
        self.first_left = asyncio.Event()

    async def start(self, name: str, settings: PhoneSettings) -> Child:
        """The process of this name."""
        module = f"{self._package}.{name}"
        return await self._company.employ(
            name, "-m", module, settings.to_json(), hear=self._hear
        )

    def _hear(self, child: Child, message: Message) -> None:
        match message:
            case Opened():
                child.open(message.legs_allowed)
            case Step():
                self._step(message)
            case Called():
                self._board.called(message)
            case Heard():
                self._board.witness.hear(message)

    def _step(self, step: Step) -> None:
        self._board.step(step)
        if step.agent and self.citizens:
            self.citizens.tell(step)
        elif step.moment is Moment.ENDED and step.number == FIRST_CITIZEN:
            self.first_left.set()


async def ready(folder: DemoFolder, board: Board, console_url: str) -> None:
    """Wait until the hotline takes calls and everybody has something to say."""
    try:
        async with asyncio.timeout(START_SECONDS):
            await _speak(folder)
            await _hotlineready(folder, board, console_url)
    except SynthesisError as error:
        raise DemoError(str(error)) from None
    except TimeoutError:
        raise DemoError(
            f"the hotline was not ready after {START_SECONDS:g} s; see "
            f"{folder.log('hotline')}"
        ) from None


async def _hotlineready(folder: DemoFolder, board: Board, console_url: str) -> None:
    async with httpx.AsyncClient(base_url=console_url, trust_env=False) as console:
        while not (folder.token.exists() and await _answers(console)):
            made = sum(1 for _ in folder.prompts.glob("*.wav"))
            board.phase = f"the hotline starts; prompts synthesised so far: {made}"
            await asyncio.sleep(LOOK_SECONDS)


async def _answers(console: httpx.AsyncClient) -> bool:
    try:
        return (await console.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


async def _speak(folder: DemoFolder) -> None:
    async with Synthesiser() as synthesiser:
        for sentence in (*CITIZENS_SAY, *AGENTS_SAY, *OUTSIDE_SAY, VOICEMAIL_SAYS):
            file = speech_file(folder.speech, sentence)
            if not file.exists():
                await synthesiser.speak(sentence, file, voice=VOICE)

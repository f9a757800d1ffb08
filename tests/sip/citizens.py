"""Citizens of one kind in a process of their own, with SIP and RTP of their own.

`python -m tests.sip.citizens KIND ADDRESS PORT` writes the port at which it is called,
lets each call that comes from the hotline at 127.0.0.1:PORT be answered as the kind
does, and when its input ends writes what happened: one account for each call, as JSON.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from benchmarks.answering import sounds
from benchmarks.answering.script import SCRIPTS
from benchmarks.answering.speaking import spoken as said_by
from tests import korean
from tests.sip.phone import Phone, PhoneCall
from tests.sip.tones import RATE, Samples, steady_level
from tests.sip.voice import KEYS, Voice

SENTENCES = {
    "follow_up_greeting": 400,
    "follow_up_contacted": 600,
    "follow_up_contacted_spoken": 700,
    "follow_up_solved": 800,
    "follow_up_solved_spoken": 900,
    "follow_up_satisfied": 1000,
    "follow_up_satisfied_spoken": 1100,
    "follow_up_why": 1200,
    "follow_up_offer": 1400,
    "follow_up_offer_spoken": 1500,
    "follow_up_again": 1600,
    "follow_up_person_key": 1700,
    "survey_thanks": 1800,
    "follow_up_goodbye": 1900,
    "follow_up_no_agent": 2100,
}
"""Each is a tone of its own, by which a citizen knows it."""
AGENT, AGENT_HZ, CITIZEN_HZ = "agent", 950, 650
AUDIBLE, LISTENS_SECONDS, LEAST_HEARD = 0.1, 0.3, 0.2
ANNOUNCED_SECONDS, AT_ONCE = 3, 20
SCRIPT = SCRIPTS["tuning"]

Replies = Mapping[str, str]
"""What is said or pressed when a sentence is heard: a key, or Korean words."""
_UNHAPPY = {"follow_up_why": "#", "follow_up_offer": "2"}
_SAY_WHY = {"follow_up_why": "안녕하세요 감사합니다"}
PRESSES: tuple[Replies, ...] = tuple(
    dict(zip(("contacted", "solved", "satisfied"), keys, strict=True))
    for keys in ("112", "111", "113", "125")
)
SPEAKS: tuple[Replies, ...] = (
    {"contacted": "네", "solved": "네", "satisfied": "매우 만족 합니다"},
    {"contacted": "네", "solved": "아니요", "satisfied": "매우 만족 합니다"},
)
_AS_KEYS = {"네": "1", "아니요": "2", "매우 만족 합니다": "1"}


@dataclass(kw_only=True)
class Account:
    """What one call was like: how it ended, and what was last replied to each question."""

    number: str
    ended: str = ""
    heard: list[str] = field(default_factory=list)
    replied: dict[str, str] = field(default_factory=dict)


class Visit:
    """One call, as the citizen has it."""

    def __init__(self, call: PhoneCall) -> None:
        assert call.invite
        self.call = call
        self.account = Account(number=call.invite.first.split("sip:")[1].split("@")[0])

    @property
    def turn(self) -> int:
        """Which of its kind it is, from 0."""
        return int(self.account.number[-4:])

    def answer(self) -> None:
        """It rings, and he picks up."""
        self.call.ring()
        self.call.answer()

    async def converse(self, replies: Replies) -> None:
        """Reply to each sentence that is heard, again when it is asked again.

        Who hears an agent talks with him.
        """
        while not self.is_over:
            now = await self._hears()
            if now and now != (self.account.heard or [""])[-1]:
                self.account.heard.append(now)
                await self._reply(now, replies.get(now, ""))

    @property
    def is_over(self) -> bool:
        """Whether the hotline has hung up, or given up."""
        ends = ("BYE ", "CANCEL ")
        return any(it.first.startswith(ends) for it in self.call.received)

    async def over(self) -> None:
        """Wait until the hotline ends it."""
        await self.call.got(lambda it: it.first.startswith(("BYE ", "CANCEL ")), 150)

    async def _hears(self) -> str:
        heard = await self.call.voice.listen(LISTENS_SECONDS)
        if len(heard) < LEAST_HEARD * RATE:
            return ""
        levels = {name: steady_level(heard, hz) for name, hz in _TONES.items()}
        loudest = max(levels, key=lambda name: levels[name])
        return loudest if levels[loudest] >= AUDIBLE else ""

    async def _reply(self, sentence: str, reply: str) -> None:
        if sentence == AGENT:
            self.call.voice.hz = CITIZEN_HZ
        if not reply:
            return
        self.account.replied[_question(sentence)] = reply
        if reply in KEYS:
            self.call.voice.press(reply)
        else:
            await asyncio.sleep(0.3)
            ends_at = self.call.voice.say(korean.spoken(reply))
            await asyncio.sleep(ends_at - asyncio.get_running_loop().time())


_TONES = SENTENCES | {AGENT: AGENT_HZ}


def _question(sentence: str) -> str:
    return sentence.removeprefix("follow_up_").removesuffix("_spoken")


def keyed(replies: Replies) -> Replies:
    """As the sentences that ask for a key have it."""
    return {f"follow_up_{name}": key for name, key in replies.items()} | _UNHAPPY


def voiced(replies: Replies) -> Replies:
    """Spoken where speech is asked for, pressed where only keys are understood."""
    said = {f"follow_up_{name}_spoken": words for name, words in replies.items()}
    keys = {f"follow_up_{name}": _AS_KEYS[words] for name, words in replies.items()}
    offer = {"follow_up_offer_spoken": "아니요", "follow_up_offer": "2"}
    return keys | said | offer | _SAY_WHY


async def presses(visit: Visit) -> None:
    """He answers by keys."""
    visit.answer()
    await visit.converse(keyed(PRESSES[visit.turn % len(PRESSES)]))


async def speaks(visit: Visit) -> None:
    """He answers in Korean."""
    visit.answer()
    await visit.converse(voiced(SPEAKS[visit.turn % len(SPEAKS)]))


async def silent(visit: Visit) -> None:
    """He answers, and nothing is heard of him until the hotline hangs up."""
    visit.answer()
    await visit.over()


async def voicemail(visit: Visit) -> None:
    """A greeting and a beep, and then it records."""
    visit.answer()
    visit.call.voice.say(_greeting())
    await visit.over()


async def announced(visit: Visit) -> None:
    """The network says before any answer why he cannot be reached.

    Every second one speaks until the hotline gives up, the others end by themselves.
    """
    visit.call.progress()
    told = _announcement()
    if visit.turn % 2:
        visit.call.voice.say(np.tile(told, 6))
        await visit.over()
    else:
        visit.call.voice.say(told[: 8000 * ANNOUNCED_SECONDS])
        await asyncio.sleep(ANNOUNCED_SECONDS)
        visit.call.refuse(480)


async def busy(visit: Visit) -> None:
    """His line is engaged."""
    visit.call.refuse(486)


async def refuses(visit: Visit) -> None:
    """He declines the call, or answers it and wants no such calls."""
    if visit.turn % 2:
        visit.answer()
        await visit.converse({"follow_up_greeting": "9"})
    else:
        visit.call.ring()
        visit.call.refuse(603)


async def wants_person(visit: Visit) -> None:
    """He asks for a person, at once or at the second question, by key or voice."""
    visit.answer()
    asks: tuple[Replies, ...] = (
        {"follow_up_contacted": "0"},
        {"follow_up_contacted": "1", "follow_up_solved": "0"},
        {
            "follow_up_contacted_spoken": "네",
            "follow_up_contacted": "1",
            "follow_up_solved_spoken": "상담원",
            "follow_up_solved": "0",
        },
    )
    await visit.converse(asks[visit.turn % len(asks)])


KINDS: dict[str, Callable[[Visit], Awaitable[None]]] = {
    act.__name__: act
    for act in (
        presses,
        speaks,
        silent,
        voicemail,
        announced,
        busy,
        refuses,
        wants_person,
    )
}


def _pcm(*parts: Any) -> Samples:
    return np.asarray(np.concatenate(parts) * 32767, np.int16)


def _greeting() -> Samples:
    greeting = said_by(SCRIPT.voicemail[0], SCRIPT.voices[0])
    parts = (sounds.silence(0.5), greeting, sounds.silence(0.4), sounds.beep(1000, 0.4))
    return _pcm(*parts)


def _announcement() -> Samples:
    told = said_by(SCRIPT.announcements[0], SCRIPT.voices[1])
    return _pcm(sounds.silence(0.4), told, sounds.silence(0.7), told)


async def _attend(phone: Phone, act: Callable[[Visit], Awaitable[None]]) -> list[Visit]:
    """All calls until the input ends; who is still on the line then is left there."""
    visits: list[Visit] = []
    async with asyncio.TaskGroup() as tasks:
        ended = tasks.create_task(asyncio.to_thread(sys.stdin.read), name="input")
        under_way: list[asyncio.Task[None]] = []
        while not ended.done():
            coming = asyncio.create_task(phone.incoming.get(), name="a call")
            await asyncio.wait({coming, ended}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                visits.append(Visit(coming.result()))
                told = _told(visits[-1], act)
                under_way.append(tasks.create_task(told, name="visit"))
                phone.spare.append(await Voice.open(phone.address, 0))
            else:
                coming.cancel()
        for visit in under_way:
            visit.cancel()
    return visits


async def _told(visit: Visit, act: Callable[[Visit], Awaitable[None]]) -> None:
    await act(visit)
    visit.call.voice.close()  # what is sent on would be heard in somebody else's call
    methods = {it.first.split()[0] for it in visit.call.received}
    ends = [method for method in ("BYE", "CANCEL") if method in methods]
    visit.account.ended = ends[0] if ends else "refused"


async def live(kind: str, address: str, port: int) -> None:
    """Be called, until the input ends; then give account."""
    phone = await Phone.open(("127.0.0.1", port), address)
    phone.spare += [await Voice.open(address, 0) for _ in range(AT_ONCE)]
    _prepare(kind)
    _write(int(phone.host.rpartition(":")[2]))
    visits = await _attend(phone, KINDS[kind])
    _write([asdict(visit.account) for visit in visits])
    await phone.close()


def _prepare(kind: str) -> None:
    """Say everything once: espeak-ng is slow the first time."""
    if kind == "voicemail":
        _greeting()
    if kind == "announced":
        _announcement()
    if kind in ("speaks", "wants_person"):
        for words in (*_AS_KEYS, *_SAY_WHY.values(), "상담원"):
            korean.spoken(words)


def _write(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1], sys.argv[2], int(sys.argv[3])))

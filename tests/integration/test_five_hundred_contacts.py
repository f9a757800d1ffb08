"""A campaign of 500 contacts in virtual time: its results are exactly the citizens'.

The dialler, its store, the rules, the flow and the engine are those of the service. Each
citizen has ways of his own, drawn before the first call; what the results must be is
counted from these ways alone.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

import pytest

from acd.events import CallEnded, CallMissed
from outbound.answer_detection import AnsweredBy
from outbound.archive import campaign_of, results_of
from outbound.contact import OPEN, ContactState, FollowUpOutcome
from outbound.results import By, Rate
from outbound.rules import FollowUpRules
from tests.fakes.ears import FakeEars
from tests.fakes.leg import FakeLeg, Heard
from tests.fakes.telephony import answers_after
from tests.story.campaigns import CampaignStory, number_of, open_campaigns
from tests.story.conftest import database_url, migrated  # noqa: F401  fixtures

pytestmark = [
    pytest.mark.integration,
    pytest.mark.looptime(noop_cycles=2),
]

PEOPLE, LINES, TRIES = 500, 20, 2
RULES = FollowUpRules(windows=((time(8), time(21)),), gap_hours=1, tries=TRIES)
HOURS = 20
"""Monday 16:00 to Tuesday noon: two tries are over for everybody."""
CONTACTED, SOLVED, SATISFIED = (
    "follow_up_contacted",
    "follow_up_solved",
    "follow_up_satisfied",
)


class Way(StrEnum):
    """What a citizen does when he is called."""

    ANSWERS = "answers"
    AWAY_FIRST = "away_first"
    LEAVES = "leaves"
    WANTS_PERSON = "wants_person"
    OPTS_OUT = "opts_out"
    HANGS_UP = "hangs_up"
    SILENT = "silent"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTS = "rejects"
    MACHINE = "machine"
    ANNOUNCED = "announced"


Out = FollowUpOutcome
TRIED = {
    Way.ANSWERS: (Out.COMPLETED,),
    Way.AWAY_FIRST: (Out.NO_ANSWER, Out.COMPLETED),
    Way.LEAVES: (Out.PARTIAL,),
    Way.WANTS_PERSON: (Out.PERSON,),
    Way.OPTS_OUT: (Out.OPTED_OUT,),
    Way.HANGS_UP: (Out.HUNG_UP,),
    Way.SILENT: (Out.SILENT,) * TRIES,
    Way.BUSY: (Out.BUSY,) * TRIES,
    Way.NO_ANSWER: (Out.NO_ANSWER,) * TRIES,
    Way.REJECTS: (Out.REJECTED,) * TRIES,
    Way.MACHINE: (Out.MACHINE,) * TRIES,
    Way.ANNOUNCED: (Out.NETWORK_ANNOUNCEMENT,) * TRIES,
}
"""How the tries of each must end."""
ENDS = {Way.OPTS_OUT: ContactState.OPTED_OUT} | dict.fromkeys(
    (Way.ANSWERS, Way.AWAY_FIRST, Way.LEAVES, Way.WANTS_PERSON, Way.HANGS_UP),
    ContactState.DONE,
)
"""Where each ends; all others have used their tries up."""
ANSWERS_ALL = (Way.ANSWERS, Way.AWAY_FIRST)
REACHED = (*ANSWERS_ALL, Way.LEAVES, Way.WANTS_PERSON, Way.OPTS_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """His way, and the keys that he presses when he answers."""

    way: Way
    contacted: str
    solved: str
    satisfied: str

    def keys(self) -> Mapping[str, str]:
        """What he presses at each sentence."""
        match self.way:
            case Way.ANSWERS | Way.AWAY_FIRST:
                return {
                    CONTACTED: self.contacted,
                    SOLVED: self.solved,
                    SATISFIED: self.satisfied,
                    "follow_up_offer": "2",
                }
            case Way.LEAVES:
                return {CONTACTED: self.contacted}
            case Way.WANTS_PERSON:
                return {CONTACTED: "0"}
            case Way.OPTS_OUT:
                return {"follow_up_greeting": "9"}
            case _:
                return {}

    def goes_at(self) -> str:
        """The sentence at which he hangs up."""
        at = {Way.LEAVES: SOLVED, Way.HANGS_UP: "follow_up_greeting"}
        return at.get(self.way, "")


class Attentive(list[Heard]):
    """What a citizen hears; a second after each sentence began he does what he does."""

    def __init__(self, leg: FakeLeg, citizen: Citizen) -> None:
        super().__init__()
        self._leg, self._citizen = leg, citizen

    def append(self, heard: Heard) -> None:
        """A sentence begins."""
        super().append(heard)
        loop, sentence = asyncio.get_running_loop(), heard.file.stem
        if key := self._citizen.keys().get(sentence):
            loop.call_later(1, self._leg.press, key)
        if sentence == self._citizen.goes_at():
            loop.call_later(1.5, self._leg.peer_hangs_up)


class City:
    """500 citizens; `calls` counts how often each was called."""

    def __init__(self, chance: Random) -> None:
        ways = [*Way, *[Way.ANSWERS] * 5]
        self.people = [
            Citizen(
                way=chance.choice(ways),
                contacted=chance.choice("12"),
                solved=chance.choice("12"),
                satisfied=chance.choice("12345"),
            )
            for _ in range(PEOPLE)
        ]
        self.by_number = {number_of(n): it for n, it in enumerate(self.people)}
        self.calls: Counter[str] = Counter()
        self.ears = FakeEars()

    def behave(self, number: str, leg: FakeLeg) -> None:
        """He is called."""
        citizen = self.by_number[number]
        self.calls[number] += 1
        leg.heard = Attentive(leg, citizen)
        loop = asyncio.get_running_loop()
        match citizen.way:
            case Way.BUSY:
                leg.peer_refuses(486)
            case Way.REJECTS:
                leg.peer_refuses(603)
            case Way.NO_ANSWER:
                leg.peer_rings()
            case Way.ANNOUNCED:
                leg.peer_rings()
                said = AnsweredBy.NETWORK_ANNOUNCEMENT
                loop.call_later(2, self.ears.hear, leg, said)
            case Way.AWAY_FIRST if self.calls[number] == 1:
                leg.peer_rings()
            case _:
                answers_after(3)(leg)
        if citizen.way is Way.MACHINE:
            loop.call_later(8, self.ears.hear, leg, AnsweredBy.MACHINE)
        if citizen.way is Way.WANTS_PERSON:
            loop.call_later(60, leg.peer_hangs_up)

    def count(self, unit: int, does: Callable[[Citizen], bool]) -> int:
        """How many of a unit's citizens do something."""
        return sum(does(it) for n, it in enumerate(self.people) if n % 3 == unit)


def expected(city: City, unit: int) -> dict[str, tuple[int, int]]:
    """Each rate of a unit as its citizens make it: numerator and denominator."""
    orders = city.count(unit, lambda _: True)
    answered = city.count(unit, lambda it: it.way in ANSWERS_ALL)
    return {
        "attempted": (orders, orders),
        "reached": (city.count(unit, lambda it: it.way in REACHED), orders),
        "completed": (answered, orders),
        "satisfied": (
            city.count(
                unit, lambda it: it.way in ANSWERS_ALL and it.satisfied in "123"
            ),
            answered,
        ),
        "solved": (
            city.count(unit, lambda it: it.way in ANSWERS_ALL and it.solved == "1"),
            answered,
        ),
    }


async def until_all_closed(story: CampaignStory) -> None:
    """Two tries of everybody take until the next morning."""
    for _ in range(HOURS * 6):
        await asyncio.sleep(600)
        campaign = await campaign_of(story.database, "november")
        if not any(campaign.contacts[state] for state in OPEN):
            return
    raise AssertionError("some contacts are open still")


async def test_results_of_500_contacts_are_exactly_what_the_citizens_did(
    database_url: str,  # noqa: F811
) -> None:
    city = City(Random(12345))
    agents = [f"a{n}" for n in range(10)]
    async with open_campaigns(
        database_url,
        *agents,
        lines=LINES,
        when=RULES,
        behaviour=city.behave,
        call={"ears": city.ears},
        wrap_up_seconds=5,
    ) as story:
        agents_answer(story)
        story.hotline.log_in(*agents)
        await story.enter(PEOPLE)
        await until_all_closed(story)
        await _assert_each_ended_in_his_way(story, city)
        await _assert_rates(story, city)
        assert not story.hotline.all(CallMissed)
        ended = Counter(end.call_id for end in story.hotline.all(CallEnded))
        assert set(ended.values()) == {1}
        assert len(ended) == sum(city.calls.values())


def agents_answer(story: CampaignStory) -> None:
    """Agents' phones pick up after a second; citizens behave as before."""
    policy, answer = story.hotline.endpoint.answer_policy, answers_after(1)

    def both(leg: FakeLeg) -> None:
        target = next(p.target for p in story.hotline.endpoint.placed if p.leg is leg)
        (policy if target.endswith("@trunk.test") else answer)(leg)

    story.hotline.endpoint.answer_policy = both


async def _assert_each_ended_in_his_way(story: CampaignStory, city: City) -> None:
    wrong = defaultdict(list)
    for record in await story.records():
        contact = record.contact
        way = city.by_number[contact.number].way
        tried = tuple(attempt.outcome for attempt in record.attempts)
        end = ENDS.get(way, ContactState.EXHAUSTED)
        if (tried, contact.state) != (TRIED[way], end):
            wrong[way].append((tried, contact.state))
        assert contact.tries == city.calls[contact.number] == len(tried)
    assert not wrong


async def _assert_rates(story: CampaignStory, city: City) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    found = await results_of(story.database, "november", By.UNIT, zone)
    assert [result.unit for result in found] == ["unit 0", "unit 1", "unit 2"]
    for unit, result in enumerate(found):
        rates: dict[str, Rate] = {
            name: getattr(result, name) for name in expected(city, unit)
        }
        shown = {name: (it.numerator, it.denominator) for name, it in rates.items()}
        assert shown == expected(city, unit)

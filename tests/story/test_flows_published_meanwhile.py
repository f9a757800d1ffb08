"""A flow is published while citizens are in calls: each keeps the version he began with."""

import asyncio
from pathlib import Path

import pytest

from acd.events import FlowBegun, Outcome
from ivr_flows.language import Flow, parse_flow
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime

FLOW = """
steps:
  greeting: {do: menu, say: welcome, keys: {8: gone}, timeout: person, invalid: person}
  person: {do: enqueue, queue: general, leave_key: "*", left: gone, then: gone}
  gone: {do: hang_up, say: goodbye}
"""
OTHER = FLOW.replace("say: goodbye", "say: call_again")
OLD_WORDS, NEW_WORDS = "goodbye.wav", "call_again.wav"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The flow that the hotline starts with."""
    file = tmp_path / "flow.yaml"
    file.write_text(FLOW, encoding="utf-8")
    return file


def version(number: int, text: str) -> Flow:
    """A text as a version of the flow."""
    return parse_flow(text, "flow.yaml").as_version(number)


def last_words(citizen: FakeLeg) -> str:
    """The file that he heard last."""
    return citizen.heard[-1].file.name


def versions_met(hotline: StoryHotline) -> list[int]:
    """Of the calls, in the order in which they began."""
    return [begun.version for begun in hotline.all(FlowBegun)]


def publish_other(hotline: StoryHotline) -> None:
    """Version 2 is in force from now on."""
    hotline.flows.put(version(2, OTHER))


async def test_call_in_the_greeting_goes_on_as_it_began(file: Path) -> None:
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.flows.put(version(1, FLOW))
        before = hotline.endpoint.dial()
        await asyncio.sleep(2)
        publish_other(hotline)
        after = hotline.endpoint.dial()
        await asyncio.sleep(2)
        before.press("8")
        after.press("8")
        await asyncio.sleep(20)
        assert (last_words(before), last_words(after)) == (OLD_WORDS, NEW_WORDS)
        assert versions_met(hotline) == [1, 2]


async def test_call_that_waits_leaves_by_the_version_it_began_with(file: Path) -> None:
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.flows.put(version(1, FLOW))
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(60)
        assert hotline.engine.waiting
        publish_other(hotline)
        citizen.press("*")
        await asyncio.sleep(20)
        assert last_words(citizen) == OLD_WORDS


async def test_call_in_a_talk_ends_by_the_version_it_began_with(file: Path) -> None:
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.flows.put(version(1, FLOW))
        hotline.endpoint.answer_policy = answers_after(1)
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(60)
        publish_other(hotline)
        hotline.flows.put(version(3, FLOW.replace("say: goodbye", "say: welcome")))
        (phone,) = hotline.phones_of("a")
        phone.peer_hangs_up()
        await asyncio.sleep(20)
        assert last_words(citizen) == OLD_WORDS
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED
        assert versions_met(hotline) == [1]


async def test_version_that_is_published_again_is_met_again(file: Path) -> None:
    async with open_hotline("a", flow_file=file) as hotline:
        hotline.flows.put(version(1, FLOW))
        publish_other(hotline)
        hotline.endpoint.dial()
        await asyncio.sleep(2)
        hotline.flows.put(version(1, FLOW))
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(2)
        citizen.press("8")
        await asyncio.sleep(20)
        assert last_words(citizen) == OLD_WORDS
        assert versions_met(hotline) == [2, 1]

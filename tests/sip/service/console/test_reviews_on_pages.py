"""A citizen answers a follow-up call by voice; a person hears the doubtful clip, and sets it."""

import pytest
from playwright.async_api import expect

from tests.sip.service.acts import until_so
from tests.sip.service.console.floor import CAMPAIGNS, Floor
from tests.sip.service.test_spoken_follow_up import (
    CONTACTED,
    NUMBER,
    SOLVED,
    Scene,
    call_by,
)

pytestmark = [
    pytest.mark.sip,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]
WIDE = {"width": 1440, "height": 900}
HEARD = "() => document.getElementById('review-clip').currentTime > 0.1"


async def test_doubtful_answer_is_heard_and_corrected(floor: Floor) -> None:
    """What is recognised with less confidence than `review_below` waits for a person."""
    await call_by(floor.hotline, "november", NUMBER)
    call = await floor.city.expect_call()
    call.ring()
    call.answer()
    citizen = Scene(floor.hotline, call, floor.city)
    await citizen.says("네", after=CONTACTED, then=SOLVED)
    call.hang_up()
    await until_so(lambda: is_recorded(floor))
    page = await floor.sees(CAMPAIGNS, "/reviews?campaign=november", viewport=WIDE)
    await expect(page.locator("#review audio")).to_be_visible()
    await page.keyboard.press("k")
    await page.wait_for_function(HEARD)
    await floor.visits.looks_good(page, "real-reviews")
    await page.locator("button[name=answer][value=no]").press("Enter")
    await expect(page.locator("button[name=answer]")).to_have_count(0)
    assert kept(floor) == [("contacted", "yes", "no")]


def kept(floor: Floor) -> list[tuple[str, str, str]]:
    """Questions that a person heard: what was recognised, and what he set."""
    rows = floor.hotline.rows(
        "SELECT question, given.answer AS first, heard.answer AS later "
        "FROM follow_up_answers given JOIN follow_up_reviews heard "
        "USING (call_id, question) ORDER BY given.at"
    )
    return [(row["question"], row["first"], row["later"]) for row in rows]


async def is_recorded(floor: Floor) -> bool:
    """The call's recording is kept, so that its clips can be cut."""
    query = (
        "SELECT 1 FROM recordings WHERE chain IS NOT NULL "
        "AND call_id IN (SELECT call_id FROM follow_up_answers)"
    )
    return bool(floor.hotline.rows(query))

"""A citizen answers a follow-up call by voice; a person hears the doubtful clip, and sets it."""

import pytest
from playwright.async_api import expect

from tests.sip.service.acts import until_so
from tests.sip.service.console.floor import CAMPAIGNS, Floor
from tests.sip.service.test_spoken_follow_up import (
    CONTACTED,
    NUMBER,
    SATISFIED,
    SOLVED,
    WHY,
    Scene,
    call_by,
)

pytestmark = [
    pytest.mark.sip,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(240),
]
WIDE = {"width": 1440, "height": 900}
HEARD = "() => document.getElementById('review-clip').currentTime > 0.1"


async def test_doubtful_answer_is_heard_and_corrected(floor: Floor) -> None:
    """He says that nothing is solved and that he is very satisfied: a person decides."""
    await call_by(floor.hotline, "november", NUMBER)
    call = await floor.city.expect_call(30)
    call.ring()
    call.answer()
    citizen = Scene(floor.hotline, call, floor.city)
    await citizen.says("네", after=CONTACTED, then=SOLVED)
    await citizen.says("아니요", after=SOLVED, then=SATISFIED)
    await citizen.says("매우 만족 합니다", after=SATISFIED, then=WHY)
    call.hang_up()
    await citizen.ended()
    await until_so(lambda: is_recorded(floor))
    page = await floor.sees(CAMPAIGNS, "/reviews?campaign=november", viewport=WIDE)
    await expect(page.locator("#review-title")).to_have_text("是否解决？")
    await expect(page.get_by_text("前后回答矛盾").first).to_be_visible()
    await page.keyboard.press("k")
    await page.wait_for_function(HEARD)
    await floor.visits.looks_good(page, "real-reviews")
    await page.locator("button[name=answer][value=no]").press("Enter")
    await expect(page.locator("#review-title")).to_have_text("是否满意？")
    await page.locator("button[name=answer][value=very_dissatisfied]").press("Enter")
    await expect(page.get_by_text("没有待复核的答案")).to_be_visible()
    assert kept(floor) == [
        ("solved", "no", "no"),
        ("satisfied", "very_satisfied", "very_dissatisfied"),
    ]


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
    return bool(floor.hotline.rows("SELECT 1 FROM recordings WHERE chain IS NOT NULL"))

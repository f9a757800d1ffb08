"""Doubtful answers as a page: shown one by one, set by a person, heard on the record."""

import httpx
import pytest

from console.accounts.account import Role
from outbound.archive import contacts_page
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService
from tests.fakes.follow_ups import called_campaign, keep_its_recording

pytestmark = pytest.mark.integration
CLIP = "/api/v1/reviews/{}/solved/clip"


@pytest.fixture
async def doubtful(service: SmallService) -> SmallService:
    """CALL6 was not understood, CALL1 is unsure."""
    await called_campaign(service)
    return service


async def set_answer(
    client: httpx.AsyncClient, call_id: str, answer: str
) -> httpx.Response:
    """Press the button of an answer."""
    form = {"answer": answer, "campaign": "november"}
    return await client.post(f"/reviews/{call_id}/solved", data=form)


async def test_newest_doubtful_answer_is_shown_with_what_was_recognised(
    doubtful: SmallService,
) -> None:
    async with logged_in(doubtful.app, Role.CAMPAIGN_MANAGER) as client:
        text = (await client.get("/reviews?campaign=november")).text
        assert CLIP.format("CALL6") in text
        assert CLIP.format("CALL1") not in text
        for words in ("是否解决？", "听不清", "没有听清", "识别置信度低", "41 %"):
            assert words in text
        following = (await client.get("/reviews?before=CALL6:solved")).text
        assert CLIP.format("CALL1") in following
        assert "解决了 吧" in following
        assert "一 三 八" not in following, "long numbers in words are masked"


async def test_answer_is_set_both_stay_and_the_next_one_comes(
    doubtful: SmallService,
) -> None:
    async with logged_in(doubtful.app, Role.CAMPAIGN_MANAGER) as client:
        text = (await set_answer(client, "CALL6", "no")).text
        assert "识别为“听不清”，人工复核为“" in text
        assert CLIP.format("CALL1") in text
        done = (await set_answer(client, "CALL1", "unclear")).text
        assert "没有待复核的答案" in done
        contacts = (await client.get("/campaigns/november/contacts")).text
        assert "<s>听不清</s>" in contacts
        records = await contacts_page(doubtful.database, "november")
        (record,) = [each for each in records if each.contact.order_id == "A-6"]
        assert record.answers[0].answer == "unclear"
        assert [(r.answer, r.reviewed_by) for r in record.reviews] == [
            ("no", "campaign-manager")
        ]


async def test_answer_that_is_none_is_refused(doubtful: SmallService) -> None:
    async with logged_in(doubtful.app, Role.CAMPAIGN_MANAGER) as client:
        answer = await set_answer(client, "CALL6", "maybe")
        assert answer.status_code == 422
        assert "review_refused" in answer.text
        unknown = await set_answer(client, "NONE", "no")
        assert unknown.status_code == 404


async def test_hearing_a_clip_is_on_the_audit_trail(doubtful: SmallService) -> None:
    await keep_its_recording(doubtful, "CALL6")
    async with logged_in(doubtful.app, Role.AUDITOR) as client:
        text = (await client.get("/reviews")).text
        assert 'hx-post="/reviews' not in text, "an auditor sets nothing"
        assert (await client.get(CLIP.format("CALL6"))).status_code == 200
        (line, *_) = await doubtful.view.audit.lines(limit=1, before_id=None)
        assert (line.operation, line.object) == (
            "get_clip",
            "call_id=CALL6 question=solved",
        )
    async with logged_in(doubtful.app, Role.SHIFT_MANAGER) as client:
        assert (await client.get("/reviews")).status_code == 403


async def test_where_nothing_is_doubtful_words_say_so(service: SmallService) -> None:
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        assert "没有待复核的答案" in (await client.get("/reviews")).text

"""What the machine says is reworded while calls come: checked, made, kept, and shown."""

import httpx
import pytest

from acd.rule_changes.rows import Author
from acd.run_time.settings import RunTimeSettings
from acd.run_time.texts import LONGEST_TEXT, TextDesk
from config.settings import Settings
from console.accounts.account import Role
from ivr_flows.prompts.catalogue import Catalogue, PromptError
from ivr_flows.sentences import Language
from tests.fakes.accounts import add_accounts, logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
WELCOME, PAGE = "/api/v1/texts/zh/welcome", "/settings/texts/zh/welcome"
NEW = "正在转接，请稍候。"


async def after_a_new_start(service: SmallService) -> TextDesk:
    """The texts of a service that begins now."""
    parts = service.database, service.clock, Settings()
    run_time = await RunTimeSettings.open(*parts)
    return TextDesk(run_time.texts, Catalogue(), made)


async def made(key: str, language: Language, text: str) -> None:
    """It can be spoken."""


async def test_reworded_text_counts_and_stays_and_can_be_given_back(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    answer = await client.put(f"{WELCOME}?by=Li", json={"text": f" {NEW} "})
    before = answer.json()["of_files"]
    assert (answer.status_code, answer.json()["text"]) == (200, NEW)
    listed = (await client.get("/api/v1/texts/zh")).json()
    assert [each["text"] for each in listed if each["key"] == "welcome"] == [NEW]
    again = (await after_a_new_start(service)).text("welcome", "zh")
    assert (again.text, again.of_files) == (NEW, before)
    changes = (await client.get("/api/v1/rule-changes?name=texts")).json()["items"]
    assert [(c["changed_by"], c["old"], c["new"]) for c in changes] == [
        ("Li", {}, {"zh/welcome": NEW})
    ]
    for text in ("", before):
        given_back = await client.put(WELCOME, json={"text": text})
        assert given_back.json()["text"] == before
    assert (await after_a_new_start(service)).text("welcome", "zh").text == before


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("zh/queue_position", "前面{number}位", "known here: {ahead}"),
        ("zh/welcome", "您好{ahead}", "known here: none"),
        ("zh/welcom", "您好", "did you mean 'welcome'"),
        ("zh/welcome", "您" * (LONGEST_TEXT + 1), "at most"),
        ("de/welcome", "Hallo", "zh"),
    ],
)
async def test_text_that_cannot_be_said_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, place: str, text: str, words: str
) -> None:
    answer = await client.put(f"/api/v1/texts/{place}", json={"text": text})
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    changes = (await client.get("/api/v1/rule-changes?name=texts")).json()["items"]
    assert changes == []


async def test_text_that_no_voice_can_speak_is_not_kept(service: SmallService) -> None:
    async def broken(key: str, language: Language, text: str) -> None:
        raise PromptError("espeak-ng is not installed")

    catalogue = Catalogue()
    desk = TextDesk(service.view.run_time.texts, catalogue, broken)
    before = catalogue.text("welcome", "zh")
    with pytest.raises(Exception, match="espeak-ng is not installed"):
        await desk.reword("welcome", "zh", NEW, Author(name="Li", peer=""))
    assert catalogue.text("welcome", "zh") == before


async def test_shift_manager_rewords_on_the_page_and_an_auditor_reads(
    service: SmallService,
) -> None:
    await add_accounts(service.view.accounts)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await client.post(PAGE, data={"text": NEW})
        assert answer.status_code == 303, answer.text
        page = (await client.get(answer.headers["location"])).text
        assert "下一位来电者即可听到" in page
        assert f"<code>zh/welcome</code>: – → <strong>{NEW}</strong>" in page
        assert "已在此修改" in (await client.get("/settings/texts")).text
        refused = await client.post(PAGE, data={"text": "{who}"})
        assert (refused.status_code, "{who}" in refused.text) == (422, True)
    async with logged_in(service.app, Role.AUDITOR) as client:
        assert '<fieldset class="card" disabled>' in (await client.get(PAGE)).text
        assert (await client.post(PAGE, data={"text": "x"})).status_code == 403

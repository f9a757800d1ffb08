"""The pages of flows: written, checked, tried, kept, published and rolled back by forms."""

import re

import httpx
import pytest

from console.accounts.account import Role
from console.routes.flows import LONGEST_TEXT
from ivr_flows.flow import BUILT_IN
from tests.fakes.accounts import logged_in, name_of
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration

CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
RETITLED = CITIZEN.replace("title: 市民热线", "title: 泉城热线")
FLOW = "/flows/citizen"


async def saved(client: httpx.AsyncClient, text: str, note: str = "") -> httpx.Response:
    """Keep a text; browsers end the lines of a form with CR and LF."""
    form = {"version": "1", "text": text.replace("\n", "\r\n"), "note": note}
    return await client.post(FLOW, data=form)


async def test_draft_is_kept_published_and_rolled_back_by_forms(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await saved(client, RETITLED, "改名")
        assert answer.status_code == 303, answer.text
        page = (await client.get(answer.headers["location"])).text
        assert "已存为草稿" in page
        assert "改名" in page
        assert (await service.view.flows.version("citizen")).text == RETITLED
        ask = (await client.get(f"{FLOW}/publish?version=2")).text
        assert "<del>-title: 市民热线</del>" in ask
        assert "<ins>+title: 泉城热线</ins>" in ask
        form = {"version": "2", "instead_of": "1", "note": "周一起"}
        answer = await client.post(f"{FLOW}/publish", data=form)
        assert answer.status_code == 303
        assert service.view.flows.published("citizen").title == "泉城热线"
        assert "已发布" in (await client.get(answer.headers["location"])).text
        form = {"version": "1", "instead_of": "2"}
        await client.post(f"{FLOW}/publish", data=form)
        assert service.view.flows.published("citizen").version == 1
        told = await service.view.flows.publications("citizen")
        assert told[0].is_roll_back
        assert told[0].published_by == name_of(Role.SHIFT_MANAGER)


async def test_form_takes_what_the_api_takes_and_no_more(service: SmallService) -> None:
    filling = "#" + "字" * 98 + "\n"
    most = (RETITLED + "\n" + filling * 400)[: LONGEST_TEXT - 1] + "\n"
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        kept = await saved(client, most)
        assert kept.status_code == 303
        assert (await service.view.flows.version("citizen")).text == most
        refused = await saved(client, most + "#")
        assert refused.status_code == 422
        api = f"/api/v1{FLOW}/versions"
        assert (await client.post(api, json={"text": most + "#"})).status_code == 422
        assert (await client.post(api, json={"text": most[:-2]})).status_code == 201


async def test_fault_of_yaml_is_told_in_chinese_with_its_place(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for text, line, column, words in (
            (
                "steps:\n  a: {do: say\n  b: 1\n",
                3,
                4,
                "缺少 &#39;,&#39; 或结尾的 &#39;}&#39;",
            ),
            ("steps:\n  a: 'x\n", 3, 1, "引号没有成对"),
            ("steps:\n  a:\n    b: 1\n   c: 2\n", 4, 4, "缩进与前面各行不一致"),
            ("steps: @x\n", 1, 8, "文字不能以 &#39;@&#39; 开头"),
        ):
            answer = await client.post(f"{FLOW}/check", data={"text": text})
            assert f'data-line="{line}" data-column="{column}"' in answer.text, text
            assert words in answer.text


async def test_late_publisher_is_told_and_nothing_changes(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.ADMINISTRATOR) as client:
        await saved(client, RETITLED)
        await saved(client, RETITLED + "\n# c\n")
        form = {"version": "2", "instead_of": "1"}
        await client.post(f"{FLOW}/publish", data=form)
        form = {"version": "3", "instead_of": "1"}
        answer = await client.post(f"{FLOW}/publish", data=form)
        assert answer.status_code == 422
        assert "此间已发布版本 2" in answer.text
        assert service.view.flows.published("citizen").version == 2


async def test_faulty_version_has_no_button_to_publish_it(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        await saved(client, CITIZEN.replace("then: opinion", "then: opinon"))
        ask = (await client.get(f"{FLOW}/publish?version=2")).text
        assert "没有这个步骤" in ask
        assert "没有步骤 &#39;opinon&#39;；是否想写 &#39;opinion&#39;？" in ask
        assert "instead_of" not in ask


async def test_text_that_was_sent_twice_stays_in_the_form(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await saved(client, CITIZEN)
        assert answer.status_code == 422
        assert "版本 1 的内容与此相同" in answer.text
        assert "title: 市民热线" in answer.text


async def test_checker_tells_line_column_and_draws_only_what_can_be(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        good = await client.post(f"{FLOW}/check", data={"text": CITIZEN})
        assert "可以发布" in good.text
        assert "<svg" in good.text
        bad = CITIZEN.replace("do: survey", "do: survy")
        found = await client.post(f"{FLOW}/check", data={"text": bad})
        line = bad[: bad.index("survy")].count("\n") + 1
        assert re.search(
            rf'data-line="({line}|{line - 1})" data-column="\d', found.text
        )
        assert "<svg" not in found.text


async def test_trial_goes_on_back_and_from_the_beginning(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        form = {"version": 1, "text": CITIZEN, "acts": "", "act": "1"}
        part = (await client.post(f"{FLOW}/try", data=form)).text
        assert 'data-step="person" data-standing="queue"' in part
        assert 'name="acts" value="1"' in part
        form = {"version": 1, "text": CITIZEN, "acts": "1 talked", "act": "back"}
        part = (await client.post(f"{FLOW}/try", data=form)).text
        assert 'name="acts" value="1"' in part
        form = {"version": 1, "text": CITIZEN, "acts": "1 talked", "act": "again"}
        part = (await client.post(f"{FLOW}/try", data=form)).text
        assert 'data-step="greeting"' in part
        form = {"version": 1, "text": CITIZEN, "acts": "1 nonsense", "act": "1"}
        part = await client.post(f"{FLOW}/try", data=form)
        assert part.status_code == 200
        assert "步骤 person 中不会发生 &#39;nonsense&#39;" in part.text


async def test_auditor_sees_no_whole_number_and_tries_the_version_itself(
    service: SmallService,
) -> None:
    number = "053188887777"
    other = f"""steps:
  first: {{do: transfer, target: "{number}", then: end, failed: end}}
  end: {{do: hang_up, say: goodbye}}
"""
    async with (
        logged_in(service.app, Role.SHIFT_MANAGER) as manager,
        logged_in(service.app, Role.AUDITOR) as auditor,
    ):
        assert (await saved(manager, other)).status_code == 303
        page, differences = f"{FLOW}?version=2", f"{FLOW}/differences?old=1&new=2"
        svg = f"/api/v1{FLOW}/versions/2/picture"
        for path in (page, differences, svg):
            assert number in (await manager.get(path)).text, path
            assert number not in (await auditor.get(path)).text, path
            assert "****" in (await auditor.get(path)).text, path
        form = {"version": 2, "text": other.replace(number, "0531****7777")}
        part = (await auditor.post(f"{FLOW}/try", data=form)).text
        assert 'data-step="first" data-standing="transfer"' in part
        assert number not in part


async def test_what_somebody_wrote_is_escaped_in_picture_and_trial(
    service: SmallService,
) -> None:
    text = 'title: "<b>"\nsteps:\n  a: {do: hang_up, say: "<script>x</script>"}\n'
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for path in ("check", "try"):
            form = {"version": 1, "text": text}
            part = (await client.post(f"{FLOW}/{path}", data=form)).text
            assert "<script>" not in part
            assert "&lt;script&gt;" in part


async def test_auditor_reads_and_has_nothing_to_press(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        page = (await client.get(FLOW)).text
        assert "readonly" in page
        assert "存为草稿" not in page
        assert (await saved(client, RETITLED)).status_code == 403


async def test_agent_cannot_open_the_flows(service: SmallService) -> None:
    async with logged_in(service.app, Role.AGENT) as client:
        for path in ("/flows", FLOW):
            assert (await client.get(path)).status_code == 403
        assert 'href="/flows"' not in (await client.get("/wallboard")).text


async def test_form_without_the_token_is_refused(service: SmallService) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        del client.headers["x-csrf-token"]
        answer = await saved(client, RETITLED)
        assert answer.status_code == 403
        assert len(await service.view.flows.versions("citizen")) == 1


async def test_page_says_that_a_flow_is_too_large_for_a_picture(
    service: SmallService,
) -> None:
    steps = [
        f"  s{n}: {{do: menu, say: 好, keys: {{1: s{n + 1}}}, timeout: s300}}"
        for n in range(300)
    ]
    text = "\n".join(["steps:", *steps, "  s300: {do: hang_up}"])
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for part, title in (("check", "可以发布"), ("try", "s0")):
            form = {"text": text, "version": "1"}
            answer = await client.post(f"{FLOW}/{part}", data=form)
            assert answer.status_code == 200
            assert title in answer.text
            assert "流程太大，无法画图" in answer.text
            assert "<svg" not in answer.text

"""Settings on pages: rules and profiles changed by a form, refused in words, and told."""

import httpx
import pytest
from markupsafe import escape

from config.agent_settings import MOST_PAUSE_REASONS
from console.accounts.account import Role
from console.pages.setting_forms import OUTBOUND, QUEUE, texts
from tests.fakes.accounts import logged_in, name_of
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
GENERAL = "/settings/queues/general"


async def form_of(service: SmallService) -> dict[str, str]:
    """The form of the queue as the page shows it."""
    rules = (await service.view.rule_changes.rules("general")).rules
    return texts(QUEUE, rules.model_dump(mode="json"))


async def test_rules_of_a_queue_are_changed_by_its_form(service: SmallService) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        form = await form_of(service)
        form |= {
            "ring_seconds": "25",
            "skills": "tax=2",
            "overflow": '[{"when": "wait", "limit": 60, "to": "tax"}]',
        }
        answer = await client.post(GENERAL, data=form)
        assert answer.status_code == 303, answer.text
        rules = (await service.view.rule_changes.rules("general")).rules
        assert (rules.ring_seconds, dict(rules.skills)) == (25, {"tax": 2})
        assert rules.overflow[0].to == "tax"
        page = (await client.get(answer.headers["location"])).text
        assert "已保存并生效" in page
        assert name_of(Role.SHIFT_MANAGER) in page
        assert "<code>ring_seconds</code>: 20.0 → <strong>25.0</strong>" in page


async def test_form_that_is_sent_unchanged_changes_nothing(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        before = (await service.view.rule_changes.rules("general")).rules
        answer = await client.post(GENERAL, data=await form_of(service))
        assert answer.status_code == 303
        assert (await service.view.rule_changes.rules("general")).rules == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ring_seconds", "soon", "soon 不是数字"),
        ("ring_seconds", "0.1", "ring_seconds"),
        ("ring_seconds", "50% <b>", "50% &lt;b&gt; 不是数字"),
        ("skills", "tax", "格式如 tax=3"),
        ("overflow", "[{", "不是 JSON"),
        ("overflow", '[{"when": "wait", "limit": 9, "to": "nowhere"}]', "nowhere"),
        ("strategy", "by_moon", "by_moon"),
    ],
)
async def test_what_cannot_be_is_refused_in_words_and_stays_in_the_form(
    service: SmallService, field: str, value: str, words: str
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        before = (await service.view.rule_changes.rules("general")).rules
        answer = await client.post(
            GENERAL, data=await form_of(service) | {field: value}
        )
        assert answer.status_code == 422
        alert = answer.text.split('role="alert"')[1].split("</p>")[0]
        assert words in alert
        shown = str(escape(value))
        assert shown in answer.text
        assert (await service.view.rule_changes.rules("general")).rules == before


async def test_profile_of_an_agent_is_changed_and_its_history_told(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        form = {
            "contact": "",
            "queues": "general，tax",
            "skills": "tax=3",
            "penalties": "",
            "weight": "1.5",
        }
        answer = await client.post("/settings/agents/1001", data=form)
        assert answer.status_code == 303, answer.text
        profile = (await service.view.rule_changes.profile("1001")).rules
        assert (profile.queues, dict(profile.skills)) == (
            ("general", "tax"),
            {"tax": 3},
        )
        assert profile.weight == 1.5
        history = (await client.get("/settings/history?name=1001")).text
        assert "<code>skills</code>" in history
        assert "没有变更" in (await client.get("/settings/history?name=1002")).text


async def test_auditor_reads_settings_and_changes_none(service: SmallService) -> None:
    async with logged_in(service.app, Role.AUDITOR) as client:
        text = (await client.get(GENERAL)).text
        assert '<fieldset class="card" disabled>' in text
        assert "保存</button>" not in text
        assert (await client.post(GENERAL, data={})).status_code == 403
        assert "示忙原因" in (await client.get("/settings")).text


async def test_queue_and_agent_that_there_are_not_are_not_found(
    service: SmallService,
) -> None:
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for path in ("/settings/queues/nowhere", "/settings/agents/9999"):
            answer: httpx.Response = await client.get(path)
            assert answer.status_code == 404, path


async def test_pause_reasons_are_changed_line_by_line(service: SmallService) -> None:
    path = "/settings/pause-reasons"
    lines = {
        "ids": ["tea", "", "meeting"],
        "titles": ["茶歇", "gone", "会议"],
        "minutes": ["7.5", "", ""],
    }
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await client.post(path, data=lines)
        assert answer.status_code == 303, answer.text
        kept = [(r.id, r.title, r.max_seconds) for r in service.view.pause_reasons]
        assert kept == [("tea", "茶歇", 450), ("meeting", "会议", 0)]
        page = (await client.get(answer.headers["location"])).text
        assert 'value="7.5"' in page
        assert name_of(Role.SHIFT_MANAGER) in page
    async with logged_in(service.app, Role.AUDITOR) as client:
        assert '<fieldset class="card" disabled>' in (await client.get(path)).text


async def test_page_and_api_take_as_many_pause_reasons_and_no_more(
    service: SmallService,
) -> None:
    path = "/settings/pause-reasons"
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        for many, page, api in (
            (MOST_PAUSE_REASONS, 303, 200),
            (MOST_PAUSE_REASONS + 1, 422, 422),
        ):
            ids = [f"reason-{n}" for n in range(many)]
            form = {"ids": [*ids, ""]}
            assert (await client.post(path, data=form)).status_code == page
            body = {"reasons": [{"id": id_} for id_ in ids]}
            answer = await client.put("/api/v1/pause-reasons", json=body)
            assert answer.status_code == api, answer.text
    assert len(service.view.pause_reasons) == MOST_PAUSE_REASONS


async def test_dispositions_are_changed_line_by_line_and_counted_at_once(
    service: SmallService,
) -> None:
    path = "/settings/dispositions"
    lines = {"codes": ["0101", "", "complaint"], "titles": ["供水", "gone", "投诉"]}
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await client.post(path, data=lines)
        assert answer.status_code == 303, answer.text
        page = (await client.get(answer.headers["location"])).text
        assert name_of(Role.SHIFT_MANAGER) in page
        assert "<code>0101</code>: – → " in page
        assert "供水" in (await client.get("/settings")).text
        refused = await client.post(path, data={"codes": ["", ""]})
        assert (refused.status_code, "at least one" in refused.text) == (422, True)
    titles = {"0101": "供水", "complaint": "投诉"}
    assert service.view.run_time.disposition_titles == titles
    async with logged_in(service.app, Role.AUDITOR) as client:
        assert '<fieldset class="card" disabled>' in (await client.get(path)).text


LIMITS = "/settings/outbound-limits"


def limits_form(service: SmallService, **values: str) -> dict[str, str]:
    """The form of the limits as the page shows it, with other values."""
    return {
        **texts(OUTBOUND, service.view.run_time.outbound.now.model_dump()),
        **values,
    }


async def test_campaign_manager_changes_the_limits_of_follow_up_calls(
    service: SmallService,
) -> None:
    new = {"windows": "10:00-11:30，15:00-20:30", "workdays_only": "no", "lines": "2"}
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        unchanged = await client.post(LIMITS, data=limits_form(service))
        assert unchanged.status_code == 303, unchanged.text
        assert "没有变更" in (await client.get(LIMITS)).text
        answer = await client.post(LIMITS, data=limits_form(service, **new))
        assert answer.status_code == 303, answer.text
        page = (await client.get(answer.headers["location"])).text
        assert name_of(Role.CAMPAIGN_MANAGER) in page
        assert "<code>lines</code>: 5 → <strong>2</strong>" in page
        assert "/settings/history" not in page, "he may not read it"
    now = service.view.run_time.outbound.now
    assert now.windows == ("10:00-11:30", "15:00-20:30")
    assert (now.workdays_only, now.lines, now.tries) == (False, 2, 3)
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        assert '<fieldset class="card" disabled>' in (await client.get(LIMITS)).text
        assert "outbound_limits" in (await client.get("/settings/history")).text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("windows", "07:00-09:00", "between 08:00 and 21:00"),
        ("windows", "", "nobody could ever be called"),
        ("tries", "many", "many 不是数字"),
        ("tries", "1", "tries_a_day = 2 contradicts tries = 1"),
        ("number_calls_a_day", "0", "number_calls_a_day"),
    ],
)
async def test_limit_that_cannot_be_is_refused_and_stays_in_the_form(
    service: SmallService, field: str, value: str, words: str
) -> None:
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        before = service.view.run_time.outbound.now
        form = limits_form(service, **{field: value})
        answer = await client.post(LIMITS, data=form)
    assert answer.status_code == 422
    assert words in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert f'name="{field}" value="{value}"' in answer.text
    assert service.view.run_time.outbound.now == before


@pytest.mark.parametrize(
    ("id_", "minutes", "words"),
    [
        ("Tea break", "", "id"),
        ("tea", "long", "max_seconds"),
        ("no_answer", "", "distributor"),
    ],
)
async def test_pause_reason_that_cannot_be_is_refused_and_stays_in_the_form(
    service: SmallService, id_: str, minutes: str, words: str
) -> None:
    form = {"ids": id_, "titles": "茶歇", "minutes": minutes}
    async with logged_in(service.app, Role.SHIFT_MANAGER) as client:
        answer = await client.post("/settings/pause-reasons", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{id_}"' in answer.text
    assert service.view.pause_reasons == ()

"""Live talks through the API: what is asked reaches them, refusals have their ids."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from acd import messages as m
from acd import talk_commands as c
from acd.call import Call
from acd.talk_events import CallDisposed, CallMadeConfidential, SupervisionMode
from tests.fakes import call_events as told
from tests.fakes.console import SmallService
from tests.fakes.talk import StoppedTalk

pytestmark = pytest.mark.integration

API = "/api/v1"
BOSS = c.Supervisor(id="boss", title="班长", contact="sip:boss@127.0.0.1")
POLICE = c.ThirdParty(id="110", title="公安", number="110", key="*1")


@pytest.fixture
def talk(service: SmallService) -> AsyncIterator[StoppedTalk]:
    """Call C, in which 1001 speaks."""
    control = service.view.control
    talk = StoppedTalk()
    with control.live(Call(id="C", caller="", called="")), control.talking("C", talk):
        yield talk  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "body", "command"),
    [
        ("hold", None, c.Hold()),
        ("take_back", None, c.TakeBack()),
        ("pause_recording", None, c.PauseRecording()),
        ("consult", {"third_party": "110"}, c.Consult(third_party=POLICE)),
        (
            "consult",
            {"number": "053112345678"},
            c.Consult(third_party=c.ThirdParty(number="+8653112345678")),
        ),
        (
            "consult",
            {"agent": "1002"},
            c.Consult(third_party=c.ThirdParty(id="1002", colleague=True)),
        ),
        (
            "transfer",
            {"third_party": "110"},
            c.TransferToThirdParty(third_party=POLICE),
        ),
        ("transfer", {"queue": "tax"}, c.TransferToQueue(queue="tax")),
        ("transfer", {"agent": "1002"}, c.TransferToAgent(agent_id="1002")),
        (
            "supervision",
            {"supervisor": "boss", "mode": "whisper"},
            c.Supervise(supervisor=BOSS, mode=SupervisionMode.WHISPER),
        ),
    ],
)
async def test_what_is_asked_reaches_the_talk(
    client: httpx.AsyncClient,
    talk: StoppedTalk,
    path: str,
    body: object,
    command: c.TalkCommand,
) -> None:
    response = await client.post(f"{API}/talks/C/{path}", json=body)
    assert response.status_code == 200, response.text
    assert response.json()["call_id"] == "C"
    assert talk.asked == [command]


async def test_talks_are_listed(client: httpx.AsyncClient, talk: StoppedTalk) -> None:
    (listed,) = (await client.get(f"{API}/talks")).json()
    assert listed == (await client.get(f"{API}/talks/C")).json()
    assert (listed["agent_id"], listed["third_state"]) == ("1001", "absent")


@pytest.mark.parametrize(
    ("path", "body", "status", "error_id"),
    [
        ("consult", {}, 422, "invalid_request"),
        ("consult", {"third_party": "911"}, 422, "target_unknown"),
        ("consult", {"number": "sip:x@y"}, 422, "invalid_request"),
        ("consult", {"third_party": "110", "number": "119"}, 422, "invalid_request"),
        ("transfer", {"queue": "tax", "number": "119"}, 422, "invalid_request"),
        ("transfer", {"queue": "tax", "agent": "1002"}, 422, "invalid_request"),
        ("supervision", {"supervisor": "boss"}, 422, "invalid_request"),
        *(
            (
                "supervision",
                {"supervisor": other, "mode": "listen"},
                422,
                "supervisor_unknown",
            )
            for other in (
                "x",
                "",
                "sip:boss@192.0.2.77:36999",
                "01088888888",
                "sip:boss@127.0.0.1",
            )
        ),
        ("dance", None, 422, "invalid_request"),
    ],
)
async def test_wrong_wishes_are_refused_before_the_talk_hears_of_them(
    client: httpx.AsyncClient,
    talk: StoppedTalk,
    path: str,
    body: object,
    status: int,
    error_id: str,
) -> None:
    response = await client.post(f"{API}/talks/C/{path}", json=body)
    assert (response.status_code, response.json()["error_id"]) == (status, error_id)
    assert talk.asked == []


async def test_refusal_of_the_talk_is_told_with_its_id(
    client: httpx.AsyncClient, talk: StoppedTalk, service: SmallService
) -> None:
    talk.refusal = c.NoThirdParty("There is none.")
    response = await client.post(f"{API}/talks/C/join")
    assert (response.status_code, response.json()["error_id"]) == (
        409,
        "no_third_party",
    )
    with service.view.control.live(Call(id="W", caller="", called="")):
        waiting = await client.post(f"{API}/talks/W/hold")
    assert (waiting.status_code, waiting.json()["error_id"]) == (
        409,
        "call_not_talking",
    )
    nobody = await client.post(f"{API}/talks/NOBODY/hold")
    assert (nobody.status_code, nobody.json()["error_id"]) == (404, "call_not_live")


async def test_disposition_is_noted_in_the_talk_and_refused_after_it(
    client: httpx.AsyncClient, talk: StoppedTalk, service: SmallService
) -> None:
    noted: list[CallDisposed] = []
    service.bus.subscribe(CallDisposed, noted.append)
    wish = {"code": "complaint", "note": "loud"}
    response = await client.post(f"{API}/calls/C/disposition", json=wish)
    assert response.json() == {"call_id": "C", "agent_id": "1001"}
    assert [(event.code, event.note) for event in noted] == [("complaint", "loud")]
    unknown = await client.post(f"{API}/calls/C/disposition", json={"code": "x"})
    assert (unknown.status_code, unknown.json()["error_id"]) == (
        422,
        "disposition_unknown",
    )
    late = await client.post(f"{API}/calls/OLD/disposition", json=wish)
    assert (late.status_code, late.json()["error_id"]) == (409, "call_not_talking")


async def test_disposition_of_an_earlier_call_is_noted_for_the_agent_who_spoke_in_it(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    start = service.clock.now() - timedelta(hours=3)
    await service.record(*told.answered_call("EARLIER", start=start))
    old = service.clock.now() - timedelta(hours=30)
    await service.record(*told.answered_call("OLD", start=old))
    path = f"{API}/calls/EARLIER/disposition"
    his = await client.post(path, json={"code": "complaint", "agent": "1001"})
    assert his.json() == {"call_id": "EARLIER", "agent_id": "1001"}
    anothers = await client.post(path, json={"code": "complaint", "agent": "1002"})
    assert (anothers.status_code, anothers.json()["error_id"]) == (409, "not_his_call")
    late = await client.post(f"{API}/calls/OLD/disposition", json={"code": "complaint"})
    assert (late.status_code, late.json()["error_id"]) == (409, "disposition_too_late")


async def test_disposition_in_wrap_up_can_make_the_agent_ready(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    send = service.distributor.send
    send(m.AgentLogsIn(agent_id="1001"))
    send(m.CallerEnters(call_id="C", queue="general"))
    send(m.OfferAnswered(offer_id="C-1"))
    send(m.TalkEnds(call_id="C", end=m.TalkEnd.CALLER))
    wish = {"code": "complaint", "end_wrap_up": True}
    response = await client.post(f"{API}/calls/C/disposition", json=wish)
    assert response.json()["agent_id"] == "1001"
    assert (await client.get(f"{API}/agents/1001")).json()["state"] == "ready"


async def test_confidential_caller_is_masked_in_calls_and_missed_calls(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    service.bus.subscribe(CallMadeConfidential, lambda event: made.append(event))
    made: list[CallMadeConfidential] = []
    await service.record(*told.abandoned_call("A"))
    response = await client.post(f"{API}/calls/A/confidential")
    assert response.status_code == 200
    await service.record(*made)
    for path in ("calls", "missed-calls"):
        (item,) = (await client.get(f"{API}/{path}")).json()["items"]
        assert item["caller"] == "138****5678"
    unknown = await client.post(f"{API}/calls/NOBODY/confidential")
    assert (unknown.status_code, unknown.json()["error_id"]) == (404, "call_unknown")


async def test_confidential_caller_is_masked_in_call_backs_whoever_asks(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    await service.record(*told.abandoned_call("A"), *told.abandoned_call("B"))
    await service.desk.fold()
    await service.record(CallMadeConfidential(at=told.after(99), call_id="B"))
    (item,) = (await client.get(f"{API}/call-backs")).json()["items"]
    assert (item["id"], item["number"]) == ("A", "138****5678")
    record = (await client.get(f"{API}/call-backs/A")).json()
    assert record["debt"]["number"] == "138****5678"
    for path, wish in (("retry", {}), ("place", {}), ("cancel", {"refused": True})):
        answer = await client.post(f"{API}/call-backs/A/{path}", json=wish)
        assert answer.json()["number"] == "138****5678"


async def test_live_call_that_is_confidential_tells_no_number_when_it_is_missed(
    client: httpx.AsyncClient, service: SmallService
) -> None:
    call = Call(id="L", caller="+8613812345678", called="12345")
    with service.view.control.live(call):
        await client.post(f"{API}/calls/L/confidential")
    assert call.confidential


async def test_third_parties_supervisors_and_dispositions_are_listed(
    client: httpx.AsyncClient,
) -> None:
    third = (await client.get(f"{API}/talks/third-parties")).json()
    assert third == [{"id": "110", "title": "公安", "key": "*1"}]
    bosses = (await client.get(f"{API}/talks/supervisors")).json()
    assert bosses == [{"id": "boss", "title": "班长"}]
    codes = (await client.get(f"{API}/talks/dispositions")).json()
    assert codes == [{"code": "complaint", "title": "投诉"}]

"""Flows over the API: checked, tried, drawn, kept, published; every refusal in words."""

from typing import Any

import pytest

from ivr_flows.flow import BUILT_IN
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration

CITIZEN = (BUILT_IN / "citizen.yaml").read_text(encoding="utf-8")
FLOW = "/api/v1/flows/citizen"
HOSTILE = {
    "an alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "too deep": "[" * 20_000,
    "deep maps": "".join(" " * n + "a:\n" for n in range(250)),
    "a tag": "steps: !!python/object:os.system {}\n",
    "a tag that does not fit": "title: !!int abc\nsteps:\n  a: {do: hang_up}\n",
    "half a character": 'title: "\\ud800"\nsteps:\n  a: {do: hang_up}\n',
    "an escaped control character": 'title: "\\0"\nsteps:\n  a: {do: hang_up}\n',
    "a control character": "steps:\n  a: {do: hang_up}\x00\n",
    "no map": "- a\n",
    "nothing": "",
    "a merge": "a: &a {do: hang_up}\nsteps:\n  b:\n    <<: *a\n",
}


async def post(service: SmallService, path: str, body: Any) -> tuple[int, Any]:
    """Status and answer of a command."""
    async with service.client() as client:
        answer = await client.post(f"{FLOW}{path}", json=body)
        return answer.status_code, answer.json()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_text_is_a_finding_with_its_place(
    service: SmallService, text: str
) -> None:
    status, found = await post(service, "/check", {"text": text})
    assert status == 200, found
    assert not found["is_good"]
    assert found["findings"][0]["line"] >= 1
    assert found["findings"][0]["column"] >= 1
    for path in ("/try", "/picture"):
        status, refused = await post(service, path, {"text": text})
        assert (status, refused["error_id"]) == (422, "flow_refused"), refused


async def test_flow_that_is_too_large_for_a_picture_says_so(
    service: SmallService,
) -> None:
    steps = [
        f"  s{n}: {{do: menu, say: 好, keys: {{1: s{n + 1}}}, timeout: s300}}"
        for n in range(300)
    ]
    text = "\n".join(["steps:", *steps, "  s300: {do: hang_up}"])
    status, tried = await post(service, "/try", {"text": text})
    assert (status, tried["step"]) == (200, "s0")
    status, refused = await post(service, "/picture", {"text": text})
    assert (status, refused["error_id"]) == (422, "flow_picture_too_large")


async def test_text_that_is_too_long_is_refused(service: SmallService) -> None:
    status, refused = await post(service, "/check", {"text": "#" * 40_001})
    assert (status, refused["field"]) == (422, "text")
    status, refused = await post(service, "/check", {"text": "#" * 1_100_000})
    assert (status, refused["error_id"]) == (413, "body_too_large")


async def test_every_fault_has_its_line_and_column(service: SmallService) -> None:
    text = CITIZEN.replace("    say: welcome", "    say: welcom").replace(
        "    say: goodbye", "    say: goodby"
    )
    _, found = await post(service, "/check", {"text": text})
    (first, second) = found["findings"]
    lines = text.splitlines()
    assert lines[first["line"] - 1] == "    say: welcom"
    assert first["column"] == 5
    assert first["error_id"] == second["error_id"] == "flow_sentence_missing"
    assert "did you mean 'welcome'?" in first["message"]


async def test_warning_does_not_keep_a_flow_from_being_published(
    service: SmallService,
) -> None:
    text = "steps:\n  end: {do: hang_up, say: goodbye}\n"
    _, found = await post(service, "/check", {"text": text})
    assert found["is_good"]
    (warning,) = found["findings"]
    assert (warning["error_id"], warning["fatal"]) == ("flow_nobody_met", False)


async def test_faulty_draft_is_kept_and_refused_with_its_place(
    service: SmallService,
) -> None:
    text = CITIZEN.replace("then: opinion", "then: opinon")
    status, kept = await post(service, "/versions", {"text": text, "note": "x"})
    assert (status, kept["number"], kept["state"]) == (201, 2, "draft")
    status, refused = await post(service, "/publish", {"version": 2})
    assert (status, refused["error_id"]) == (422, "flow_refused")
    assert text.splitlines()[refused["line"] - 1].strip() == "then: opinon"
    assert refused["column"] == 5
    status, refused = await post(service, "/versions", {"text": text})
    assert (status, refused["error_id"]) == (409, "flow_text_unchanged")


async def test_publisher_is_told_what_happened_meanwhile(service: SmallService) -> None:
    await post(service, "/versions", {"text": CITIZEN + "\n# a\n"})
    body = {"version": 2, "instead_of": 1, "note": "tried"}
    assert (await post(service, "/publish", body))[0] == 200
    assert (await post(service, "/publish", {"version": 2}))[0] == 409
    body = {"version": 1, "instead_of": 1}
    status, refused = await post(service, "/publish", body)
    assert (status, refused["error_id"]) == (409, "flow_published_meanwhile")
    assert (await post(service, "/roll-back", {}))[1]["version"] == 1


async def test_what_is_not_there_is_told(service: SmallService) -> None:
    async with service.client() as client:
        for path, error_id in (
            ("/api/v1/flows/citzen/versions", "flow_unknown"),
            (f"{FLOW}/versions/7", "flow_version_unknown"),
            (f"{FLOW}/differences?old=1&new=7", "flow_version_unknown"),
        ):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["error_id"]) == (404, error_id)


async def test_impossible_act_is_named(service: SmallService) -> None:
    body = {"text": CITIZEN, "acts": ["1", "left"]}
    status, refused = await post(service, "/try", body)
    assert (status, refused["error_id"]) == (422, "flow_try_impossible")
    assert refused["field"] == "acts.1"


async def test_version_is_drawn(service: SmallService) -> None:
    async with service.client() as client:
        answer = await client.get(f"{FLOW}/versions/1/picture")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.count('class="step ') == 7


async def test_publication_is_in_the_audit_trail_and_a_check_is_not(
    service: SmallService,
) -> None:
    await post(service, "/check", {"text": CITIZEN})
    await post(service, "/versions", {"text": CITIZEN + "\n# a\n"})
    await post(service, "/publish", {"version": 2})
    async with service.client() as client:
        lines = (await client.get("/api/v1/audit")).json()["items"]
    told = [line["operation"] for line in lines]
    assert told[:2] == ["publish_flow", "save_flow_version"]
    assert "check_flow" not in told

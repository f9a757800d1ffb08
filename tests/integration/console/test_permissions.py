"""Every route walked as every role and as nobody, against the one table."""

import re
from collections.abc import Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from acd.messages import AgentLogsIn, CallerEnters, OfferAnswered, OfferRings
from console.accounts.account import Identity, Role, Way
from console.permissions import (
    OPERATIONS,
    PAGES,
    PERMISSIONS,
    READS_BY_POST,
    only_his_own,
    permits,
    sees_numbers,
)
from tests.fakes.accounts import browser, logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration


NOT_WALKED = frozenset({"log_out", "follow_events", "follow_wallboard"})
"""The first would end the walk, the others never end; they are for everybody."""
OWN_ALONE = frozenset(
    {
        *("log_in", "give_code", "log_out", "set_preferences"),
        *("begin_second_factor", "confirm_second_factor"),
        *("page_begin_second_factor", "page_confirm_second_factor"),
        *("change_own_password", "page_change_own_password"),
    }
)
"""They change what is one's own."""
OWN_STREAM = "follow_agent_desk"
"""Never ends either; who may follow whom is tested with the agent desk."""


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Method, path and operation of every route."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or ()):
            yield method, route.path, getattr(route, "operation_id", "") or route.name


def addressed(path: str) -> str:
    """A path in which everything has a name."""
    known = {"agent_id": "1002", "day": "2026-03-02", "command": "hold"}
    return re.sub(
        r"{(\w+)(?::\w+)?}", lambda found: known.get(found[1], "somebody"), path
    )


def identity(role: Role) -> Identity:
    """Somebody of a role."""
    return Identity(name="x", way=Way.SESSION, roles=frozenset({role}))


def test_every_route_has_its_permission_and_every_permission_its_route(
    service: SmallService,
) -> None:
    found = {operation for _, _, operation in routes_of(service.app)}
    assert len(found) > 100
    assert found - {"openapi"} == set(PERMISSIONS)


async def test_every_route_answers_every_role_as_the_table_says(
    service: SmallService,
) -> None:
    """What is allowed may still be refused for what it asks: only not for who asks."""
    walked = 0
    async with AsyncExitStack() as stack:
        clients = {
            role: await stack.enter_async_context(logged_in(service.app, role))
            for role in Role
        }
        for method, path, operation in routes_of(service.app):
            if operation in NOT_WALKED | {OWN_STREAM} or method == "HEAD":
                continue
            for role, client in clients.items():
                answer = await client.request(method, addressed(path))
                refused = _refused_for_who_asks(answer)
                allowed = _allowed(operation, role, path)
                assert refused != allowed, (role, method, path, answer.status_code)
                walked += 1
    assert walked > 500


def _refused_for_who_asks(answer: httpx.Response) -> bool:
    return answer.status_code in (401, 403) and "forbidden" in answer.text


def _allowed(operation: str, role: Role, path: str) -> bool:
    """Nothing in the walk is the agent's own: 1002 is another one."""
    if operation not in PERMISSIONS or PERMISSIONS[operation].to_nobody:
        return True
    of_somebody = "{agent_id}" in path or "{call_id}" in path
    own = only_his_own(identity(role), operation)
    return permits(identity(role), operation) and not (own and of_somebody)


async def test_nobody_gets_no_further_than_the_way_in(service: SmallService) -> None:
    async with browser(service.app) as stranger:
        for method, path, operation in routes_of(service.app):
            if PERMISSIONS[operation].to_nobody if operation in PERMISSIONS else False:
                continue
            answer = await stranger.request(method, addressed(path))
            if path.startswith("/api/"):
                assert answer.status_code in (401, 429), (method, path)
            else:
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/log-in")


async def talking(service: SmallService) -> None:
    """Agent 1001 talks in call A."""
    service.distributor.send(AgentLogsIn(agent_id="1001"))
    service.distributor.send(CallerEnters(call_id="A", queue="general"))
    service.distributor.send(OfferRings(offer_id="A-1"))
    service.distributor.send(OfferAnswered(offer_id="A-1"))


async def test_agent_acts_as_himself_and_as_no_other(service: SmallService) -> None:
    await talking(service)
    async with logged_in(service.app, Role.AGENT) as agent:
        for agent_id, status in (("1001", 202), ("1002", 403)):
            answer = await agent.post(
                f"/api/v1/agents/{agent_id}/state", json={"state": "paused"}
            )
            assert answer.status_code == status, answer.text
        for call_id, status in (("A", 404), ("B", 403)):
            answer = await agent.post(f"/api/v1/talks/{call_id}/hold")
            assert answer.status_code == status, answer.text


async def test_agent_without_a_person_may_nothing_of_his_own(
    service: SmallService,
) -> None:
    await service.view.accounts.set_person("agent", "")
    async with logged_in(service.app, Role.AGENT) as agent:
        answer = await agent.post(
            "/api/v1/agents/1001/state", json={"state": "logged_in"}
        )
    assert answer.status_code == 403


def test_administrator_may_all_and_an_auditor_changes_nothing(
    service: SmallService,
) -> None:
    for operation in {**OPERATIONS, **PAGES}:
        assert permits(identity(Role.ADMINISTRATOR), operation), operation
    for operation in NOT_WALKED:
        assert all(permits(identity(role), operation) for role in Role)
    for method, _, operation in routes_of(service.app):
        changes = method not in ("GET", "HEAD") and operation not in READS_BY_POST
        mere = operation in OWN_ALONE
        if changes and not mere:
            assert not permits(identity(Role.AUDITOR), operation), operation


def test_auditor_sees_no_whole_number() -> None:
    assert [
        name for name in PERMISSIONS if sees_numbers(identity(Role.AUDITOR), name)
    ] == []

"""Settings that the file seeds: changed by the API, counted at once and after a new start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_line
from acd.run_time.settings import RunTimeSettings
from config.database import DatabaseUnavailable
from config.outbound_settings import OutboundSection
from config.setting_errors import SettingsError
from config.settings import Settings
from config.talk_settings import MOST_DISPOSITIONS, DispositionSection
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
API = "/api/v1"
DISPOSITIONS, LIMITS = f"{API}/talks/dispositions", f"{API}/dialler/limits"
LI = Author(name="Li", peer="127.0.0.1")


async def after_a_new_start(service: SmallService, **file: Any) -> RunTimeSettings:
    """What a service has that begins now, with this file."""
    parts = service.database, service.clock
    return await RunTimeSettings.open(*parts, Settings(**file))


async def changes(client: httpx.AsyncClient, name: str) -> list[dict[str, Any]]:
    """Who changed it, the newest first."""
    answer = await client.get(f"{API}/rule-changes?name={name}")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_dispositions_change_at_once_and_stay_after_a_new_start(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    water = {"code": "0101", "title": "供水"}
    answer = await client.put(f"{DISPOSITIONS}?by=Li", json={"dispositions": [water]})
    assert (answer.status_code, answer.json()) == (200, [water])
    assert (await client.get(DISPOSITIONS)).json() == [water]
    wish = {"code": "complaint"}
    gone = await client.post(f"{API}/calls/C/disposition", json=wish)
    assert gone.json()["message"] == "There is no disposition 'complaint'; known: 0101."
    (line,) = await changes(client, "dispositions")
    assert (line["changed_by"], line["kind"]) == ("Li", "dispositions")
    assert line["old"] == {"complaint": {"title": "投诉", "place": 0}}
    assert line["new"] == {"0101": {"title": "供水", "place": 0}}
    again = await after_a_new_start(service)
    assert again.disposition_titles == {"0101": "供水"}


async def test_settings_of_the_file_count_until_somebody_changes_them(
    service: SmallService,
) -> None:
    own = (DispositionSection(code="1", title="一"),)
    file = OutboundSection(lines=7, tries=1, number_calls_a_month=1)
    kept = await after_a_new_start(service, dispositions=own, outbound=file)
    assert kept.dispositions.now == own
    now = kept.outbound.now
    assert (now.lines, now.tries, now.gap_hours) == (7, 1, 4)
    assert (now.tries_a_day, now.number_calls_a_day) == (1, 1), "the caps that bind"
    await kept.outbound.replace(now.model_copy(update={"lines": 3}), LI)
    again = await after_a_new_start(service, dispositions=own, outbound=file)
    assert (again.outbound.now.lines, again.dispositions.now) == (3, own)


async def test_limits_are_changed_one_by_one_with_who_and_what_was_before(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    before = (await client.get(LIMITS)).json()
    for given in ({"lines": 2}, {"windows": ["18:00-20:00"], "tries": 5}):
        answer = await client.patch(f"{LIMITS}?by=Li", json=given)
        assert answer.status_code == 200, answer.text
    after = before | {"lines": 2, "windows": ["18:00-20:00"], "tries": 5}
    assert answer.json() == after == (await client.get(LIMITS)).json()
    second, first = await changes(client, "outbound_limits")
    assert (first["old"], second["new"]) == (before, after)
    assert first["new"] == second["old"] == before | {"lines": 2}
    again = await after_a_new_start(service)
    assert again.outbound.now.model_dump(mode="json") == after


async def test_change_with_one_key_is_made_once(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "evening"}
    for lines in (2, 9):
        await client.patch(LIMITS, json={"lines": lines})
        answer = await client.patch(LIMITS, json={"lines": 4}, headers=key)
        assert answer.json()["lines"] == 4
    assert answer.headers["idempotent-replayed"] == "true"
    assert (await client.get(LIMITS)).json()["lines"] == 9


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lines": -1}, "lines"),
        ({"line": 1}, "line"),
        ({"windows": ["06:00-09:00"]}, None),
        ({"flow": "other"}, "flow"),
    ],
)
async def test_limits_that_cannot_be_are_refused_and_change_nothing(
    client: httpx.AsyncClient, given: dict[str, Any], field: str | None
) -> None:
    answer = await client.patch(LIMITS, json=given)
    assert (answer.status_code, answer.json().get("field")) == (422, field)
    assert await changes(client, "outbound_limits") == []


@pytest.mark.parametrize(
    "codes",
    [[], ["1", "1"], ["a b"], [str(n) for n in range(MOST_DISPOSITIONS + 1)]],
)
async def test_dispositions_that_cannot_be_meant_are_refused(
    client: httpx.AsyncClient, codes: list[str]
) -> None:
    body = {"dispositions": [{"code": code} for code in codes]}
    assert (await client.put(DISPOSITIONS, json=body)).status_code == 422
    assert [each["code"] for each in (await client.get(DISPOSITIONS)).json()] == [
        "complaint"
    ]


async def test_what_is_set_as_it_is_makes_no_line(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    now = service.view.run_time.dispositions.now
    body = {"dispositions": [each.model_dump() for each in now]}
    assert (await client.put(DISPOSITIONS, json=body)).status_code == 200
    assert await changes(client, "dispositions") == []


async def test_changes_at_the_same_time_lose_nothing(
    service: SmallService, client: httpx.AsyncClient
) -> None:
    given = [{"lines": 2}, {"tries": 4}, {"gap_hours": 6}]
    await asyncio.gather(*(client.patch(LIMITS, json=each) for each in given))
    now = service.view.run_time.outbound.now
    assert (now.lines, now.tries, now.gap_hours) == (2, 4, 6)


async def test_change_that_cannot_be_kept_is_taken_back(
    service: SmallService, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, told = service.database.begin, list[int]()
    service.view.run_time.outbound.follow(lambda now: told.append(now.lines))

    @asynccontextmanager
    async def without_room() -> AsyncIterator[AsyncConnection]:
        with pytest.raises(RuntimeError):
            async with begin() as connection:
                yield connection
                raise RuntimeError("undone, as a commit is that finds no room")
        raise DatabaseUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(service.database, "begin", without_room)
        answer = await client.patch(LIMITS, json={"lines": 2})
    assert answer.status_code == 503
    assert told == [2, 5], "who heard of it hears that it was taken back"
    assert (await client.get(LIMITS)).json()["lines"] == 5
    assert await changes(client, "outbound_limits") == []


async def test_kept_setting_that_is_none_any_more_stops_the_start_in_words(
    service: SmallService,
) -> None:
    line = NewChange(
        at=service.clock.now(),
        kind=Changed.OUTBOUND,
        name="outbound_limits",
        changed_by="Li",
        peer="",
        old={},
        new={"lines": -1},
    )
    async with service.database.begin() as connection:
        await keep_line(connection, line)
    with pytest.raises(SettingsError, match="outbound_limits that change 1"):
        await after_a_new_start(service)

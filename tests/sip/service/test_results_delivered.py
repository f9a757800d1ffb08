"""Results reach the order system although it was away and the service was killed."""

import asyncio
from pathlib import Path

import pytest

from tests.fakes.order_system import SECRET, OrderSystem
from tests.sip.service.acts import until_so
from tests.sip.service.conftest import OpenPhone, StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import (
    BUSY,
    PRESSES,
    REFUSES,
    behave,
    import_orders,
    many_lines,
    outcomes,
    record_prompts,
    settings,
    start_campaign,
)

pytestmark = pytest.mark.sip

CALLED = (PRESSES, BUSY, REFUSES)


def webhook(folder: Path, orders: OrderSystem) -> str:
    """The settings of an order system on this machine, its secret in a file."""
    secret = folder / "webhook-secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o600)
    return f'[webhook]\nurl = "{orders.url}"\nsecret_file = "{secret}"\n'


async def deliveries(hotline: HotlineProcess, state: str) -> int:
    """How many are in a state."""
    query = f"SELECT id FROM follow_up_deliveries WHERE state = '{state}'"
    return len(hotline.rows(query))


async def test_every_result_is_delivered_after_a_kill_while_the_order_system_was_away(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    outside, orders = await many_lines(phone), OrderSystem()
    given = settings(outside, tmp_path / "own-prompts", 3)
    given["extra"] += webhook(tmp_path, orders)
    hotline = await start_hotline(**given, secrets={SECRET})
    outside.server = ("127.0.0.1", hotline.sip_port)
    await import_orders(hotline, *CALLED)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start_campaign(hotline))
        for _ in CALLED:
            tasks.create_task(behave(await outside.expect_call()))

    async def all_ended() -> bool:
        return await deliveries(hotline, "pending") == len(CALLED)

    await until_so(all_ended)
    found = await outcomes(hotline)
    await hotline.kill()
    async with orders.running():
        await hotline.start()
        await orders.until(len(CALLED))

        async def all_delivered() -> bool:
            return await deliveries(hotline, "delivered") == len(CALLED)

        await until_so(all_delivered)
    told = {got.result["order_id"]: got.result["reason"] for got in orders.got}
    assert told == {f"A-{n}": found[number] for n, number in enumerate(CALLED)}
    assert all(got.is_ours for got in orders.got)
    (done,) = (got.result for got in orders.got if got.result["state"] == "done")
    given_answers = {each["question"]: each["answer"] for each in done["answers"]}
    assert given_answers["solved"] == "yes"
    assert not any(PRESSES in got.body.decode() for got in orders.got)

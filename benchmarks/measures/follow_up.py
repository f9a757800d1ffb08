"""A citizen answers a follow-up call: how soon does he hear who calls, and how many are called?"""

import asyncio
import json
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.desk import AgentCall
from benchmarks.dialog import within
from benchmarks.figures import Found, Spread, Value
from benchmarks.hotline import Hotline, Wanted
from benchmarks.places import CONSOLE_PORT
from benchmarks.run import Failures, Run
from benchmarks.stage import Stage, stage

LINES: Final = 20
LISTEN_SECONDS: Final = 2.0
CALL_SECONDS: Final = 30.0
"""No try takes longer, whatever is done to the machine."""
FIRST_NUMBER: Final = 13_800_000_000
CAMPAIGN: Final = "/api/v1/campaigns/bench"


@dataclass(slots=True, kw_only=True)
class Tries:
    """What was seen on the wire so far, in ns."""

    expected: int
    invited: list[int] = field(default_factory=list)
    dead_air: list[int] = field(default_factory=list)
    failures: Failures = field(default_factory=Failures)
    all_over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def per_minute(self) -> float:
        """How many are called, from the first INVITE to the last."""
        seconds = (max(self.invited) - min(self.invited)) / 1e9
        return round(60 * (len(self.invited) - 1) / seconds, 1) if seconds else 0.0

    def over(self) -> int:
        """How many have been called and heard something, or not."""
        return len(self.dead_air) + self.failures.total


async def follow_up(run: Run) -> Found:
    """Each citizen answers at once, listens for two seconds and hangs up."""
    tries = Tries(expected=run.sized(400, 60))
    run.expects(tries.expected)
    wanted = Wanted(agents=1, follow_up_lines=LINES)
    async with stage(wanted, callers=2 * LINES) as here:
        here.desk.policy = lambda call: _citizen(here, call, tries, run)
        await _begin_campaign(here.hotline, tries.expected)
        async with asyncio.timeout(CALL_SECONDS * (1 + tries.expected / LINES)):
            await tries.all_over.wait()
    return Found(
        figures={
            "dead_air": Spread.of(tries.dead_air),
            "attempts_per_minute": Value(
                value=tries.per_minute, n=len(tries.invited), judged=not run.quick
            ),
        },
        facts={"failures": tries.failures.facts(), "lines": LINES},
    )


async def _citizen(here: Stage, call: AgentCall, tries: Tries, run: Run) -> None:
    tries.invited.append(call.invited_at)
    await tries.failures.count(_answers(here, call, tries))
    run.advance()
    if tries.over() >= tries.expected:
        tries.all_over.set()


async def _answers(here: Stage, call: AgentCall, tries: Tries) -> None:
    call.ring()
    here.media.begin([call.leg])
    answered_at = call.answer()
    await within(call.confirmed)
    await asyncio.sleep(LISTEN_SECONDS)
    (heard,) = (await here.media.judge([call.leg])).heard
    call.hang_up()
    await within(call.ended)
    if not heard.first_sound_at:
        raise TimeoutError
    tries.dead_air.append(heard.first_sound_at - answered_at)


async def _begin_campaign(hotline: Hotline, contacts: int) -> None:
    closed_at = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    orders = [
        {"order_id": f"A-{n}", "number": str(FIRST_NUMBER + n), "closed_at": closed_at}
        for n in range(contacts)
    ]
    await _post(hotline, f"{CAMPAIGN}/contacts", {"contacts": orders})
    await _post(hotline, f"{CAMPAIGN}/start", None)


async def _post(hotline: Hotline, path: str, body: dict[str, Any] | None) -> None:
    token = (hotline.data / "api-token").read_text(encoding="utf-8").strip()
    request = urllib.request.Request(
        f"http://127.0.0.1:{CONSOLE_PORT}{path}",
        data=json.dumps(body).encode() if body else b"",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        },
        method="POST",
    )
    await asyncio.to_thread(_sent, request)


def _sent(request: urllib.request.Request) -> None:
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()

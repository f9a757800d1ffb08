"""A citizen answers a follow-up call: how soon does he hear who calls, and how many are called?"""

import asyncio
import json
import urllib.request
from collections.abc import Callable, Coroutine
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
BUSY: Final = 486
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
    ended: int = 0
    all_over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def per_minute(self) -> float:
        """How many are called, from the first INVITE to the last."""
        seconds = (max(self.invited) - min(self.invited)) / 1e9
        return round(60 * (len(self.invited) - 1) / seconds, 1) if seconds else 0.0

    def end_one(self) -> None:
        """One more has been called and heard something, or not."""
        self.ended += 1
        if self.ended >= self.expected:
            self.all_over.set()


Citizen = Callable[[Stage, AgentCall, Tries], Coroutine[Any, Any, None]]


async def follow_up(run: Run) -> Found:
    """Each citizen answers at once, listens for two seconds and hangs up."""
    tries = Tries(expected=run.sized(400, 60))
    await _campaign(tries, run, _answers)
    return Found(
        figures={
            "dead_air": Spread.of(tries.dead_air),
            "attempts_per_minute": _per_minute(tries, run),
        },
        facts={"failures": tries.failures.facts(), "lines": LINES},
    )


async def dialler(run: Run) -> Found:
    """Everybody is engaged: what the dialler does by itself, with all its books."""
    tries = Tries(expected=run.sized(1000, 150))
    await _campaign(tries, run, _is_engaged)
    return Found(
        figures={"engaged_attempts_per_minute": _per_minute(tries, run)},
        facts={"failures": tries.failures.facts(), "lines": LINES},
    )


async def _campaign(tries: Tries, run: Run, citizen: Citizen) -> None:
    run.expects(tries.expected)
    wanted = Wanted(agents=1, follow_up_lines=LINES)
    async with stage(wanted, callers=2 * LINES) as here:
        here.desk.policy = lambda call: _called(here, call, tries, run, citizen)
        await _begin_campaign(here.hotline, tries.expected)
        async with asyncio.timeout(CALL_SECONDS * (1 + tries.expected / LINES)):
            await tries.all_over.wait()


def _per_minute(tries: Tries, run: Run) -> Value:
    calls = len(tries.invited)
    return Value(value=tries.per_minute, n=calls, judged=not run.quick)


async def _called(
    here: Stage, call: AgentCall, tries: Tries, run: Run, citizen: Citizen
) -> None:
    tries.invited.append(call.invited_at)
    await tries.failures.count(citizen(here, call, tries))
    run.advance()
    tries.end_one()


async def _is_engaged(here: Stage, call: AgentCall, tries: Tries) -> None:
    call.refuse(BUSY)


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

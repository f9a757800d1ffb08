"""An agent's desk, gathered from those who know: the page and the API show the same."""

from dataclasses import dataclass
from datetime import datetime

from acd.call_control import TalkView
from acd.distributor import AgentAhead, AgentView
from acd.notes.note import Note
from acd.notes.store import notes_of
from acd.records.archive import CallFilter, calls_page, kept_row
from acd.records.rows import CallRow
from config.screen_pop import address_for
from console.view import ConsoleView
from outbound.orders.store import CitizensOrder, orders_of
from telephony.numbers import mask

EARLIER_CALLS = 8
ORDERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCall:
    """A call of the same number before this one. `disposition` is its code, or ""."""

    call_id: str
    arrived_at: datetime
    direction: str
    queue: str
    agent_id: str
    outcome: str
    talk_seconds: float | None
    disposition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCall:
    """The call that rings, goes on, or is wrapped up.

    `number` is masked when the citizen or the agent's profile asks for it, "" when it
    was withheld. `talk` is null before and after the talk. `screen_pop` is the address
    in the city's order system, "" without one.
    """

    call_id: str
    number: str
    confidential: bool
    talk: TalkView | None
    screen_pop: str
    disposition: str
    notes: tuple[Note, ...]
    earlier_calls: tuple[EarlierCall, ...]
    orders: tuple[CitizensOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDesk:
    """An agent, what comes next for him by himself, and his call; null without one."""

    agent: AgentView
    ahead: AgentAhead
    call: DeskCall | None


async def agent_desk(view: ConsoleView, agent: AgentView) -> AgentDesk:
    """The desk of an agent as it is now. `DatabaseError`."""
    ahead = view.distributor.ahead_of(agent.id)
    call = await desk_call(view, agent.id, agent.call_id) if agent.call_id else None
    return AgentDesk(agent=agent, ahead=ahead, call=call)


async def desk_call(view: ConsoleView, agent_id: str, call_id: str) -> DeskCall:
    """A call as it lies before an agent."""
    row = await kept_row(view.database, call_id)
    number, confidential = _number(view, call_id, row)
    shown = _shown(view, agent_id, number, confidential=confidential)
    return DeskCall(
        call_id=call_id,
        number=shown,
        confidential=confidential,
        talk=_talk(view, call_id, agent_id),
        screen_pop=address_for(
            view.screen_pop,
            number=number if shown == number else "",
            call_id=call_id,
            agent_id=agent_id,
        ),
        disposition=(row.disposition if row else "") or "",
        notes=tuple(await notes_of(view.database, call_id)),
        earlier_calls=await _earlier(view, number, call_id) if number else (),
        orders=await _orders(view, number) if number else (),
    )


def _number(view: ConsoleView, call_id: str, row: CallRow | None) -> tuple[str, bool]:
    """The number and whether it is confidential: of the live call, else as recorded."""
    if call := view.control.calls.get(call_id):
        return call.caller, call.confidential
    return (row.caller or "", row.confidential_at is not None) if row else ("", False)


def _shown(view: ConsoleView, agent_id: str, number: str, *, confidential: bool) -> str:
    whole = view.distributor.profiles[agent_id].show_number == "full"
    return number if whole and not confidential else mask(number)


def _talk(view: ConsoleView, call_id: str, agent_id: str) -> TalkView | None:
    """The talk, while the agent is part of it."""
    for talk in view.control.talks():
        if (talk.call_id, talk.agent_id) == (call_id, agent_id) and talk.agent_here:
            return talk
    return None


async def _earlier(
    view: ConsoleView, number: str, call_id: str
) -> tuple[EarlierCall, ...]:
    found = await calls_page(
        view.database, limit=EARLIER_CALLS + 1, only=CallFilter(caller=number)
    )
    others = [_earlier_call(row) for row in found if row.id != call_id]
    return tuple(others[:EARLIER_CALLS])


def _earlier_call(row: CallRow) -> EarlierCall:
    return EarlierCall(
        call_id=row.id,
        arrived_at=row.arrived_at,
        direction=row.direction or "",
        queue=row.queue or "",
        agent_id=row.agent_id or "",
        outcome=row.outcome or "",
        talk_seconds=row.talk_seconds,
        disposition=row.disposition or "",
    )


async def _orders(view: ConsoleView, number: str) -> tuple[CitizensOrder, ...]:
    return tuple(await orders_of(view.database, number, limit=ORDERS))

"""What a living service tells of its calls: events to feed the records with."""

from datetime import UTC, datetime, timedelta
from functools import partial

from acd import events as e
from acd.messages import OfferFailure, TalkEnd
from acd.routing_words import TRANSFERRED, RoutingRule

START = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
CALLER = "+8613812345678"


def after(seconds: float, start: datetime = START) -> datetime:
    """A moment after the start of all stories."""
    return start + timedelta(seconds=seconds)


def arrived(call_id: str, at: datetime = START, caller: str = CALLER) -> e.CallArrived:
    """The INVITE of a citizen."""
    return e.CallArrived(
        at=at,
        call_id=call_id,
        caller=caller,
        called="12345",
        peer="192.0.2.7",
        sip_call_id=f"{call_id}@peer",
    )


def answered_call(
    call_id: str, *, start: datetime = START, agent_id: str = "1001"
) -> list[e.Event]:
    """A citizen presses 1, waits 8 s past one agent who is silent, talks 50 s."""
    at, state = partial(after, start=start), e.AgentState
    citizen, first, second = f"{call_id}-c", f"{call_id}-1", f"{call_id}-2"
    return [
        arrived(call_id, start),
        e.LegOpened(at=start, call_id=call_id, leg_id=citizen, role=e.Role.CITIZEN),
        e.CallAnswered(at=at(0.1), call_id=call_id),
        e.LegAnswered(at=at(0.1), call_id=call_id, leg_id=citizen),
        step(call_id, "greeting", at(2.1), seconds=2.0, result="1"),
        entered(call_id, at(2.1)),
        *_silent_agent(call_id, first, at(2.1), at(7.1)),
        offered(call_id, second, agent_id, at(7.1)),
        moved(agent_id, state.READY, state.OFFERED, at(7.1), call_id),
        leg_to(agent_id, call_id, second, at(7.1)),
        e.LegAnswered(at=at(10.1), call_id=call_id, leg_id=second),
        connected(call_id, agent_id, at(10.1), wait_seconds=8.0),
        moved(agent_id, state.OFFERED, state.TALKING, at(10.1), call_id),
        closed(call_id, citizen, at(60.1)),
        talk_ended(call_id, agent_id, at(60.1), talk_seconds=50.0),
        moved(agent_id, state.TALKING, state.WRAP_UP, at(60.1), call_id),
        closed(call_id, second, at(60.1)),
        ended(call_id, at(60.1)),
        moved(agent_id, state.WRAP_UP, state.READY, at(60.1)),
    ]


def _silent_agent(
    call_id: str, leg_id: str, start: datetime, end: datetime
) -> list[e.Event]:
    return [
        offered(call_id, leg_id, "1000", start),
        leg_to("1000", call_id, leg_id, start),
        closed(call_id, leg_id, end, cause="no_answer", sip_code=408),
        e.OfferUnanswered(
            at=end,
            call_id=call_id,
            queue="general",
            agent_id="1000",
            offer_id=leg_id,
            failure=OfferFailure.NO_ANSWER,
            ring_seconds=5.0,
        ),
    ]


def abandoned_call(
    call_id: str, *, start: datetime = START, caller: str = CALLER
) -> list[e.Event]:
    """A citizen waits 30 s in the queue and hangs up."""
    at, outcome = after(30.0, start), e.Outcome.ABANDONED_IN_QUEUE
    return [
        arrived(call_id, start, caller),
        e.CallAnswered(at=start, call_id=call_id),
        entered(call_id, start),
        e.CallAbandoned(
            at=at,
            call_id=call_id,
            queue="general",
            position=1,
            wait_seconds=30.0,
            while_ringing=False,
        ),
        ended(call_id, at, outcome),
        missed(call_id, at, outcome, caller),
    ]


def requeued_call(call_id: str, *, start: datetime = START) -> list[e.Event]:
    """A citizen whose first agent's leg dies and who then talks with another."""
    at, died = partial(after, start=start), TalkEnd.AGENT_LEG_DIED
    return [
        arrived(call_id, start),
        e.CallAnswered(at=start, call_id=call_id),
        entered(call_id, start),
        offered(call_id, f"{call_id}-1", "1002", start),
        leg_to("1002", call_id, f"{call_id}-1", start),
        connected(call_id, "1002", at(4)),
        closed(call_id, f"{call_id}-1", at(9), cause="dead_peer", sip_code=0),
        talk_ended(call_id, "1002", at(9), talk_seconds=5.0, end=died),
        e.CallRequeued(at=at(9), call_id=call_id, queue="general", agent_id="1002"),
        entered(call_id, at(9)),
        offered(call_id, f"{call_id}-2", "1003", at(9)),
        connected(call_id, "1003", at(12)),
        talk_ended(call_id, "1003", at(20), talk_seconds=8.0),
        ended(call_id, at(20)),
    ]


def put_through_call(call_id: str, *, start: datetime = START) -> list[e.Event]:
    """A citizen whom the flow puts through to a department."""
    at = partial(after, start=start)
    return [
        arrived(call_id, start),
        e.CallAnswered(at=start, call_id=call_id),
        e.CallRouted(
            at=at(5),
            call_id=call_id,
            queue="general",
            record=0,
            rule=RoutingRule.TRANSFER,
            position=0,
            eligible=0,
            skipped={},
            candidates=(),
            agent_id="",
            detail=TRANSFERRED,
        ),
        ended(call_id, at(60)),
    ]


def blocked_call(call_id: str, *, start: datetime = START) -> list[e.Event]:
    """A citizen who was refused at once."""
    blocked = e.Outcome.BLOCKED
    return [
        arrived(call_id, start),
        ended(call_id, start, blocked),
        missed(call_id, start, blocked),
    ]


def step(
    call_id: str, name: str, at: datetime, *, seconds: float, result: str = ""
) -> e.FlowStepTaken:
    """A menu of the flow, left at `at`."""
    return e.FlowStepTaken(
        at=at, call_id=call_id, step=name, kind="menu", result=result, seconds=seconds
    )


def entered(call_id: str, at: datetime, position: int = 1) -> e.CallerEntered:
    """ENTERQUEUE."""
    return e.CallerEntered(at=at, call_id=call_id, queue="general", position=position)


def offered(call_id: str, offer_id: str, agent_id: str, at: datetime) -> e.CallOffered:
    """OFFER."""
    return e.CallOffered(
        at=at, call_id=call_id, queue="general", agent_id=agent_id, offer_id=offer_id
    )


def connected(
    call_id: str, agent_id: str, at: datetime, *, wait_seconds: float = 0.0
) -> e.CallConnected:
    """CONNECT."""
    return e.CallConnected(
        at=at,
        call_id=call_id,
        queue="general",
        agent_id=agent_id,
        wait_seconds=wait_seconds,
        ring_seconds=3.0,
    )


def talk_ended(
    call_id: str,
    agent_id: str,
    at: datetime,
    *,
    talk_seconds: float,
    end: TalkEnd = TalkEnd.CALLER,
) -> e.TalkEnded:
    """COMPLETECALLER and its like."""
    return e.TalkEnded(
        at=at,
        call_id=call_id,
        queue="general",
        agent_id=agent_id,
        talk_seconds=talk_seconds,
        end=end,
    )


def leg_to(agent_id: str, call_id: str, leg_id: str, at: datetime) -> e.LegOpened:
    """Our INVITE to an agent."""
    return e.LegOpened(
        at=at, call_id=call_id, leg_id=leg_id, role=e.Role.AGENT, agent_id=agent_id
    )


def closed(
    call_id: str,
    leg_id: str,
    at: datetime,
    *,
    cause: str = "peer_hung_up",
    sip_code: int = 200,
) -> e.LegClosed:
    """The end of a leg."""
    return e.LegClosed(
        at=at, call_id=call_id, leg_id=leg_id, cause=cause, sip_code=sip_code
    )


def ended(
    call_id: str, at: datetime, outcome: e.Outcome = e.Outcome.ANSWERED
) -> e.CallEnded:
    """The end of a call."""
    return e.CallEnded(at=at, call_id=call_id, outcome=outcome, cause="peer_hung_up")


def missed(
    call_id: str, at: datetime, stage: e.Outcome, caller: str = CALLER
) -> e.CallMissed:
    """A citizen for the ledger."""
    return e.CallMissed(
        at=at,
        call_id=call_id,
        caller=caller,
        called="12345",
        queue="general",
        stage=stage,
    )


def moved(
    agent_id: str,
    old: e.AgentState,
    new: e.AgentState,
    at: datetime,
    call_id: str = "",
    reason: str = "",
) -> e.AgentStateChanged:
    """A move of an agent."""
    return e.AgentStateChanged(
        at=at, agent_id=agent_id, old=old, new=new, call_id=call_id, reason=reason
    )

"""One evening of a demo, made by hand: what the phones saw, and what was kept of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from acd.call import MISSED
from acd.events import Outcome
from acd.ledger.archive import MissedCall
from acd.ledger.debt import DebtState
from acd.records.rows import CallRecord, CallRow, QueueEventRow
from hotline.demo.audit import audit
from hotline.demo.found import Channels, Found
from hotline.demo.reports import Heard, Moment, Step
from hotline.demo.script import Script, agent_tone_hz
from hotline.demo.verdict import Verdict
from hotline.demo.witness import Witness
from recordings.entry import Recording, State

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
AGENT = "1001"
NUMBER = Script().citizen(1).number
CITIZEN_HZ = Script().citizen(1).tone_hz
AGENT_HZ = agent_tone_hz(AGENT)


def steps(leg: str, agent: str = "", number: str = NUMBER, **moments: float) -> Witness:
    """A witness of one leg."""
    return tell(Witness(), leg, agent, number, **moments)


def tell(
    witness: Witness, leg: str, agent: str = "", number: str = NUMBER, **moments: float
) -> Witness:
    """Let a witness hear of a leg; `code` is the SIP code of its end."""
    code = int(moments.pop("code", 0))
    for name, at in moments.items():
        moment = Moment(name)
        ends = moment is Moment.ENDED
        witness.hear(
            Step(
                leg=leg,
                agent=agent,
                number=number,
                moment=moment,
                at=at,
                sip_code=code if ends else 0,
            )
        )
    return witness


@dataclass(slots=True)
class Evening:
    """One call that went well, 8 s of talk after 4 s; a test spoils a part of it."""

    witness: Witness = field(default_factory=Witness)
    row: dict[str, Any] = field(default_factory=dict)
    events: list[QueueEventRow] = field(default_factory=list)
    missed: list[MissedCall] = field(default_factory=list)
    recording: Recording | None = None
    channels: Channels = field(default_factory=Channels)
    found: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def answered(cls) -> "Evening":
        """The citizen presses 1, an agent answers, the citizen hangs up."""
        evening = cls()
        tell(
            evening.witness,
            "c",
            dialled=0,
            answered=0.1,
            pressed=1,
            hung_up=12,
            ended=12,
        )
        tell(evening.witness, "a", AGENT, rang=2, answered=4, ended=12)
        evening.witness.hear(Heard(leg="c", seconds={AGENT_HZ: 7.5}))
        evening.witness.hear(Heard(leg="a", seconds={CITIZEN_HZ: 7.5}))
        evening.row = _row(Outcome.ANSWERED, wait=3, since_answer=3.9, talk=8)
        evening.events = [event("OFFER"), event("CONNECT")]
        evening.recording = _recording()
        evening.channels = Channels(left={CITIZEN_HZ: 11.5}, right={AGENT_HZ: 7.5})
        return evening

    @classmethod
    def left_in_queue(cls) -> "Evening":
        """The citizen presses 1, waits, and has enough."""
        evening = cls()
        tell(
            evening.witness, "c", dialled=0, answered=0.1, pressed=1, hung_up=5, ended=5
        )
        evening.row = _row(
            Outcome.ABANDONED_IN_QUEUE, wait=4, since_answer=4.9, talk=None
        )
        evening.missed = [missed(Outcome.ABANDONED_IN_QUEUE)]
        evening.recording = _recording()
        evening.channels = Channels(left={CITIZEN_HZ: 4.5})
        return evening

    def verdict(self) -> Verdict:
        """What the audit says."""
        verdict = Verdict()
        audit(self.witness, self.kept(), verdict)
        return verdict

    def kept(self) -> Found:
        """What the hotline kept."""
        rows = [self.row] if self.row else []
        found = Found(
            calls=tuple(_record(row, self.events) for row in rows),
            missed=tuple(self.missed),
            recordings={"call": self.recording} if self.recording else {},
            channels={"call": self.channels},
            open_calls=(),
            open_legs=(),
            chain_faults=(),
            chain_warnings=(),
            proved=1 if self.recording else 0,
        )
        return replace(found, **self.found)


def event(kind: str, agent: str = AGENT, detail: str | None = None) -> QueueEventRow:
    """A queue event of the call."""
    return QueueEventRow(
        call_id="call",
        at=START,
        kind=kind,
        agent_id=agent,
        queue="general",
        offer_id=None,
        position=None,
        wait_seconds=None,
        ring_seconds=None,
        talk_seconds=None,
        detail=detail,
    )


def missed(stage: Outcome, call_id: str = "call") -> MissedCall:
    """An entry of the missed-call ledger."""
    return MissedCall(
        id=call_id,
        call_id=call_id,
        caller=f"+86{NUMBER}",
        called="12345",
        queue="general",
        stage=stage,
        missed_at=START,
        call_back_id=None,
        state=DebtState.OWED,
    )


def _row(
    outcome: Outcome, *, wait: float, since_answer: float, talk: float | None
) -> dict[str, Any]:
    assert talk is None or outcome not in MISSED
    return {
        "id": "call",
        "caller": f"+86{NUMBER}",
        "called": "12345",
        "peer": "127.0.0.1",
        "sip_call_id": "x",
        "direction": "in",
        "call_back_id": None,
        "arrived_at": START,
        "answered_at": START,
        "queue": "general",
        "entered_at": START,
        "connected_at": START if talk else None,
        "agent_id": AGENT if talk else None,
        "ended_at": START + timedelta(seconds=12),
        "outcome": outcome.value,
        "cause": "peer_hung_up",
        "ivr_seconds": 0.9,
        "wait_seconds": wait,
        "wait_from_answer_seconds": since_answer,
        "talk_seconds": talk,
    }


def _record(row: dict[str, Any], events: list[QueueEventRow]) -> CallRecord:
    return CallRecord(
        call=CallRow(**row), legs=(), steps=(), queue_events=tuple(events)
    )


def _recording() -> Recording:
    return Recording(
        call_id="call", state=State.CLOSED, started_at=START, path="x.flac"
    )

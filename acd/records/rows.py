"""The records as values: what is read back. Times are aware UTC, durations seconds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call. A field is None while (or because) it never came to that.

    `caller` is "" when he withheld his number. `wait_seconds` counts from queue entry
    and `wait_from_answer_seconds` from the SIP answer, both to the first talk or to
    giving up. `outcome` is an `Outcome`, `cause` an `EndCause` or "service_killed".
    `direction` is "in", or "out" for a call that we placed to the number in `caller`,
    to pay the debt `call_back_id` or, without one, for a campaign.
    Since `confidential_at` the caller is shown masked. `flow_version` is that of the flow
    which the call met, 0 for one that is no kept version.
    """

    id: str
    caller: str | None
    called: str | None
    peer: str | None
    sip_call_id: str | None
    direction: str | None
    call_back_id: str | None
    arrived_at: datetime
    answered_at: datetime | None
    queue: str | None
    entered_at: datetime | None
    connected_at: datetime | None
    agent_id: str | None
    ended_at: datetime | None
    outcome: str | None
    cause: str | None
    ivr_seconds: float | None
    wait_seconds: float | None
    wait_from_answer_seconds: float | None
    talk_seconds: float | None
    disposition: str | None = None
    disposition_note: str | None = None
    disposed_at: datetime | None = None
    confidential_at: datetime | None = None
    flow: str | None = None
    flow_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow:
    """One leg of a call; `sip_code` is its final status, 0 when there was none.

    `shown` is the caller number that a leg over a trunk showed, None for any other.
    """

    id: str
    call_id: str
    role: str | None
    agent_id: str | None
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    cause: str | None
    sip_code: int | None
    shown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTalk:
    """An agent spoke in a call; `at` is the end of it, or its beginning if none is known."""

    agent_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step of the flow that the citizen went through, never the digits themselves."""

    call_id: str
    at: datetime
    step: str
    kind: str
    result: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """The citizen's answer to one question, asked in the call `asked_in`."""

    call_id: str
    step: str
    at: datetime
    answer: str
    asked_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A spoken message in a file of its own, in the folder of messages."""

    file: str
    call_id: str
    step: str
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEventRow:
    """ENTERQUEUE OFFER RINGNOANSWER CONNECT ABANDON CALLBACK COMPLETECALLER COMPLETEAGENT
    AGENTLEGDIED TRANSFER TRANSFERFAILED NOTALK REQUEUE OVERFLOW DECLINE PLACEBACK
    PRIORITY MOVE NEIGHBOUR, with the figures that go with each.

    `agent_id` is "" where no agent has a part. `detail` is an `OfferFailure` for
    RINGNOANSWER, "while_ringing" for an ABANDON while an agent's phone rang, the rule
    and the other queue for an OVERFLOW, what the caller was told for a DECLINE, and
    whose place or talk it was for PLACEBACK and MOVE, and who was asked and how it
    went for NEIGHBOUR.
    """

    call_id: str
    at: datetime
    kind: str
    agent_id: str
    queue: str
    offer_id: str | None
    position: int | None
    wait_seconds: float | None
    ring_seconds: float | None
    talk_seconds: float | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEventRow:
    """HOLD UNHOLD MUTE UNMUTE PAUSERECORDING RESUMERECORDING CALLTHIRDPARTY CONSULT
    NOTHIRDPARTY THREEPARTY THIRDPARTYLEFT HANDOVER SUPERVISE SUPERVISEMODE NOSUPERVISOR
    SUPERVISEEND DISPOSITION, in the talk of `agent_id`.

    `who` is the third party, supervisor or queue; `detail` how or why; `seconds` how
    long it was.
    """

    call_id: str
    at: datetime
    kind: str
    agent_id: str
    who: str | None
    detail: str | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A call with its whole story, each part in the order in which it happened."""

    call: CallRow
    legs: tuple[LegRow, ...]
    steps: tuple[StepRow, ...]
    queue_events: tuple[QueueEventRow, ...]
    survey: tuple[SurveyRow, ...] = ()
    talk_events: tuple[TalkEventRow, ...] = ()
    messages: tuple[MessageRow, ...] = ()

"""A citizen's call as reception holds it."""

from dataclasses import dataclass
from datetime import datetime

from acd.events import CallEnded, CallMissed, Outcome
from acd.leg_log import LegLog
from config.bus import EventBus
from recordings.recorder import CallRecording
from telephony.calls import Leg

MISSED = frozenset(
    {
        Outcome.ABANDONED_IN_IVR,
        Outcome.ABANDONED_IN_QUEUE,
        Outcome.ABANDONED_WHILE_RINGING,
        Outcome.BLOCKED,
        Outcome.DECLINED,
        Outcome.CALL_BACK_PROMISED,
        Outcome.FAILED,
        Outcome.CUT_OFF,
    }
)
"""The outcomes after which we owe the citizen a call-back."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One citizen's call. `outcome` is what would be recorded if it ended now.

    `caller` and `called` are normalised numbers, "" when unknown. `call_back_id` names
    the debt that a call placed by us pays: it keeps that debt and makes no other.
    A `confidential` caller's number is told to nobody outside. `arrived_at` is when it
    came to us, or the citizen answered ours.
    """

    id: str
    caller: str
    called: str
    outcome: Outcome = Outcome.ABANDONED_IN_IVR
    queue: str = ""
    call_back_id: str = ""
    confidential: bool = False
    arrived_at: datetime | None = None

    def end(self, at: datetime, cause: str, bus: EventBus) -> None:
        """Tell the end, and before it the debt to a citizen who was not served."""
        if self.outcome in MISSED and not self.call_back_id:
            bus.publish(self._missed(at))
        bus.publish(
            CallEnded(at=at, call_id=self.id, outcome=self.outcome, cause=cause)
        )

    def _missed(self, at: datetime) -> CallMissed:
        return CallMissed(
            at=at,
            call_id=self.id,
            caller=self.caller,
            called=self.called,
            queue=self.queue,
            stage=self.outcome,
            confidential=self.confidential,
        )


@dataclass(slots=True, kw_only=True)
class ServedCall(Call):
    """A call that was admitted: it has a leg, and from its answer on a recording."""

    leg: Leg
    legs: LegLog
    recording: CallRecording | None = None

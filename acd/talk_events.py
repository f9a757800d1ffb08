"""What happens during a talk: hold, third parties, supervisors, pauses of the recording.

And what people change of a call that waits for one. They are recorded like those of
`acd.events`. `agent_id` is whose talk it is.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from acd.events import CallEvent
from acd.placing import WhyNot


class SupervisionMode(StrEnum):
    """What a supervisor's voice reaches: nobody, the agent alone, or all."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


class HandedTo(StrEnum):
    """To whom an agent gives his citizen."""

    THIRD_PARTY = "third_party"
    QUEUE = "queue"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEvent(CallEvent):
    """Something that happened in an agent's talk."""

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(TalkEvent):
    """HOLD: the citizen hears music, and nobody hears him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnheld(TalkEvent):
    """UNHOLD: he is back; `hold_seconds` is how long he was on hold."""

    hold_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMuted(TalkEvent):
    """MUTE: nobody hears the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentUnmuted(TalkEvent):
    """UNMUTE: he is heard again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused(TalkEvent):
    """From now on the recording holds silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed(TalkEvent):
    """The recording holds voices again; `pause_seconds` of silence are in it."""

    pause_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyEvent(TalkEvent):
    """`third_party` is the id of a configured one, "" for another; `number` whom we ring."""

    third_party: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyCalled(ThirdPartyEvent):
    """A third party is rung; for a transfer the agent means to leave."""

    for_transfer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyAnswered(ThirdPartyEvent):
    """CONSULT: agent and third party speak, while the citizen is on hold."""

    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyFailed(ThirdPartyEvent):
    """The third party did not answer, or refused: who received the citizen keeps him."""

    failure: WhyNot
    ring_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyJoined(ThirdPartyEvent):
    """THREEPARTY: citizen and third party speak, with the agent or after him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyLeft(ThirdPartyEvent):
    """The third party is gone; `talk_seconds` count from his answer."""

    talk_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHandedOver(TalkEvent):
    """The agent has left, and the citizen goes on: `target` is a third party's id ("" for
    one that is not configured), a queue, or an agent's id."""

    handed_to: HandedTo
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEvent(TalkEvent):
    """`supervisor` is the id of the one who was rung."""

    supervisor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionStarted(SupervisionEvent):
    """A supervisor has answered, and is with the talk."""

    mode: SupervisionMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionModeChanged(SupervisionEvent):
    """He now listens, whispers or speaks to all."""

    old: SupervisionMode
    mode: SupervisionMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionEnded(SupervisionEvent):
    """He is gone."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionFailed(SupervisionEvent):
    """His phone did not answer."""

    failure: WhyNot


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDisposed(TalkEvent):
    """What the call was about, by the code of the disposition list; `note` is personal."""

    code: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMadeConfidential(CallEvent):
    """The citizen asks that his contact stay confidential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPriorityChanged(CallEvent):
    """Somebody made the waiting call more or less urgent; its position is this now."""

    queue: str
    priority: int
    position: int
    asked_by: str
    peer: str

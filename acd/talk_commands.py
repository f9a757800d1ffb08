"""What may be asked of a live talk, and how it is refused."""

from dataclasses import dataclass, field

from acd.placing import RING_SECONDS
from acd.talk_events import SupervisionMode


class TalkRefusal(Exception):
    """It cannot be done now; `error_id` is stable, the text is for people."""

    error_id = "talk_refused"


class CallNotLive(TalkRefusal):
    """No call with this id is here."""

    error_id = "call_not_live"


class CallNotTalking(TalkRefusal):
    """The citizen speaks with no agent now."""

    error_id = "call_not_talking"


class AgentHasLeft(TalkRefusal):
    """The agent has handed the citizen over."""

    error_id = "agent_has_left"


class AlreadyConsulting(TalkRefusal):
    """One third party at a time."""

    error_id = "already_consulting"


class NoThirdParty(TalkRefusal):
    """There is no third party, or he has not answered yet."""

    error_id = "no_third_party"


class AlreadySupervised(TalkRefusal):
    """One supervisor at a time."""

    error_id = "already_supervised"


class NotSupervised(TalkRefusal):
    """No supervisor is with the talk."""

    error_id = "not_supervised"


class TargetUnknown(TalkRefusal):
    """There is no such third party or queue."""

    error_id = "target_unknown"


class SupervisorUnknown(TalkRefusal):
    """No such supervisor is configured."""

    error_id = "supervisor_unknown"


class QueueUnstaffed(TalkRefusal):
    """Nobody is logged in who could take the citizen there."""

    error_id = "queue_unstaffed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """Somebody who can be called into a talk; `id` is "" when he is not configured.

    `number` is a normalised number, or the SIP URI of a department. A `colleague` is
    another agent, by his id, whom the engine rings.
    """

    number: str = field(default="", repr=False)
    id: str = ""
    title: str = ""
    key: str = ""
    ring_seconds: float = RING_SECONDS
    colleague: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Let the citizen hear music, and nobody hear him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unhold:
    """Take the citizen back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Let nobody hear the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute:
    """Let the agent be heard again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording:
    """Let the recording hold silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording:
    """Record voices again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Call a third party for the agent, while the citizen is on hold."""

    third_party: ThirdParty


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Make it a talk of three (三方通话)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """End the third party's call, and take the citizen back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Let the agent leave and the citizen go on with the third party who is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferToThirdParty:
    """Call somebody, and let the agent leave as soon as he answers."""

    third_party: ThirdParty


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferToQueue:
    """Let the citizen wait in another queue, with the time that he has waited."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferToAgent:
    """Let the citizen wait for another agent, whose phone rings as soon as he is free.

    If he pauses or logs out meanwhile, the citizen goes first to anybody of the queue.
    """

    agent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Who may take part in talks; `contact` is a normalised number, or a SIP URI."""

    id: str
    title: str = ""
    contact: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise:
    """Ring a supervisor and let him take part; for one who does already, the mode."""

    supervisor: Supervisor
    mode: SupervisionMode


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSupervision:
    """Let the supervisor go."""


TalkCommand = (
    Hold
    | Unhold
    | Mute
    | Unmute
    | PauseRecording
    | ResumeRecording
    | Consult
    | Join
    | TakeBack
    | HandOver
    | TransferToThirdParty
    | TransferToQueue
    | TransferToAgent
    | Supervise
    | StopSupervision
)

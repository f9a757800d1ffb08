"""What each reader of live events may see: the one place that decides it.

Numbers are masked in all of them, and notes left out (`console.told`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from acd import events as e
from acd import talk_events as t
from console.accounts.account import Identity, Role
from console.mqtt_topics import EVENTS
from console.told import name_of
from outbound.detected import AnswerDetected
from outbound.events import FollowUpResult
from telephony.trunk_state import TrunkChanged

Kinds = frozenset[type[Any]]

EVERYTHING: Kinds = frozenset(EVENTS)
FLOOR: Kinds = frozenset(
    {
        e.AgentStateChanged,
        e.QueueRulesChanged,
        e.CallArrived,
        e.CallerEntered,
        e.CallOffered,
        e.OfferUnanswered,
        e.CallConnected,
        e.CallAbandoned,
        e.CallRequeued,
        e.TalkEnded,
        e.CallEnded,
        e.PlanLevelChanged,
        TrunkChanged,
    }
)
"""What the floor is like now: everybody who is logged in sees it."""
CAMPAIGNS: Kinds = frozenset(
    {
        e.FollowUpBegun,
        e.PreviewOffered,
        e.PreviewEnded,
        AnswerDetected,
        FollowUpResult,
    }
)
OWN: Kinds = frozenset(
    {
        t.CallHeld,
        t.CallUnheld,
        t.AgentMuted,
        t.AgentUnmuted,
        t.RecordingPaused,
        t.RecordingResumed,
        t.ThirdPartyCalled,
        t.ThirdPartyAnswered,
        t.ThirdPartyFailed,
        t.ThirdPartyJoined,
        t.ThirdPartyLeft,
        t.CallHandedOver,
        t.CallDisposed,
        e.AgentProfileChanged,
        e.PauseOverdue,
        e.PreviewOffered,
        e.PreviewEnded,
    }
)
"""What an agent is told of himself. Not that a supervisor listens."""
DESK: Kinds = OWN | {
    e.AgentStateChanged,
    e.CallOffered,
    e.OfferUnanswered,
    e.CallConnected,
    e.TalkEnded,
}
"""What changes an agent's desk."""
KINDS_OF: Mapping[Role, Kinds] = {
    Role.AGENT: FLOOR,
    Role.CAMPAIGN_MANAGER: FLOOR | CAMPAIGNS,
    Role.SHIFT_MANAGER: EVERYTHING,
    Role.AUDITOR: EVERYTHING,
    Role.ADMINISTRATOR: EVERYTHING,
}


class KindUnknown(Exception):
    """There is no kind of event of this name, or he may not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Sees the `kinds`, and of `own` those that tell of the agent `person_id`."""

    kinds: Kinds
    own: Kinds = frozenset()
    person_id: str = ""

    def __call__(self, event: Any) -> bool:
        """Whether he is told the event."""
        if type(event) in self.kinds:
            return True
        return type(event) in self.own and event.agent_id == self.person_id

    def only(self, names: Collection[str]) -> "Sight":
        """The same for some kinds by name, all for none. `KindUnknown`."""
        if not names:
            return self
        known = {name_of(kind): kind for kind in self.kinds | self.own}
        for name in names:
            if name not in known:
                raise KindUnknown(name)
        wanted = frozenset(known[name] for name in names)
        return Sight(
            kinds=self.kinds & wanted,
            own=self.own & wanted,
            person_id=self.person_id,
        )

    @property
    def names(self) -> list[str]:
        """The names of all that he may see."""
        return sorted(name_of(kind) for kind in self.kinds | self.own)


ALL = Sight(kinds=EVERYTHING)


def sight_of_desk(agent_id: str) -> Sight:
    """What changes the desk of one agent, and nothing of the others."""
    return Sight(kinds=frozenset(), own=DESK, person_id=agent_id)


def sight_of(identity: Identity) -> Sight:
    """What he may see by his roles; whoever has none of them sees the floor."""
    kinds = FLOOR.union(*(KINDS_OF[role] for role in identity.roles))
    own = OWN if identity.person_id else frozenset()
    return Sight(kinds=kinds, own=own - kinds, person_id=identity.person_id)

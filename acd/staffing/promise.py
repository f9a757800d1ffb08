"""A simulated call-back: it stands in the line for a citizen who was promised one."""

from dataclasses import dataclass
from datetime import datetime

from acd import messages as m
from acd.staffing.behaviour import Fate
from acd.staffing.story import CallStory
from acd.staffing.virtual_floor import VirtualFloor

RING_SECONDS = 15.0
"""So long the agent waits until the citizen, who is reached at once, picks up."""


@dataclass(slots=True, kw_only=True)
class PromisedCallBack:
    """Waits at the place of the citizen's call, which came `since`; `talks` when he is reached."""

    call_id: str
    caller: str
    queue: str
    since: datetime
    fate: Fate
    story: CallStory
    floor: VirtualFloor
    talks: bool = False

    def stand_in(self) -> None:
        """Take the citizen's place in the line."""
        self.floor.callers[self.call_id] = self
        self.floor.send(
            m.CallerEnters(
                call_id=self.call_id,
                queue=self.queue,
                caller=self.caller,
                since=self.since,
                call_back_id=self.call_id,
            )
        )

    def carry_out(self, command: m.Command) -> None:
        """Do as the engine says, as `acd/call_backs` does on a line."""
        match command:
            case m.Offer():
                self.floor.ring(command.offer_id, self.fate.answer_seconds)
            case m.Connect():
                self._talk()
            case m.CancelCallBack() | m.Decline() | m.LeaveQueue():
                del self.floor.callers[self.call_id]

    def leave_for_good(self) -> None:
        """The day is over; an agent who speaks with the citizen goes on."""
        if not self.talks:
            del self.floor.callers[self.call_id]
            self.floor.send(m.CallerLeaves(call_id=self.call_id))

    def _talk(self) -> None:
        self.talks = True
        delay = self.floor.now - self.since
        self.story.called_back_after = delay.total_seconds() + RING_SECONDS
        self.floor.after(RING_SECONDS + self.fate.talk_seconds, self._talk_ends)

    def _talk_ends(self) -> None:
        del self.floor.callers[self.call_id]
        self.floor.send(m.TalkEnds(call_id=self.call_id, end=m.TalkEnd.CALLER))

"""A citizen in the queue: comfort, keys, the agents who are rung, the talk."""

import asyncio
from contextlib import suppress
from datetime import datetime

from acd.agent_offer import AgentOffer
from acd.call import ServedCall
from acd.call_backs.wish import Wish, WishDialogue
from acd.comfort import Comfort
from acd.distributor import Mailbox
from acd.equipment import Equipment
from acd.events import Outcome
from acd.messages import (
    NOT_SERVED,
    CallerEnters,
    CallerLeaves,
    CallerMoves,
    ChangeQueue,
    Command,
    Connect,
    Decline,
    Declined,
    KeepPriority,
    LeaveQueue,
    Offer,
    StayInQueue,
    TellPosition,
    Withdraw,
)
from acd.queue_exits import NO_PLACE, way_out
from acd.queue_rules import levels
from acd.ringing import Ringing
from acd.scene import TalkResult
from acd.talking import Talking
from ivr_flows.actions import EnterQueue, QueueOutcome


class Waiting:
    """Carries out the engine's commands for one waiting call."""

    def __init__(
        self, call: ServedCall, request: EnterQueue, equipment: Equipment
    ) -> None:
        self._call, self._request, self._equipment = call, request, equipment
        self._ringing = Ringing(
            call.caller,
            call.legs,
            equipment,
            is_confidential=lambda: call.confidential,
            on_change=self._phones_ring,
        )
        self._comfort = Comfort(call.id, call.leg, request, equipment)
        self._listening: asyncio.Task[None] | None = None
        self._answered: AgentOffer | None = None
        self._outcome = QueueOutcome.TOO_LONG
        self._since: datetime | None = None
        self._only_agent = ""
        self._priority, self._skills = request.priority, levels(request.skills)
        self._has_talked = False
        self.parting = "overflow"
        """What he is told when the flow does not say more."""

    async def until_served(
        self,
        *,
        at_head: bool = False,
        only_agent: str = "",
        since: datetime | None = None,
    ) -> QueueOutcome:
        """Wait, talk, and come back when the talk is over or the citizen had enough.

        A citizen whose agent's leg died waits again, before all others, as one does who
        comes `at_head`. He waits for `only_agent` alone, if one is named. Who asked for
        a person earlier has waited `since` then.
        """
        self._only_agent = only_agent
        self._call.queue = self._request.queue
        with self._equipment.link.mailbox(self._call.id) as mailbox:
            try:
                return await self._served(mailbox, at_head=at_head, since=since)
            finally:
                self._equipment.link.send(CallerLeaves(call_id=self._call.id))
                await self._close_last_moment(mailbox)

    async def _served(
        self, mailbox: Mailbox, *, at_head: bool, since: datetime | None
    ) -> QueueOutcome:
        queue = self._request.queue
        last_agent = await self._equipment.last_agent(self._call.caller, queue)
        self._enter(at_head=at_head, last_agent=last_agent, since=since)
        while await self._connected(mailbox):
            talk = await self._talk()
            self._only_agent, self._has_talked = "", True
            if talk.queue:
                self._move_to(talk.queue, talk.agent)
            elif talk.end in NOT_SERVED:
                self._enter(at_head=True)
            else:
                return QueueOutcome.TALKED
        return self._outcome

    async def _close_last_moment(self, mailbox: Mailbox) -> None:
        """An agent may have picked up as the citizen hung up: it counts as answered."""
        if _unread_connect(mailbox) and not self._is_promised():
            self._call.outcome = Outcome.ANSWERED
        if self._answered:
            await self._answered.take().hang_up()

    def _enter(
        self, *, at_head: bool, last_agent: str = "", since: datetime | None = None
    ) -> None:
        self._call.outcome = Outcome.ABANDONED_IN_QUEUE
        is_first = self._since is None
        self._since = self._since or since or self._equipment.now()
        self._equipment.link.send(
            CallerEnters(
                call_id=self._call.id,
                queue=self._call.queue,
                priority=self._priority,
                at_head=at_head,
                caller=self._call.caller,
                skills=self._skills,
                last_agent=last_agent,
                since=since,
                here_since=self._call.arrived_at,
                leave_when_nobody=self._request.leave_when_nobody and is_first,
                only_agent=self._only_agent,
            )
        )

    def _move_to(self, queue: str, agent: str) -> None:
        """An agent hands the citizen over: he keeps what he has waited."""
        self._call.queue, self._only_agent = queue, agent
        self._comfort.change_queue(queue)
        self._enter(at_head=False, since=self._since)

    async def _talk(self) -> TalkResult:
        answered, self._answered = self._answered, None
        assert answered is not None, "a talk begins with an answer"
        talking = Talking(self._call, self._equipment, self._call.queue)
        return await talking.with_agent(answered.take(), answered.profile.id)

    async def _connected(self, mailbox: Mailbox) -> bool:
        """Wait in comfort for the agent who answers; false when the citizen leaves."""
        async with asyncio.TaskGroup() as tasks:
            self._comfort.begin(tasks)
            if connect := await self._until_connect(mailbox, tasks):
                self._answered = self._ringing.take(connect)
                self._call.outcome = Outcome.ANSWERED
            self._fall_silent()
        return self._answered is not None

    async def _until_connect(
        self, mailbox: Mailbox, tasks: asyncio.TaskGroup
    ) -> Connect | None:
        """None when the citizen had enough, unless somebody picked up just then.

        Who was promised a call-back in that very moment has given up his place for it.
        """
        try:
            async with asyncio.timeout(self._request.max_wait_seconds) as limit:
                self._listening = tasks.create_task(
                    self._listen_for_keys(limit), name=f"keys {self._call.id}"
                )
                while not isinstance(command := await mailbox.get(), Connect):
                    await self._carry_out(command, tasks, limit)
                return command
        except TimeoutError:
            return None if self._is_promised() else _unread_connect(mailbox)

    def _is_promised(self) -> bool:
        return self._outcome is QueueOutcome.CALL_BACK

    def _fall_silent(self) -> None:
        """Stop the announcements, and the phones that still ring."""
        self._comfort.end()
        self._ringing.silence()
        if self._listening:
            self._listening.cancel()

    def _phones_ring(self, some: bool) -> None:
        self._call.outcome = (
            Outcome.ABANDONED_WHILE_RINGING if some else Outcome.ABANDONED_IN_QUEUE
        )

    async def _carry_out(
        self, command: Command, tasks: asyncio.TaskGroup, limit: asyncio.Timeout
    ) -> None:
        match command:
            case Offer():
                self._ringing.ring(command, tasks)
            case Withdraw():
                self._ringing.withdraw(command.offer_id)
            case TellPosition() | StayInQueue() | ChangeQueue() | KeepPriority():
                self._note(command)
            case LeaveQueue() if self._only_agent:
                self._only_agent = ""  # who is not there: anybody is as good
                self._enter(at_head=True)
            case LeaveQueue():
                self._leave(way_out(self._request, command.reason), limit)
            case Decline() if self._has_talked:
                self._enter(at_head=True)  # a flood concerns those who come, not him
            case Decline():
                await self._declined(command, limit)

    def _note(
        self, command: TellPosition | StayInQueue | ChangeQueue | KeepPriority
    ) -> None:
        """Where he stands, and what he is told of it."""
        match command:
            case TellPosition():
                self._comfort.tell(command)
            case StayInQueue():
                self._comfort.answer("queue_not_changed")
            case ChangeQueue():
                self._call.queue, self._skills = command.queue, command.skills
                self._comfort.change_queue(command.queue)
                if command.by_key:
                    self._comfort.answer("queue_changed")
            case KeepPriority():
                self._priority = command.priority

    async def _declined(self, command: Decline, limit: asyncio.Timeout) -> None:
        """A flood: the engine gives no place, and says what the citizen is told."""
        wanted = command.kind is Declined.CALL_BACK and bool(self._call.caller)
        promised = wanted and await self._promise(self._call.caller)
        if promised:
            self.parting = "flood_call_back"
            self._leave(QueueOutcome.CALL_BACK, limit)
        else:
            seen = bool(self._call.caller)
            self.parting = "turned_away" if seen else "turned_away_withheld"
            self._leave(QueueOutcome.FULL, limit)

    # Keys

    async def _listen_for_keys(self, limit: asyncio.Timeout) -> None:
        """The flow's keys: to leave ends the wait like its time limit."""
        self._call.leg.clear_digits()
        request = self._request
        while request.leave_key or request.call_back_key or request.move_keys:
            match await self._call.leg.read_digit(timeout_seconds=3600):
                case None:
                    pass
                case key if queue := self._request.move_keys.get(key):
                    self._ask_to_move(queue)
                case self._request.leave_key:
                    self._leave(QueueOutcome.LEFT, limit)
                    return
                case self._request.call_back_key:
                    if await self._asks_for_call_back():
                        self.parting = "call_back_promised"
                        self._leave(QueueOutcome.CALL_BACK, limit)
                        return

    def _ask_to_move(self, queue: str) -> None:
        """The skills of the flow's step are for its own queue."""
        own = queue == self._request.queue
        skills = levels(self._request.skills) if own else ()
        self._equipment.link.send(
            CallerMoves(call_id=self._call.id, queue=queue, skills=skills)
        )

    async def _asks_for_call_back(self) -> bool:
        """Agents go on ringing meanwhile; whoever answers first ends the question."""
        self._comfort.hush()
        dialogue = WishDialogue(
            self._call.leg,
            self._equipment.prompts,
            self._equipment.numbers,
            self._request.language,
        )
        if number := await dialogue.number(self._call.caller):
            if await self._promise(number):
                return True
            await dialogue.say("call_back_not_possible")
        else:
            await dialogue.say("call_back_keep_waiting")
        self._comfort.resume()
        return False

    async def _promise(self, number: str) -> bool:
        """Note it; the call-back takes the citizen's place as he leaves it."""
        kept, call_backs = False, self._equipment.call_backs
        try:
            debt = await call_backs.promise(self._wish(number))
            if debt:
                kept = True
                self._equipment.link.send(
                    CallerLeaves(call_id=self._call.id, promised=True)
                )
                call_backs.begin(debt)
        finally:
            if not kept:
                call_backs.forget(self._call.id)
        return kept

    def _wish(self, number: str) -> Wish:
        return Wish(
            call_id=self._call.id,
            number=number,
            called=self._call.called,
            queue=self._call.queue,
            language=self._request.language,
            since=self._since or self._equipment.now(),
            priority=self._priority,
            skills=self._skills,
            here_since=self._call.arrived_at,
        )

    def _leave(self, outcome: QueueOutcome, limit: asyncio.Timeout) -> None:
        self._outcome = outcome
        if outcome is QueueOutcome.CALL_BACK:
            self._call.outcome = Outcome.CALL_BACK_PROMISED
        elif outcome in NO_PLACE:
            self._call.outcome = Outcome.DECLINED
        with suppress(RuntimeError):  # its own time is just over
            limit.reschedule(asyncio.get_running_loop().time())


def _unread_connect(mailbox: Mailbox) -> Connect | None:
    """The answer that came too late to be read; what else is unread is forgotten."""
    while not mailbox.empty():
        if isinstance(command := mailbox.get_nowait(), Connect):
            return command
    return None

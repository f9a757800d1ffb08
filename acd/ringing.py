"""The agents' phones that ring for one call."""

import asyncio
from collections.abc import Callable
from functools import partial

from acd.agent import AgentProfile
from acd.agent_offer import AgentOffer
from acd.equipment import Equipment
from acd.leg_log import LegLog
from acd.messages import Connect, Offer
from telephony.numbers import mask


class Ringing:
    """Rings phones as the engine offers the call, until one is taken.

    `on_change` is told whether any phone rings now, whenever that may have changed.
    While `is_confidential` says so nobody is shown the whole number.
    Phones ring in tasks of the group that is given to `ring`.
    """

    def __init__(
        self,
        caller: str,
        legs: LegLog,
        equipment: Equipment,
        *,
        is_confidential: Callable[[], bool],
        on_change: Callable[[bool], None],
    ) -> None:
        self._caller, self._legs, self._equipment = caller, legs, equipment
        self._is_confidential = is_confidential
        self._on_change = on_change
        self._offers: dict[str, tuple[AgentOffer, asyncio.Task[None]]] = {}

    def ring(self, command: Offer, tasks: asyncio.TaskGroup) -> None:
        """Call the phone of the agent who is offered the call."""
        profile = self._equipment.agents[command.agent_id]
        offer = AgentOffer(
            command,
            profile,
            self._equipment.endpoint,
            self._equipment.link,
            self._legs,
        )
        ringing = tasks.create_task(
            offer.ring(self._shown(profile)), name=f"offer {command.offer_id}"
        )
        self._offers[command.offer_id] = offer, ringing
        ringing.add_done_callback(partial(self._not_taken, command.offer_id))
        self._on_change(True)

    def withdraw(self, offer_id: str) -> None:
        """Silence the phone; nothing happens when it rings no more."""
        if withdrawn := self._offers.pop(offer_id, None):
            withdrawn[1].cancel()
        self._on_change(bool(self._offers))

    def take(self, connect: Connect) -> AgentOffer:
        """The offer whose agent has picked up; his leg is the taker's to hang up."""
        offer, _ = self._offers.pop(connect.offer_id)
        offer.take()
        return offer

    def silence(self) -> None:
        """Silence every phone that still rings."""
        for _, ringing in self._offers.values():
            ringing.cancel()

    def _not_taken(self, offer_id: str, ringing: asyncio.Task[None]) -> None:
        """A phone refused: unless another rings, the citizen only waits again.

        Ringing that was cancelled has its own end: withdrawn, or the citizen hung up.
        """
        if ringing.cancelled() or offer_id not in self._offers:
            return
        del self._offers[offer_id]
        self._on_change(bool(self._offers))

    def _shown(self, profile: AgentProfile) -> str:
        number = self._equipment.numbers.dialled(self._caller)
        masked = profile.show_number == "masked" or self._is_confidential()
        shown = mask(number) if masked else number
        return shown or "anonymous"

"""What lies around a simulated citizen: the floor, the flows, chance, the call-back desk."""

from datetime import datetime
from typing import Protocol

from acd.call_backs.wish import Wish
from acd.ledger.debt import Debt
from acd.staffing.chance import Chance, Fate
from acd.staffing.plan import Ivr
from acd.staffing.story import CallStory
from acd.staffing.virtual_floor import VirtualFloor


class Desk(Protocol):
    """Where call-backs are promised and owed, as `acd.call_backs.book` keeps them."""

    can_call: bool

    def promise(self, wish: Wish, story: CallStory, fate: Fate) -> Debt | None:
        """Note the wish; None when nobody can be called."""

    def begin(self, debt: Debt) -> None:
        """The citizen has given up his place in person: the call-back takes it."""

    def owe_survey(self, wish: Wish, story: CallStory, fate: Fate) -> None:
        """He hung up before he could rate his call: ask him by call-back."""

    def spoke(self, number: str, here_since: datetime) -> None:
        """A call of the number, which came then, has reached a person."""

    def look(self) -> None:
        """Something happened that the desk may want to know of."""


class Town(Protocol):
    """What lies around a citizen."""

    floor: VirtualFloor
    ivr: Ivr | None
    chance: Chance

    @property
    def desk(self) -> Desk:
        """Where his wishes for call-backs are left."""

    def spoke_before(self, caller: str) -> str:
        """The agent whom this number spoke with, "" when nobody."""

    def speaks(self, caller: str, agent_id: str, here_since: datetime) -> None:
        """A citizen, whose call came then, speaks with an agent."""

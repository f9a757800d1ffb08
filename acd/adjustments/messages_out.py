"""Short messages to people whose work of the day is changed."""

from acd.adjustments.events import PersonMoved
from acd.people.message_program import MessageProgram
from config.bus import EventBus


class MoveMessages:
    """Tells each person what he does instead, and when that is taken back or over.

    `{"person_id", "number", "kind", "state", "day", "change"}`.
    """

    def __init__(self, program: MessageProgram) -> None:
        self._program = program

    def listen(self, bus: EventBus) -> None:
        """Tell whomever the bus says is moved."""
        bus.subscribe(PersonMoved, self._moved)

    def _moved(self, event: PersonMoved) -> None:
        told = {
            "kind": event.kind,
            "state": event.state,
            "day": event.day.isoformat(),
            "change": event.change,
        }
        self._program.tell(event.person_id, told, "a move of the day")

"""Short messages of a recall: come, and come no more."""

from acd.people.message_program import MessageProgram
from acd.recalls.events import PersonRecalled
from config.bus import EventBus

TOLD = ("ringing", "called_off")
"""The standings that a message is for."""


class RecallMessages:
    """Tells each person once for each standing: he is rung several times.

    `{"person_id", "number", "standing", "recall_id"}`.
    """

    def __init__(self, program: MessageProgram) -> None:
        self._program = program
        self._told: set[tuple[str, str, str]] = set()

    def listen(self, bus: EventBus) -> None:
        """Tell whomever the bus says is recalled."""
        bus.subscribe(PersonRecalled, self._recalled)

    def _recalled(self, event: PersonRecalled) -> None:
        key = event.recall_id, event.person_id, event.standing
        if event.standing not in TOLD or key in self._told:
            return
        self._told.add(key)
        told = {"standing": event.standing, "recall_id": event.recall_id}
        self._program.tell(event.person_id, told, f"recall {event.recall_id}")

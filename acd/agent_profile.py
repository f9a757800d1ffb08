"""Who an agent is: what the team knows of him, and the engine is told."""

from dataclasses import dataclass

from acd.queue_rules import Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfile:
    """Who an agent is and how he is reached. `contact` is the SIP URI to ring.

    `skills` are his levels, `penalties` by queue: the lower ones are asked first, and 0
    where none is named. `weight` is his share under `weighted_random`, `order` his place
    under `linear`.
    """

    id: str
    contact: str
    queues: tuple[str, ...]
    name: str = ""
    skills: Levels = ()
    penalties: Levels = ()
    weight: float = 1.0
    order: int = 0
    auto_answer: bool = False
    show_number: str = "full"

"""What the demo's screen shows: the phones' reports and the hotline's own figures."""

import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.demo.reports import Called, Moment, Step
from hotline.demo.rung import Rung
from hotline.demo.witness import Witness
from telephony.numbers import mask

EVENTS_KEPT = 50

_CITIZEN_DOES = {
    Moment.DIALLED: "calls",
    Moment.PRESSED: "presses 1",
    Moment.HUNG_UP: "hangs up",
}
_AGENT_DOES = {
    Moment.ANSWERED: "answers",
    Moment.REJECTED: "rejects",
    Moment.HUNG_UP: "hangs up on",
}
_OUTSIDE_DOES = {
    Moment.RANG: "is rung by the hotline",
    Moment.PRESSED: "presses",
    Moment.HUNG_UP: "hangs up on the hotline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """An agent as the hotline shows him; `seconds` is how long he has been so."""

    id: str
    name: str
    state: str
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the hotline says of itself: its API and its metrics."""

    agents: tuple[AgentLine, ...] = ()
    waiting: int = 0
    talking: int = 0
    longest_wait_seconds: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    connected: int = 0
    in_15_seconds: int = 0
    mean_wait_seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Board:
    """The state of the demo. `seconds` is how long calls are made, None: until Ctrl-C."""

    seconds: float | None
    wallboard: str = ""
    """A link that opens the console once; so are the next two, "" in a small build."""
    shift_desk: str = ""
    agent_desk: str = ""
    sip_uri: str = ""
    """Where whoever watches can dial in himself."""
    phase: str = "starting"
    small_build: bool = False
    figures: Figures = field(default_factory=Figures)
    witness: Witness = field(default_factory=Witness)
    rung: Rung = field(default_factory=Rung)
    troubles: list[str] = field(default_factory=list)
    processes: tuple[int, int] = (0, 0)
    """How many were started, and how many of them ended well."""
    events: deque[tuple[float, str]] = field(
        default_factory=lambda: deque(maxlen=EVENTS_KEPT)
    )
    began_at: float | None = None
    """When the first call was made, by `time.monotonic()`."""
    here: int = 0
    """Citizens who are calling now."""
    citizen_of: dict[str, str] = field(default_factory=dict)
    """Whom each agent's phone rings for, or who speaks with him; masked, or ""."""
    calls_taken: Counter[str] = field(default_factory=Counter)
    """How many calls each agent has answered."""

    @property
    def elapsed(self) -> float:
        """Seconds since the calls began; 0 before."""
        return time.monotonic() - self.began_at if self.began_at else 0.0

    @property
    def states(self) -> Counter[str]:
        """How many agents are in each state."""
        return Counter(agent.state for agent in self.figures.agents)

    def tell(self, words: str) -> None:
        """Add to the recent events."""
        self.events.append((self.elapsed, words))

    def step(self, step: Step) -> None:
        """Take a phone's report in."""
        self.witness.hear(step)
        if step.agent:
            self._agent_step(step)
        elif step.moment is Moment.DIALLED:
            self.here += 1
        elif step.moment is Moment.ENDED:
            self.here -= 1
        for words in _words(step):
            self.tell(words)

    def called(self, told: Called) -> None:
        """Take a report of somebody who was rung in."""
        self.rung.hear(told)
        if does := _OUTSIDE_DOES.get(told.moment):
            self.tell(f"{mask(told.number)} {does} {told.key}".rstrip())

    def _agent_step(self, step: Step) -> None:
        if step.moment is Moment.RANG:
            self.citizen_of[step.agent] = mask(step.number)
        elif step.moment is Moment.ANSWERED:
            self.calls_taken[step.agent] += 1
        elif step.moment is Moment.ENDED:
            self.citizen_of[step.agent] = ""


def _words(step: Step) -> Iterable[str]:
    number = mask(step.number)
    if step.agent and step.moment in _AGENT_DOES:
        yield f"agent {step.agent} {_AGENT_DOES[step.moment]} {number}"
    elif not step.agent and step.moment in _CITIZEN_DOES:
        yield f"{number} {_CITIZEN_DOES[step.moment]}"
    elif not step.agent and step.sip_code >= 400:
        yield f"{number} is refused (SIP {step.sip_code})"

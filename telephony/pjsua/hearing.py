"""Who should hear what: the intent, from which every link between ports is made.

Pure: it knows no library and no port numbers, so that a leg whose ports change under
a re-INVITE is linked anew from here and never from memory.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """One running list of prompt files; each `play` makes its own."""

    files: tuple[Path, ...]
    interrupt_by: str = ""


@dataclass(slots=True, eq=False, kw_only=True)
class Room:
    """The legs of one bridge, and the music of those who have nobody to hear."""

    music: Path
    ears: list["Ear"] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Ear:
    """One leg's place in the mix.

    `reachable` is false while its peer holds us or has no audio: it hears nothing.
    `parked`, it hears the bridge's music and is heard by nobody; `muted`, it only
    listens. `audience` are those who may hear it, None everybody of the bridge.
    """

    reachable: bool = True
    held: bool = False
    prompt: Prompt | None = None
    music: Path | None = None
    room: Room | None = None
    parked: bool = False
    muted: bool = False
    audience: frozenset["Ear"] | None = None

    def enter(self, room: Room, audience: frozenset["Ear"] | None = None) -> None:
        """Take part in a bridge: prompt and music of its own are over."""
        self.leave()
        self.prompt = self.music = None
        self.room, self.audience = room, audience
        room.ears.append(self)

    def leave(self) -> None:
        """Hear nothing of the bridge any more, and be heard by nobody."""
        self.parked = self.muted = False
        self.audience = None
        if self.room:
            self.room.ears.remove(self)
            self.room = None

    def park(self, parked: bool) -> None:
        """Be put on hold by us, or taken back."""
        self.parked = parked

    def mute(self, muted: bool) -> None:
        """Be heard by nobody of the bridge, or be heard again."""
        self.muted = muted

    def is_heard_by(self, other: "Ear") -> bool:
        """Whether its voice reaches another leg of its bridge."""
        if not self.reachable or self.held or self.parked or self.muted:
            return False
        return self.audience is None or other in self.audience


Source = Ear | Prompt | Path
"""Another leg's voice, a prompt, or a music file."""


def sources(ear: Ear) -> frozenset[Source]:
    """What this leg should hear now: a prompt before a bridge before music."""
    if not ear.reachable or ear.held:
        return frozenset()
    if ear.prompt:
        return frozenset({ear.prompt})
    if ear.room and (heard := _of_room(ear, ear.room)):
        return heard
    return frozenset({ear.music} if ear.music else ())


def _of_room(ear: Ear, room: Room) -> frozenset[Source]:
    others = [other for other in room.ears if other is not ear]
    voices = frozenset(other for other in others if other.is_heard_by(ear))
    if ear.parked or (not voices and any(other.held for other in others)):
        return frozenset({room.music})
    return voices

"""What a city sets for its talks: third parties, keys, tones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from acd.talk_commands import (
    Consult,
    HandOver,
    Hold,
    Join,
    PauseRecording,
    ResumeRecording,
    Supervisor,
    SupervisorUnknown,
    TakeBack,
    TalkCommand,
    TargetUnknown,
    ThirdParty,
)

KEY_SECONDS = 3.0
"""A key sequence that is not finished by then is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkKeys:
    """Key sequences on the agent's phone; "" is none."""

    take_back: str = "**"
    join: str = "*0"
    hand_over: str = "*#"
    hold: str = "*7"
    pause_recording: str = "*8"
    resume_recording: str = "*9"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkTones:
    """What the agent hears: ringing in a loop, and short signs."""

    ringing: Path = Path("ringing.wav")
    busy: Path = Path("busy.wav")
    supervised: Path = Path("supervised.wav")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRules:
    """Whom an agent can call in, by which keys, and who may supervise.

    `tell_supervision`: the agent hears a sign of it. A disposition may be set up to
    `disposition_hours` after the talk.
    """

    third_parties: tuple[ThirdParty, ...] = ()
    keys: TalkKeys = TalkKeys()
    tones: TalkTones = TalkTones()
    supervisors: tuple[Supervisor, ...] = ()
    tell_supervision: bool = True
    disposition_hours: float = 24

    def third_party(self, wanted: str) -> ThirdParty:
        """The configured one with this id; `TargetUnknown` names those there are."""
        for third in self.third_parties:
            if third.id == wanted:
                return third
        known = ", ".join(third.id for third in self.third_parties) or "none"
        raise TargetUnknown(f"There is no third party {wanted!r}; known: {known}.")

    def supervisor(self, wanted: str) -> Supervisor:
        """The configured one with this id; `SupervisorUnknown` names those there are."""
        for supervisor in self.supervisors:
            if supervisor.id == wanted:
                return supervisor
        known = ", ".join(each.id for each in self.supervisors) or "none"
        raise SupervisorUnknown(
            f"There is no supervisor {wanted!r}; known: {known}. "
            "Write one under [[supervisors]] in the settings."
        )

    def sequences(self) -> Mapping[str, TalkCommand]:
        """What each key sequence asks for."""
        keys = self.keys
        fixed: dict[str, TalkCommand] = {
            keys.take_back: TakeBack(),
            keys.join: Join(),
            keys.hand_over: HandOver(),
            keys.hold: Hold(),
            keys.pause_recording: PauseRecording(),
            keys.resume_recording: ResumeRecording(),
        }
        called = {third.key: Consult(third_party=third) for third in self.third_parties}
        return {key: asked for key, asked in (fixed | called).items() if key}


class KeySequences:
    """Keys that come one by one, until they ask for something (pure).

    No sequence begins with another.
    """

    def __init__(self, sequences: Mapping[str, TalkCommand]) -> None:
        self._sequences = sequences
        self._pressed = ""

    @property
    def unfinished(self) -> bool:
        """Whether more keys are awaited."""
        return bool(self._pressed)

    def press(self, key: str) -> TalkCommand | None:
        """What is asked for with this key; what begins no sequence is forgotten."""
        for pressed in (self._pressed + key, key):
            if pressed in self._sequences:
                self._pressed = ""
                return self._sequences[pressed]
            if any(known.startswith(pressed) for known in self._sequences):
                self._pressed = pressed
                return None
        self.forget()
        return None

    def forget(self) -> None:
        """Begin anew."""
        self._pressed = ""

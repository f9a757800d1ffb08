"""One trunk as it is now: whether it works, and how many of its lines are taken. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from config.trunk_settings import TrunkSection
from telephony.pacing import Pace

REST: Final = timedelta(seconds=10)
"""How long a trunk that failed a call goes after all others."""


class Sign(StrEnum):
    """What tells whether a trunk works."""

    ADDRESS = "address"
    REGISTRATION = "registration"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkChanged:
    """A trunk went up or down, or is down for another `reason`; "" when it is up."""

    at: datetime
    trunk: str
    up: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkView:
    """A trunk as seen from outside. `registered` is null where it needs not be."""

    name: str
    host: str
    up: bool
    reason: str
    since: datetime
    registered: bool | None
    lines: int
    lines_in_use: int
    calls_per_second: float
    prefixes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class TrunkState:
    """What changes of a trunk. `faults` say what is wrong, by what told it."""

    section: TrunkSection
    pace: Pace
    since: datetime
    faults: dict[Sign, str] = field(default_factory=dict)
    lines_in_use: int = 0
    failed_at: datetime | None = None

    @property
    def up(self) -> bool:
        """Whether calls can be placed over it."""
        return not self.faults

    @property
    def reason(self) -> str:
        """Why it is down, "" when it is up."""
        return "; ".join(self.faults[sign] for sign in Sign if sign in self.faults)

    def has_line(self, *, urgent: bool, emergency: bool = False) -> bool:
        """Whether a call may begin; the kept lines are for urgent ones alone.

        Of these, half are for an `emergency` alone.
        """
        section = self.section
        if emergency:
            return self.lines_in_use < section.lines
        most = section.urgent_lines if urgent else section.ordinary_lines
        return self.lines_in_use < most

    def rests(self, now: datetime) -> bool:
        """Whether it has just failed a call."""
        return self.failed_at is not None and now - self.failed_at < REST

    def note(self, sign: Sign, fault: str, now: datetime) -> TrunkChanged | None:
        """A sign tells of a fault, or "" of none; the change, when it makes one.

        A new fault of a trunk that is down already is one too: somebody must see it.
        """
        was_up, before = self.up, self.faults.pop(sign, "")
        if fault:
            self.faults[sign] = fault
        if self.up != was_up:
            self.since = now
        elif fault in ("", before):
            return None
        return self.changed(now)

    def changed(self, now: datetime) -> TrunkChanged:
        """The state that it is in, as an event."""
        return TrunkChanged(
            at=now, trunk=self.section.name, up=self.up, reason=self.reason
        )

    def view(self) -> TrunkView:
        """How it looks from outside."""
        section = self.section
        unregistered = Sign.REGISTRATION in self.faults
        return TrunkView(
            name=section.name,
            host=section.host,
            up=self.up,
            reason=self.reason,
            since=self.since,
            registered=not unregistered if section.register_here else None,
            lines=section.lines,
            lines_in_use=self.lines_in_use,
            calls_per_second=section.calls_per_second,
            prefixes=section.prefixes,
        )


def first_state(section: TrunkSection, now: datetime) -> TrunkState:
    """A trunk before anything is known of it: down until it has given its signs."""
    state = TrunkState(section=section, pace=Pace(section.calls_per_second), since=now)
    state.faults[Sign.ADDRESS] = "its address is not known yet"
    if section.register_here:
        state.faults[Sign.REGISTRATION] = "not registered yet"
    if section.options_seconds:
        state.faults[Sign.OPTIONS] = "not asked yet"
    return state


def fault_of_registration(code: int) -> str:
    """What the answer to a REGISTER says is wrong; "" when it is right."""
    if 200 <= code < 300:
        return ""
    if code in (401, 403, 407):
        return f"the registration was refused (SIP {code}): look at username, password and realm"
    return f"not registered (SIP {code})"


def fault_of_options(code: int) -> str:
    """What the answer to an OPTIONS says is wrong; 0 is no answer.

    Any answer but 408 and 5xx is a sign of life, also 401, 404 and 405.
    """
    if code == 0:
        return "it does not answer OPTIONS"
    if code == 408 or 500 <= code < 600:
        return f"it answers OPTIONS with SIP {code}"
    return ""


def seconds_until_next_registration(code: int) -> float:
    """How long to wait after a REGISTER that failed.

    What was refused stays refused until a person mends it: asking often would lock the
    account, or look like an attack.
    """
    return 300.0 if 400 <= code < 500 and code != 408 else 30.0

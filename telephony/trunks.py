"""Which trunk a call takes, and in what form it leaves. Pure: the clock is passed in.

The caller number is only ever one of the trunk's own list: software that shows another
one may not be offered (反电信网络诈骗法, articles 13 and 14).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address

from config.trunk_settings import TrunkSection
from telephony.numbers import EMERGENCY_NUMBERS, NumberPlan, user_of
from telephony.trunk_state import (
    Sign,
    TrunkChanged,
    TrunkState,
    TrunkView,
    first_state,
)

_AT_HOST = re.compile(
    r"sips?:[^@]*@(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:;?\[\]]+))(?::(?P<port>\d+))?.*",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkLine:
    """A line that a call may take: the SIP URI to call, and who calls."""

    trunk: str
    target: str = field(repr=False)
    caller_number: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)


class NoLineWhy(StrEnum):
    """Why a call may take no line."""

    NOT_SERVED = "not_served"
    NOT_ALLOWED = "not_allowed"
    DOWN = "down"
    LINES_IN_USE = "lines_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLine:
    """No line for this call; `words` tell a person why, without numbers."""

    why: NoLineWhy
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Lines are free, but calls follow each other too fast: ask again at `at`."""

    at: datetime
    trunk: str


class Trunks:
    """All trunks of the hotline, as they are now."""

    def __init__(
        self, sections: Sequence[TrunkSection], numbers: NumberPlan, now: datetime
    ) -> None:
        self._numbers = numbers
        self._states = {s.name: first_state(s, now) for s in sections}

    def choose(
        self,
        number: str,
        caller_number: str,
        now: datetime,
        *,
        urgent: bool = False,
        without: frozenset[str] = frozenset(),
    ) -> TrunkLine | Later | NoLine:
        """The line for a normalised number; `without` names trunks that failed it.

        An `urgent` call, for a citizen who waits on the line, may take kept lines, too; the
        last of them only for 110, 119, 120 and 122.
        """
        serving = self._serving(number)
        if not serving:
            return _no_line(NoLineWhy.NOT_SERVED, "no trunk serves this number")
        allowed = [state for state in serving if self._shown(state, caller_number)]
        if not allowed:
            return _no_line(
                NoLineWhy.NOT_ALLOWED,
                f"the caller number is not in caller_numbers of {_names(serving)}",
            )
        left = [state for state in allowed if state.section.name not in without]
        up = [state for state in left if state.up]
        if not up:
            return _no_line(NoLineWhy.DOWN, _why_down(left or allowed))
        emergency = urgent and number in EMERGENCY_NUMBERS
        free = [s for s in up if s.has_line(urgent=urgent, emergency=emergency)]
        if not free:
            return _no_line(NoLineWhy.LINES_IN_USE, _why_full(up))
        return self._first_ready(free, number, caller_number, now)

    def _first_ready(
        self, free: list[TrunkState], number: str, caller_number: str, now: datetime
    ) -> TrunkLine | Later:
        free.sort(key=lambda state: state.rests(now))
        for state in free:
            if state.pace.ready_at(now) <= now:
                return self._line(state, number, caller_number)
        first = min(free, key=lambda state: state.pace.ready_at(now))
        return Later(at=first.pace.ready_at(now), trunk=first.section.name)

    def take(self, trunk: str, now: datetime) -> None:
        """A call begins on a line of this trunk."""
        state = self._states[trunk]
        state.pace.take(now)
        state.lines_in_use += 1

    def give_back(self, trunk: str) -> None:
        """A call on this trunk is over."""
        self._states[trunk].lines_in_use -= 1

    def failed(self, trunk: str, now: datetime) -> None:
        """The trunk failed a call: for a while others go first."""
        self._states[trunk].failed_at = now

    def note(
        self, trunk: str, sign: Sign, fault: str, now: datetime
    ) -> TrunkChanged | None:
        """A sign tells of a fault, or "" of none; the change, when it makes one."""
        return self._states[trunk].note(sign, fault, now)

    def changed(self, trunk: str, now: datetime) -> TrunkChanged:
        """The state that a trunk is in, told anew."""
        return self._states[trunk].changed(now)

    def views(self) -> list[TrunkView]:
        """All trunks, in the order of the settings."""
        return [state.view() for state in self._states.values()]

    def number_in(self, uri: str) -> str:
        """What a SIP URI at a trunk's own address dials there; "": it is elsewhere."""
        found = _AT_HOST.fullmatch(uri)
        if not found:
            return ""
        place = (found["six"] or found["host"]).lower(), int(found["port"] or 5060)
        for section in (state.section for state in self._states.values()):
            ours = (section.host, section.signalling_port), section.next_hop
            if any(place == (host.lower(), port) for host, port in ours):
                return user_of(uri)
        return ""

    def _serving(self, number: str) -> list[TrunkState]:
        found = [
            (-len(prefix), state.section.priority, place, state)
            for place, state in enumerate(self._states.values())
            if (prefix := serving_prefix(state.section, number, self._numbers))
            is not None
        ]
        return [state for *_, state in sorted(found, key=lambda entry: entry[:3])]

    def _shown(self, state: TrunkState, caller_number: str) -> str:
        """The number that the trunk would show, as its list has it; "" when none."""
        listed = state.section.caller_numbers
        if not caller_number:
            return listed[0]
        wanted = self._numbers.normalise(caller_number)
        return next(
            (one for one in listed if self._numbers.normalise(one) == wanted), ""
        )

    def _line(self, state: TrunkState, number: str, caller_number: str) -> TrunkLine:
        section, shown = state.section, self._shown(state, caller_number)
        identity = f"<sip:{shown}@{host_in_uri(section)}>"
        dialled = dial_string(number, section, self._numbers)
        return TrunkLine(
            trunk=section.name,
            target=f"sip:{dialled}@{domain_of(section)}",
            caller_number=shown,
            headers={"P-Asserted-Identity": identity}
            if section.asserted_identity
            else {},
        )


def is_served(
    number: str, sections: Sequence[TrunkSection], numbers: NumberPlan
) -> bool:
    """Whether one of the trunks serves a number, in whatever form it is written."""
    normal = numbers.normalise(number)
    return bool(normal) and any(
        serving_prefix(section, normal, numbers) is not None for section in sections
    )


def serving_prefix(
    section: TrunkSection, number: str, numbers: NumberPlan
) -> str | None:
    """The longest prefix of the trunk that the number begins with; None: not served.

    A trunk without prefixes serves the own country and its short numbers.
    """
    if not section.prefixes:
        at_home = number.startswith(f"+{numbers.country_code}")
        return "" if at_home or not number.startswith("+") else None
    fitting = [prefix for prefix in section.prefixes if number.startswith(prefix)]
    return max(fitting, key=len, default=None)


def dial_string(number: str, section: TrunkSection, numbers: NumberPlan) -> str:
    """The number as the trunk wants it dialled; short numbers stay as they are."""
    if not number.startswith("+"):
        return number
    match section.dial_form:
        case "e164":
            return number
        case "international":
            return number[1:]
        case "national":
            dialled = numbers.dialled(number)
            return f"00{dialled[1:]}" if dialled.startswith("+") else dialled


def domain_of(section: TrunkSection) -> str:
    """What follows the `@` in a URI of this trunk: host, port and transport."""
    port = section.port
    if not port and _is_address(section.host):
        port = section.signalling_port
    transport = "" if section.transport == "udp" else f";transport={section.transport}"
    return f"{host_in_uri(section)}{f':{port}' if port else ''}{transport}"


def host_in_uri(section: TrunkSection) -> str:
    """The trunk's host as it stands in a URI."""
    return f"[{section.host}]" if ":" in section.host else section.host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _names(states: Sequence[TrunkState]) -> str:
    return ", ".join(state.section.name for state in states)


def _why_full(states: Sequence[TrunkState]) -> str:
    but = ""
    if any(state.has_line(urgent=True) for state in states):
        but = " but those kept for third parties"
    elif any(state.has_line(urgent=True, emergency=True) for state in states):
        but = " but those kept for emergencies"
    return f"all lines of {_names(states)} are in use{but}"


def _why_down(states: Sequence[TrunkState]) -> str:
    return "; ".join(
        f"trunk {state.section.name} is down: {state.reason}"
        for state in states
        if not state.up
    )


def _no_line(why: NoLineWhy, words: str) -> NoLine:
    return NoLine(why=why, words=words)

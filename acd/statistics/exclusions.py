"""Calls left out of the adjusted connect rate: each with a reason code and a name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acd.statistics.counted_call import CallFacts


class ExclusionReason(StrEnum):
    """Why a call says nothing of the hotline's service."""

    TEST_CALL = "test_call"
    NUISANCE = "nuisance"
    WRONG_NUMBER = "wrong_number"
    CARRIER_FAULT = "carrier_fault"
    FORCE_MAJEURE = "force_majeure"


class ExclusionError(Exception):
    """A call cannot be excluded or counted in; the message says why."""

    error_id = "exclusion_refused"


class UnknownCall(ExclusionError):
    """The records know no such call."""

    error_id = "call_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A line of the audit: at `at`, `name` excluded the call, or counted it in again.

    The last line of a call holds. Lines are never changed or removed.
    """

    call_id: str
    at: datetime
    excluded: bool
    reason: ExclusionReason
    name: str
    note: str = ""


def fitting(line: Exclusion, call: CallFacts | None) -> CallFacts:
    """The call, when the line fits it; `ExclusionError` says why it does not."""
    if call is None:
        raise UnknownCall(f"no call has the id {line.call_id}")
    if call.ended_at is None:
        raise ExclusionError(f"call {call.id} is not over; exclude it afterwards")
    if call.excluded is line.excluded:
        state = "excluded already" if line.excluded else "not excluded"
        raise ExclusionError(f"call {call.id} is {state}")
    return call

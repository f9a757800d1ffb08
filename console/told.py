"""Events as machines outside are told them: JSON without whole telephone numbers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from acd import events as e
from acd import talk_events as t
from telephony.numbers import mask

NUMBERS = ("caller", "called")
CONFIDENTIAL = (e.CallMissed, e.CallBackBegun, e.CallBackMoved)
"""Events that tell no number of a caller who asked to stay confidential."""
MASKED: Mapping[type[Any], tuple[str, ...]] = {
    e.CallArrived: NUMBERS,
    e.CallMissed: NUMBERS,
    e.CallBackBegun: NUMBERS,
    e.FollowUpBegun: NUMBERS,
    e.CallBackMoved: ("caller",),
    t.ThirdPartyCalled: ("number",),
    t.ThirdPartyAnswered: ("number",),
    t.ThirdPartyFailed: ("number",),
    t.ThirdPartyJoined: ("number",),
    t.ThirdPartyLeft: ("number",),
}
"""The fields that hold telephone numbers; a SIP URI among them is no number."""
_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def name_of(kind: type[Any]) -> str:
    """`AgentStateChanged` is `agent_state_changed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def adapter_of(kind: type[Any]) -> TypeAdapter[Any]:
    """What writes events of a kind; made once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def fields_of(event: Any) -> dict[str, Any]:
    """The fields of an event as JSON values, numbers masked and notes left out."""
    fields: dict[str, Any] = adapter_of(type(event)).dump_python(
        _masked(event), mode="json"
    )
    return fields


def _masked(event: Any) -> Any:
    if isinstance(event, t.CallDisposed):
        return replace(event, note="")  # it is personal
    if isinstance(event, CONFIDENTIAL) and event.confidential:
        event = replace(event, caller="")
    names = MASKED.get(type(event), ())
    return replace(event, **{name: _mask(getattr(event, name)) for name in names})


def _mask(number: str) -> str:
    return number if number.startswith(("sip:", "sips:")) else mask(number)

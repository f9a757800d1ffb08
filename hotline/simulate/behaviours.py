"""How people behave in a simulation: what is said, else what is recorded, else the usual."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from acd.staffing.behaviour import Behaviour, BehaviourRefused
from ivr_flows.faults import nearest

Values = Mapping[str, float | None]
"""Figures by the names of `Behaviour`; None says nothing."""

NAMES = tuple(f.name for f in fields(Behaviour) if f.name != "talk_shape")


def more_of(text: str) -> dict[str, float]:
    """`leave_share=0.1,consult_share=0.05` as figures by name. Raises `BehaviourRefused`."""
    return dict(_figure(part.strip()) for part in text.split(",") if part.strip())


def behaviour_of(usual: Behaviour, *told: Values) -> Behaviour:
    """The usual behaviour, as it is told; what is told first wins."""
    figures = {
        name: value
        for values in reversed(told)
        for name, value in values.items()
        if value is not None
    }
    return Behaviour(**(asdict(usual) | figures))


def in_figures(measured: Values) -> str:
    """What was measured, as `--behaviour` takes it; nothing of what is 0 or not known."""
    known = ((name, value) for name, value in measured.items() if value)
    return ",".join(f"{name}={value:.4g}" for name, value in known)


def _figure(part: str) -> tuple[str, float]:
    name, is_written, value = part.partition("=")
    if name not in NAMES:
        raise BehaviourRefused(f"nobody has a {name!r}; {nearest(name, NAMES)}")
    try:
        if is_written:
            return name, float(value)
    except ValueError:
        pass
    raise BehaviourRefused(f"{part!r} has no figure; write it like {name}=0.1")

"""Queues and agents as they are written, made into the engine's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from acd.agent import AgentProfile
from acd.people.rows import AgentRow
from acd.queue_rules import (
    Admission,
    Overflow,
    OverflowWhen,
    QueueRules,
    RelaxStep,
    levels,
)
from config.agent_settings import AgentSection
from config.queue_settings import OverflowSection, QueueSection, RelaxSection
from ivr_flows.faults import nearest
from ivr_flows.opening import OpeningTimes


class WrongRules(Exception):
    """A queue's rules cannot be read; the message names the mend."""

    error_id = "rules_wrong"


def rules_of(queue: QueueSection) -> QueueRules:
    """The rules of a written queue; `WrongRules` when its hours cannot be read."""
    plain = queue.model_dump(
        exclude={"title", "music", "skills", "relax", "overflow", "hours", "admission"}
    )
    return QueueRules(
        **plain,
        skills=levels(queue.skills),
        relax=tuple(map(_relax, queue.relax)),
        overflow=tuple(map(_overflow, queue.overflow)),
        hours=None if queue.hours is None else _hours(queue.hours),
        admission=Admission(**queue.admission.model_dump()),
    )


def profile_of(agent: AgentSection | AgentRow, queues: Sequence[str]) -> AgentProfile:
    """The profile of a written agent; without queues of his own he answers `queues`."""
    return AgentProfile(
        id=agent.id,
        contact=agent.contact,
        queues=agent.queues or tuple(queues),
        name=agent.name,
        skills=levels(agent.skills),
        penalties=levels(agent.penalties),
        weight=agent.weight,
        order=agent.order,
        auto_answer=agent.auto_answer,
        show_number=agent.show_number,
    )


def _relax(step: RelaxSection) -> RelaxStep:
    return RelaxStep(**step.model_dump())


def _overflow(way: OverflowSection) -> Overflow:
    return Overflow(when=OverflowWhen(way.when), limit=way.limit, to=way.to)


def _hours(written: Mapping[str, Any]) -> OpeningTimes:
    try:
        return OpeningTimes.model_validate(written)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise WrongRules(f"hours: {_in_words(fault)}") from None


def _in_words(fault: Any) -> str:
    word = str(fault["loc"][-1])
    if fault["type"] == "extra_forbidden":
        return f"{word!r} is unknown; {nearest(word, OpeningTimes.model_fields)}"
    if fault["type"] == "literal_error":
        return f"{fault['input']!r} is no weekday; write one like 'monday'"
    return str(fault["msg"]).removeprefix("Value error, ")

"""The words of a decision record: which rule fired, and why an agent was not asked."""

from enum import StrEnum


class RoutingRule(StrEnum):
    """What decided about a call."""

    STRATEGY = "strategy"
    ALL_AT_ONCE = "all_at_once"
    LAST_AGENT = "last_agent"
    ONLY_AGENT = "only_agent"
    NOBODY = "nobody"
    PRIORITY = "priority"
    RELAXED = "relaxed"
    LAST_AGENT_OVER = "last_agent_over"
    OVERFLOW = "overflow"
    KEY = "key"
    KEY_IN_VAIN = "key_in_vain"
    DECLINED = "declined"
    PLACE_TAKEN_BACK = "place_taken_back"
    TRANSFER = "transfer"


TRANSFERRED = "answered"
"""The detail of a transfer by which the citizen was put through."""


class Skipped(StrEnum):
    """Why an agent of the queue was not asked for a call."""

    LOGGED_OUT = "logged_out"
    PAUSED = "paused"
    RUNG = "rung"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    RESTING = "resting"
    PENALTY = "penalty"
    LACKS_SKILL = "lacks_skill"
    NOT_THE_LAST_AGENT = "not_the_last_agent"
    NOT_THE_ONLY_AGENT = "not_the_only_agent"

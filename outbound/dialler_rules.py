"""By which rules contacts are called: those of all campaigns, and what one has of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ivr_flows.language import Flow
from outbound.attempt import CallRules
from outbound.own_rules import Offered, OwnRules, fault_of_own
from outbound.rules import FollowUpRules


@dataclass(frozen=True, slots=True, kw_only=True)
class DiallerRules:
    """At most `lines` follow-up calls at once; `kept_legs` tells how many legs are left to others.

    Campaigns choose from what is `offered`; the `flows` are those that calls meet now.
    """

    lines: int
    kept_legs: Callable[[], int]
    call: CallRules
    when: FollowUpRules
    flows: Mapping[str, Flow] = field(default_factory=dict)
    offered: Offered = field(default_factory=Offered)

    def fault_of(self, own: OwnRules) -> str:
        """Why nobody of a campaign with these can be called, in words; "" when they can."""
        return fault_of_own(own, self.offered)

    def call_of(self, own: OwnRules) -> CallRules:
        """How a contact is called whose campaign has these of its own."""
        call = self.call
        if own.caller_number:
            call = replace(call, caller_number=own.caller_number)
        if own.flow:
            call = replace(call, flow_of=partial(self.flows.__getitem__, own.flow))
        return call

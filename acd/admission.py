"""Who has a place in the line in a flood: one fixed rule that anybody can be told.

1. Whom an agent can take at once, who is in an emergency, who comes back after his
   agent was lost, who was promised a call-back, and who took his old place back, always
   has a place.
2. Everybody else has one while fewer wait on the line than `places_per_agent` for each
   agent who is logged in, and in any case while fewer than `least_places` do. Call-backs
   keep their places before him but take none from him: else, in a long flood, nobody
   would be let in any more.
3. Beyond that he is promised a call-back, while fewer than `promises_per_agent` are
   owed for each agent who is logged in.
4. Beyond that, or without a number to call back, he hears honestly that nobody can take
   his call now.
"""

from acd.messages import Declined
from acd.queue_rules import Admission


def admission(
    rules: Admission, *, waiting: int, logged_in: int, owed: int, withheld: bool
) -> Declined | None:
    """What becomes of a caller of step 2; None is a place in the line."""
    places = max(rules.least_places, rules.places_per_agent * logged_in)
    if not rules.places_per_agent or waiting < places:
        return None
    promises = rules.promises_per_agent * logged_in
    if not withheld and (not rules.promises_per_agent or owed < promises):
        return Declined.CALL_BACK
    return Declined.MESSAGE

"""Where follow-up calls leave their answers, in memory."""

from datetime import datetime

from outbound.answer import Answer
from outbound.contact import FollowUpOutcome


class FakeCampaigns:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.kept: list[Answer] = []
        self.opted_out: list[str] = []
        self.so_far: dict[str, FollowUpOutcome] = {}

    async def answered(self, contact_id: str, call_id: str, given: Answer) -> None:
        """Keep one answer."""
        self.kept.append(given)

    async def has_come_to(self, call_id: str, outcome: FollowUpOutcome) -> None:
        """Keep how the try ends if the service is killed."""
        self.so_far[call_id] = outcome

    async def opt_out(self, number: str, now: datetime) -> None:
        """Never call the number again."""
        self.opted_out.append(number)

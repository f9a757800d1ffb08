"""What people and programs may do with follow-up calls, in one hand."""

from dataclasses import dataclass

from outbound.counts import FollowUpCounts
from outbound.deliveries.desk import DeliveryDesk
from outbound.desk import CampaignDesk
from outbound.dialler import Dialler
from outbound.own_rules import OwnRules
from outbound.reviews.desk import ReviewDesk
from outbound.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """The desks. Without a `dialler` nobody is called.

    Answers with less confidence than `review_below` are to be heard by a person.
    """

    campaigns: CampaignDesk
    reviews: ReviewDesk
    deliveries: DeliveryDesk
    counts: FollowUpCounts
    review_below: float
    dialler: Dialler | None = None

    def standing(self, own: OwnRules | None = None) -> Standing | None:
        """How the dialler stands, or stands for one campaign; None: nobody is called here."""
        return self.dialler.standing(own) if self.dialler else None

"""What `[staffing]` aims at."""

from acd.adjustments.foreseen import Aim
from acd.staffing.requirement import Target
from config.staffing_settings import StaffingSection


def aim_of(section: StaffingSection) -> Aim:
    """The target of the whole, and of queues that have none of their own."""
    target = Target(share=section.target_share, within_seconds=section.within_seconds)
    return Aim(target=target, sureness=section.sureness)

"""Where the header leads, and what each role sees first."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.accounts.account import Identity, Role
from console.permissions import permits
from console.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page in the header: its operation, path and title; `seldom` ones may share a menu."""

    page: str
    path: str
    title: str
    seldom: bool = False


PLACES = (
    Place(page="page_wallboard", path="/wallboard", title=N_("Wallboard")),
    Place(page="page_shift_desk", path="/shift-desk", title=N_("Shift desk")),
    Place(page="page_calls", path="/calls", title=N_("Call list")),
    Place(page="page_call_backs", path="/call-backs", title=N_("Call-backs")),
    Place(page="page_campaigns", path="/campaigns", title=N_("Campaigns")),
    Place(
        page="page_reviews", path="/reviews", title=N_("Doubtful answers"), seldom=True
    ),
    Place(page="page_reports", path="/reports", title=N_("Reports")),
    Place(page="page_flows", path="/flows", title=N_("Flows"), seldom=True),
    Place(page="page_settings", path="/settings", title=N_("Settings"), seldom=True),
    Place(
        page="page_agent_desk", path="/agent-desk", title=N_("Agent desk"), seldom=True
    ),
    Place(page="page_accounts", path="/accounts", title=N_("Accounts"), seldom=True),
    Place(page="page_tokens", path="/tokens", title=N_("API tokens"), seldom=True),
    Place(page="page_audit", path="/audit", title=N_("Audit trail"), seldom=True),
)
"""In the order of the header. Only pages that are there."""

ROW = 7
"""So many fit beside each other, in large print and in English too; with more, the seldom ones share a menu."""

FIRST: Mapping[Role, tuple[str, ...]] = {
    Role.AGENT: ("page_agent_desk", "page_wallboard"),
    Role.SHIFT_MANAGER: ("page_shift_desk", "page_wallboard"),
    Role.CAMPAIGN_MANAGER: ("page_campaigns", "page_wallboard"),
    Role.AUDITOR: ("page_audit",),
    Role.ADMINISTRATOR: ("page_wallboard", "page_accounts"),
}
"""The page that a role works with; the first of them that is there."""


def places_for(identity: Identity | None) -> list[Place]:
    """Where he may go."""
    if identity is None:
        return []
    return [place for place in PLACES if permits(identity, place.page)]


def first_place(identity: Identity) -> Place | None:
    """Where he begins; None when there is no page for his role."""
    open_to_him = {place.page: place for place in places_for(identity)}
    for role in identity.roles:
        for page in FIRST[role]:
            if page in open_to_him:
                return open_to_him[page]
    return next(iter(open_to_him.values()), None)


def header_of(identity: Identity | None) -> tuple[list[Place], list[Place]]:
    """The pages in the header's row, that with which he begins among them, and in its menu."""
    places = places_for(identity)
    if identity is None or len(places) <= ROW:
        return places, []
    first = first_place(identity)
    often = [place for place in places if not place.seldom or place is first]
    return often, [place for place in places if place not in often]

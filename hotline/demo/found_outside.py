"""What the stopped hotline kept of those whom it rang: contacts, tries, answers, recalls."""

from collections import defaultdict
from dataclasses import dataclass, field

from acd.recalls.store import last_recalls
from acd.staffing.recall import Standing
from config.database import Database
from hotline.demo.outside import CAMPAIGN
from outbound.archive import ContactRecord, all_contacts
from outbound.campaign import CampaignUnknown

RECALLS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOutside:
    """The contacts of the demo's campaign; how each person stood in the recalls."""

    contacts: tuple[ContactRecord, ...] = ()
    standings: dict[str, frozenset[Standing]] = field(default_factory=dict)


async def find_outside(database: Database) -> FoundOutside:
    """Read all of it; nothing when nobody was ever rung."""
    try:
        contacts = tuple([each async for each in all_contacts(database, CAMPAIGN)])
    except CampaignUnknown:
        contacts = ()
    standings: defaultdict[str, set[Standing]] = defaultdict(set)
    for recall in await last_recalls(database, RECALLS):
        for person in recall.people:
            standings[person.person_id].add(person.standing)
    found = {who: frozenset(each) for who, each in standings.items()}
    return FoundOutside(contacts=contacts, standings=found)

"""What the database holds of flows: the versions in force, and the team they lead to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from acd.flow_versions.store import newest_from_file, publications_of, version_of
from acd.flow_versions.version import Publication
from config.database import Database, DatabaseError
from config.settings import Settings
from hotline.check_database import database_file
from hotline.team import Team
from ivr_flows.flow import used_flows


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The version that new calls meet; `read_last` is the one of the file, 0 for none."""

    name: str
    number: int
    text: str
    by_hand: bool
    published_by: str
    read_last: int

    @property
    def difference(self) -> str:
        """What to know of it when the file holds another text."""
        if not self.by_hand:
            return "in force, and the file holds another text: the next start publishes the file, if it has no fault"
        words = f"in force, published by {self.published_by or 'a token'}, and the file holds another text, which no call meets"
        return f"{words}; to see what is other: hotline flow diff {self.name} {self.read_last} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The published versions by the name of their flow, with the queues and skills there."""

    in_force: Mapping[str, InForce] = field(default_factory=dict)
    queues: Sequence[str] = ()
    skills: Collection[str] = ()


async def kept_flows(settings: Settings) -> Kept:
    """Nothing where there is no database yet, or none that can be read."""
    if not database_file(settings).exists():
        return Kept()
    try:
        async with Database(settings.database_url, read_only=True) as database:
            return await _kept(database, used_flows(settings))
    except DatabaseError:
        return Kept()  # the check of the database tells it


async def _kept(database: Database, names: Sequence[str]) -> Kept:
    team = await Team.of(database)
    found = [await _in_force(database, name) for name in names]
    return Kept(
        in_force={each.name: each for each in found if each},
        queues=[queue.name for queue in team.queues],
        skills=sorted({name for agent in team.agents for name in agent.skills}),
    )


async def _in_force(database: Database, name: str) -> InForce | None:
    published = await publications_of(database, name, limit=1)
    return await _version(database, published[0]) if published else None


async def _version(database: Database, published: Publication) -> InForce:
    version = await version_of(database, published.name, published.number)
    assert version is not None, "what is published is kept"
    of_file = await newest_from_file(database, published.name)
    return InForce(
        name=published.name,
        number=published.number,
        text=version.text,
        by_hand=not published.from_file,
        published_by=published.published_by,
        read_last=of_file.number if of_file else 0,
    )

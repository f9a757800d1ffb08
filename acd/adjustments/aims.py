"""What is aimed at in each queue, as its rules are now."""

from acd.adjustments.foreseen import Aim
from acd.people.store import queue_rows
from config.database import Database


async def with_own_targets(database: Database, aim: Aim) -> Aim:
    """The aim with the targets that the queues of the database have of their own."""
    return aim.with_queues(await queue_rows(database))

"""The queues as they are now, and their rules."""

from typing import Annotated

from fastapi import APIRouter, Path

from acd.distributor import QueueView
from acd.rule_changes.changes import Written
from config.queue_settings import NewQueue, QueueSection, WrittenRules
from console.routes.edits import By, Given, Removed, edit
from console.routes.parts import View

router = APIRouter(prefix="/queues", tags=["queues"])
QueueName = Annotated[str, Path(max_length=40)]


@router.get("", operation_id="list_queues")
async def list_queues(view: View) -> list[QueueView]:
    """All queues, in the order of the settings: who waits, how long, and which agents."""
    return view.distributor.queues()


@router.post("", operation_id="add_queue", status_code=201)
async def add_queue(view: View, queue: NewQueue, author: By) -> Written[WrittenRules]:
    """Add a queue at once, or take one back that was removed."""
    section = QueueSection(**queue.model_dump())
    return await view.rule_changes.add_queue(section, author)


@router.delete("/{name}", operation_id="remove_queue")
async def remove_queue(view: View, name: QueueName, author: By) -> Removed:
    """Remove a queue at once, unless somebody or something needs it.

    Who waits there goes to the first queue with the time that he has waited.
    """
    await view.rule_changes.remove_queue(name, author)
    return Removed(name=name)


@router.get("/{name}/rules", operation_id="get_queue_rules")
async def get_rules(view: View, name: QueueName) -> Written[WrittenRules]:
    """The rules of a queue, and what is doubtful about them."""
    return await view.rule_changes.rules(name)


@router.put("/{name}/rules", operation_id="replace_queue_rules")
async def replace_rules(
    view: View, name: QueueName, rules: WrittenRules, author: By
) -> Written[WrittenRules]:
    """Set all rules; what is not given has its default. Who waits already feels it."""
    return await view.rule_changes.change_rules(name, lambda _: rules, author)


@router.patch("/{name}/rules", operation_id="change_queue_rules")
async def change_rules(
    view: View, name: QueueName, given: Given, author: By
) -> Written[WrittenRules]:
    """Set what is given, and leave the rest. Who waits already feels it."""
    return await view.rule_changes.change_rules(name, edit(given), author)

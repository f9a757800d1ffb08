"""Campaigns and contacts as tables on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from hotline.call_tables import SHORT_ID, local
from outbound.archive import ContactRecord
from outbound.campaign import Campaign
from outbound.contact import ContactState
from outbound.deliveries.delivery import Delivery
from outbound.results import Rate, Result

RATES = {
    "attempted": "回访率 attempted",
    "reached": "联系率 reached",
    "completed": "完成率 completed",
    "satisfied": "满意率 satisfied",
    "solved": "解决率 solved",
}


def campaigns_table(campaigns: Sequence[Campaign], zone: ZoneInfo) -> Table:
    """A row for each campaign, its contacts by state."""
    table = _table("campaign", "state", "mode", "made")
    for state in ContactState:
        table.add_column(state.replace("_", " "), justify="right", no_wrap=True)
    for each in campaigns:
        counts = (str(each.contacts[state]) for state in ContactState)
        mode = each.mode.mode
        table.add_row(
            each.name, each.state, mode, local(each.created_at, zone), *counts
        )
    return table


def contacts_table(
    records: Sequence[ContactRecord], zone: ZoneInfo, *, full: bool = False
) -> Table:
    """A row for each contact, with his last try; `full` says why we know who answered."""
    table = _table("order", "unit", "number", "state", "why", "tries", "next")
    for name in ("重办 redo", "call"):
        table.add_column(name, no_wrap=True)
    table.add_column("answered by", no_wrap=not full)
    for record in records:
        contact = record.contact
        table.add_row(
            contact.order_id,
            contact.unit or "–",
            contact.number,
            contact.state,
            contact.reason or "–",
            str(contact.tries),
            local(contact.due_at, zone) if contact.due_at else "–",
            "yes" if record.redo else "–",
            record.attempts[-1].call_id[-SHORT_ID:] if record.attempts else "–",
            _answered_by(record, full=full),
        )
    return table


def _answered_by(record: ContactRecord, *, full: bool) -> str:
    verdict = record.attempts[-1].verdict if record.attempts else None
    if verdict is None:
        return "–"
    who = verdict.answered_by.replace("_", " ")
    return f"{who} at {verdict.at_seconds} s: {verdict.reason}" if full else who


def results_table(results: Sequence[Result]) -> Table:
    """A row for each group: a share, and what it is a share of."""
    table = _table(
        "group", "n", *RATES.values(), "重办 redo", "复核 reviewed", "撤回 withdrawn"
    )
    for result in results:
        rates = [getattr(result, name) for name in RATES]
        group = result.group or "–"
        counts = (result.redo, result.reviewed, result.withdrawn)
        table.add_row(
            group, str(result.attempted.n), *map(_share, rates), *map(str, counts)
        )
    return table


def reviews_table(items: Sequence[Mapping[str, Any]]) -> Table:
    """A row for each doubtful answer, as the service tells them."""
    table = _table("clip", "order", "campaign", "answer", "given by", "confidence")
    table.add_column("why", no_wrap=True)
    for item in items:
        answer = item["answer"]
        table.add_row(
            item["clip"],
            item["order_id"],
            item["campaign"],
            answer["answer"],
            answer["given_by"],
            f"{answer['confidence']:.2f}",
            ", ".join(item["doubts"]).replace("_", " "),
        )
    return table


def deliveries_table(deliveries: Sequence[Delivery], zone: ZoneInfo) -> Table:
    """A row for each delivery, with how its last try failed."""
    table = _table("delivery", "campaign", "state", "since", "tries", "next", "why not")
    for each in deliveries:
        table.add_row(
            each.id,
            each.campaign,
            each.state,
            local(each.since, zone),
            str(each.tries),
            local(each.due_at, zone) if each.due_at else "–",
            each.why_not or "–",
        )
    return table


def _share(rate: Rate) -> str:
    if rate.share is None:
        return f"– (0/{rate.denominator})"
    return f"{rate.share:.2%} ({rate.numerator}/{rate.denominator})"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table

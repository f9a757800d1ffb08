"""Answers that go on: live events for who may read them, and no longer than he may."""

from collections.abc import AsyncGenerator
from functools import partial

from console.accounts.account import Identity
from console.sse import EventStreamResponse
from console.view import ConsoleView


def stream(
    view: ConsoleView, identity: Identity, texts: AsyncGenerator[bytes, None]
) -> EventStreamResponse:
    """The texts, until the reader goes or is logged out, disabled, or his token revoked."""
    return EventStreamResponse(
        texts,
        until=partial(view.doorkeeper.until_out, identity),
        on_stall=view.live.note_drop,
    )
